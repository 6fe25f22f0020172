#include "audit/catalogue.h"

#include "base/jsonw.h"
#include "record/exception.h"

static const char *
closed_by(const struct exception_code *row)
{
	static const char *const names[] = {
		[CLOSED_BY_ITSELF] = "itself",
		[CLOSED_BY_EITHER] = "either",
		[CLOSED_BY_PERSON] = "person",
	};

	return names[row->closed_by];
}

static void
write_cells(struct buf *to, const struct exception_code *row)
{
	buf_add_format(to, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row->code,
	    severity_name(row->severity), row->owner, closed_by(row),
	    row->runbook, row->meaning, row->action, row->detail);
}

static void
write_object(struct buf *to, const struct exception_code *row)
{
	struct jsonw w = jsonw_start(to);

	jsonw_open(&w, '{');
	jsonw_member(&w, "code", str_of(row->code));
	jsonw_member(&w, "severity", str_of(severity_name(row->severity)));
	jsonw_member(&w, "owner", str_of(row->owner));
	jsonw_member(&w, "closed_by", str_of(closed_by(row)));
	jsonw_member(&w, "runbook", str_of(row->runbook));
	jsonw_member(&w, "meaning", str_of(row->meaning));
	jsonw_member(&w, "action", str_of(row->action));
	jsonw_member(&w, "detail", str_of(row->detail));
	jsonw_close(&w, '}');
	buf_add_char(to, '\n');
}

void
catalogue_write(struct buf *to, bool json)
{
	if (!json)
		buf_add_text(to, "code\tseverity\towner\tclosed by\trunbook\t"
				 "meaning\tnext action\tdetail\n");
	for (const struct exception_code *row = exception_codes;
	     row->code != NULL; row++)
		(json ? write_object : write_cells)(to, row);
}
