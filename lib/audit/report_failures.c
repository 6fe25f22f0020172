#include "audit/report_parts.h"

#include "base/html.h"
#include "base/instant.h"

enum evidence_kind {
	FIGURE, /* so it is */
	AGE, /* seconds */
	PREVENTED, /* it came to that, and did no harm */
	OPEN /* it does harm now, or will */
};

struct evidence {
	enum evidence_kind kind;
	const char *text; /* what is counted */
	const char *sql; /* of the state; ?1 is now */
	const char *check; /* of the profile */
	enum diff_class class; /* of diff, with neither of these */
	enum desired_kind of; /* or all: DESIRED_KIND_COUNT */
};

#define NO_DIFF DIFF_CLASS_COUNT, DESIRED_KIND_COUNT
#define STATE(kind, text, sql)                                                 \
	{                                                                      \
		kind, text, sql, NULL, NO_DIFF                                 \
	}
#define PROFILE(kind, text, check)                                             \
	{                                                                      \
		kind, text, NULL, check, NO_DIFF                               \
	}
#define DIFF(kind, text, class, of)                                            \
	{                                                                      \
		kind, text, NULL, NULL, class, of                              \
	}
#define END                                                                    \
	{                                                                      \
		FIGURE, NULL, NULL, NULL, NO_DIFF                              \
	}
/* Open exceptions. */
#define CODE(text, which)                                                      \
	STATE(OPEN, text,                                                      \
	    "SELECT count(*) FROM exception WHERE open = 1 AND " which)
#define EVIDENCE 10

/* What the line exists to prevent. */
static const struct failure {
	const char *title, *about;
	struct evidence evidence[EVIDENCE];
} failures[] = {
	{ "Stock is hours old",
	    "Customers get a back-in-stock mail for what is gone, or none for "
	    "what is there.",
	    { STATE(AGE, "95 of 100 stock and product changes took at most",
		  "SELECT max(w) FROM (SELECT max(accepted - made, 0) AS w,"
		  " row_number() OVER (ORDER BY max(accepted - made, 0)) AS r,"
		  " count(*) OVER () AS n FROM report_way WHERE kind = 0"
		  " AND accepted IS NOT NULL) WHERE r <= (n * 95 + 99) / 100"),
		STATE(OPEN, "stock and product changes that took over an hour",
		    "SELECT count(*) FROM report_way WHERE kind = 0"
		    " AND accepted - made > 3600"),
		STATE(FIGURE, "product changes accepted by Ometria",
		    "SELECT count(*) FROM delivery AS d JOIN delivery_record"
		    " AS m ON m.delivery = d.id WHERE d.kind = 0"
		    " AND d.result = 1"),
		STATE(FIGURE, "times a SKU came back in stock, in 90 days",
		    "SELECT count(*) FROM availability_flip"
		    " WHERE in_stock = 1"),
		CODE("open exceptions about stock", "code LIKE 'stock-%'"),
		PROFILE(OPEN, "movements of unknown effect in the extract",
		    "stock-unknown-movement"),
		PROFILE(OPEN, "materials that move without a snapshot",
		    "stock-no-baseline"),
		DIFF(OPEN, "products with another state in Ometria", DIFF_FIELD,
		    DESIRED_PRODUCT),
		DIFF(OPEN, "products older in Ometria", DIFF_STALE,
		    DESIRED_PRODUCT),
		END } },
	{ "SAP confirms an order late",
	    "A buyer gets an abandoned-cart mail, because Ometria learns of "
	    "the order from SAP alone.",
	    { STATE(FIGURE, "orders handed over by the shop at checkout",
		  "SELECT count(*) FROM orders WHERE provisional_at IS NOT NULL"
		  " AND moved_to IS NULL"),
		STATE(PREVENTED,
		    "of these, confirmed by SAP over five minutes later",
		    "SELECT count(*) FROM orders WHERE moved_to IS NULL"
		    " AND confirmed_at - provisional_at > 300"),
		CODE("shop orders not confirmed in time",
		    "code = 'order-unconfirmed'"),
		PROFILE(OPEN,
		    "shop orders without a confirmation in the extract",
		    "order-unconfirmed"),
		END } },
	{ "A product number does not match",
	    "000012345 in SAP and 12345 in the shop: triggers and "
	    "recommendations silently fail.",
	    { STATE(PREVENTED,
		  "materials that came with leading zeros and left without",
		  "SELECT count(DISTINCT m) FROM (SELECT"
		  " json_extract(f.value, '$.MATERIAL') AS m FROM order_line AS l,"
		  " json_each(l.facts) AS f) WHERE m GLOB '0?*'"
		  " AND m NOT GLOB '*[^0-9]*'"),
		CODE("open exceptions about product numbers",
		    "code LIKE 'sku-%'"),
		PROFILE(PREVENTED,
		    "materials with leading zeros in the extract",
		    "sku-padded"),
		PROFILE(OPEN, "materials that become one SKU", "sku-collision"),
		PROFILE(OPEN, "materials that look like another one",
		    "sku-twins"),
		DIFF(OPEN, "products in Ometria under padded numbers",
		    DIFF_PADDED, DESIRED_KIND_COUNT),
		END } },
	{ "An order overtakes its customer's update",
	    "The old address comes back with the order, and the segment "
	    "reverts.",
	    { STATE(PREVENTED, "older facts that came behind newer ones",
		  "SELECT count(*) FROM idoc_record WHERE outcome = 1"),
		STATE(OPEN, "customers held, because their master data failed",
		    "SELECT count(DISTINCT customer) FROM hold"),
		PROFILE(PREVENTED,
		    "IDocs that arrived behind a newer one of the same object",
		    "idoc-overtaken"),
		DIFF(OPEN, "contacts older in Ometria", DIFF_STALE,
		    DESIRED_CONTACT),
		DIFF(OPEN, "orders on the wrong customer", DIFF_CUSTOMER,
		    DESIRED_KIND_COUNT),
		END } },
	{ "Each partial shipment sends a mail",
	    "The customer is told again and again that the order is shipped.",
	    { STATE(FIGURE, "deliveries with goods issue",
		  "SELECT count(*) FROM shipment WHERE posted_at IS NOT NULL"
		  " AND reversed = 0"),
		STATE(FIGURE, "shipped events, one for each complete order",
		    "SELECT count(*) FROM outbox WHERE kind = 3"),
		STATE(PREVENTED, "deliveries of only a part of their order",
		    "SELECT coalesce(sum(n - 1), 0) FROM (SELECT"
		    " count(DISTINCT s.delivery) AS n FROM shipment AS s"
		    " JOIN shipment_line AS l ON l.delivery = s.delivery"
		    " WHERE s.posted_at IS NOT NULL AND s.reversed = 0"
		    " AND l.document IS NOT NULL GROUP BY l.document)"),
		CODE("open exceptions about deliveries",
		    "code LIKE 'shipment-%'"),
		CODE("events too late for their automation",
		    "code = 'event-late'"),
		END } },
	{ "A deletion flag never reaches Ometria",
	    "Somebody who asked to be forgotten is mailed: a compliance risk.",
	    { STATE(FIGURE, "customers with a deletion flag",
		  "SELECT count(*) FROM customer WHERE flagged IS NOT NULL"),
		STATE(PREVENTED, "opt-outs that Ometria has taken",
		    "SELECT count(*) FROM outbox AS o JOIN customer AS c"
		    " ON c.customer = o.id WHERE o.kind = 1 AND o.state = 0"
		    " AND o.accepted_at IS NOT NULL AND c.flagged IS NOT NULL"),
		STATE(OPEN, "opt-outs that wait",
		    "SELECT count(*) FROM outbox AS o JOIN customer AS c"
		    " ON c.customer = o.id WHERE o.kind = 1 AND o.state > 0"
		    " AND c.flagged IS NOT NULL"),
		CODE("open exceptions about deletions",
		    "code IN ('deletion-overdue', 'deletion-request',"
		    " 'customer-flag-cleared', 'customer-suppressed')"),
		PROFILE(FIGURE, "customers with a flag in the extract",
		    "customer-deleted"),
		DIFF(OPEN, "flags not applied in Ometria", DIFF_DELETION,
		    DESIRED_KIND_COUNT),
		DIFF(OPEN, "orders that have not moved", DIFF_STATUS,
		    DESIRED_KIND_COUNT),
		END } },
	{ "A rejected record is noticed by the wrong mailing",
	    "What cannot be read or is refused is only seen when a segment was "
	    "mailed that should not have been.",
	    { STATE(PREVENTED, "records excepted, each with an owner",
		  "SELECT count(*) FROM idoc_record WHERE outcome = 3"),
		STATE(FIGURE, "exceptions closed again",
		    "SELECT count(*) FROM exception WHERE open = 0"),
		CODE("critical and high exceptions open", "severity >= 2"),
		STATE(OPEN, "records refused by Ometria",
		    "SELECT count(*) FROM outbox WHERE state = 3"),
		PROFILE(OPEN, "IDocs of the extract that cannot be read",
		    "idoc-unreadable"),
		PROFILE(OPEN, "customers of the extract that cannot be read",
		    "customer-malformed"),
		DIFF(OPEN, "records accepted and missing", DIFF_MISSING,
		    DESIRED_KIND_COUNT),
		END } },
};

#define FAILURES (sizeof(failures) / sizeof(failures[0]))

/* *known: there is something to tell it from. */
static enum status
ask(struct report *report, const struct evidence *evidence, int64_t *value,
    bool *known)
{
	sqlite3_stmt *row;
	enum status status = STATUS_OK;

	*value = 0;
	*known = evidence->sql != NULL     ? report->state != NULL
		 : evidence->check != NULL ? report->files->profile != NULL
					   : report->files->diff;
	if (!*known)
		return STATUS_OK;
	if (evidence->check != NULL)
		*value = (int64_t)report_profile_count(report->files,
		    evidence->check);
	else if (evidence->class != DIFF_CLASS_COUNT)
		*value = (int64_t)report_diff_count(report->files,
		    evidence->class, evidence->of);
	if (evidence->sql == NULL)
		return STATUS_OK;
	row = state_sql(report->state, evidence->sql, report->diag);
	sql_int(row, 1, instant_now());
	if (sql_row(report->state, row, &status, report->diag)) {
		*known = !sql_is_null(row, 0);
		*value = sql_get_int(row, 0);
	}
	sqlite3_reset(row);
	return status;
}

static void
add_evidence(struct buf *to, const struct evidence *evidence, int64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	if (evidence->kind == AGE)
		duration_format(value, text, sizeof(text));
	buf_add_format(to, "<li class=%s>",
	    value == 0 || evidence->kind == FIGURE || evidence->kind == AGE
		? "figure"
	    : evidence->kind == OPEN ? "open"
				     : "prevented");
	html_element(to, "span", str_of(evidence->text));
	buf_add_char(to, ' ');
	html_element(to, "b", str_of(text));
	buf_add_text(to, "</li>\n");
}

static void
add_standing(struct report *report, size_t open, size_t prevented, size_t asked)
{
	const char *class = open > 0        ? "open"
			    : prevented > 0 ? "prevented"
			    : asked > 0     ? "quiet"
					    : "unknown";
	const char *text = open > 0        ? "to be dealt with"
			   : prevented > 0 ? "happened, and was caught"
			   : asked > 0     ? "not seen"
					   : "nothing is known about it";

	buf_add_format(report->to, "<p class=\"standing %s\">%s</p>\n", class,
	    text);
}

static enum status
write_failure(struct report *report, size_t number)
{
	const struct failure *failure = &failures[number];
	struct buf list = BUF_INIT;
	size_t open = 0, prevented = 0, asked = 0;
	enum status status = STATUS_OK;

	for (const struct evidence *evidence = failure->evidence;
	     evidence->text != NULL && status == STATUS_OK; evidence++) {
		int64_t value;
		bool known;

		status = ask(report, evidence, &value, &known);
		if (status != STATUS_OK || !known)
			continue;
		asked++;
		open += evidence->kind == OPEN && value > 0;
		prevented += evidence->kind == PREVENTED && value > 0;
		add_evidence(&list, evidence, value);
	}
	buf_add_format(report->to, "<article id=failure-%zu><h3>%zu. ",
	    number + 1, number + 1);
	html_text(report->to, str_of(failure->title));
	buf_add_text(report->to, "</h3>\n");
	add_standing(report, open, prevented, asked);
	html_element(report->to, "p", str_of(failure->about));
	buf_add_text(report->to, "<ul class=evidence>\n");
	buf_add_str(report->to, buf_str(&list));
	buf_add_text(report->to, "</ul></article>\n");
	buf_free(&list);
	return status;
}

enum status
report_failures(struct report *report)
{
	enum status status = STATUS_OK;

	report_section(report, "failures", "Seven failures",
	    "What a sync between SAP and Ometria does to marketing when it goes "
	    "wrong, and what these data say about each.");
	buf_add_text(report->to, "<div class=cards>\n");
	for (size_t i = 0; i < FAILURES && status == STATUS_OK; i++)
		status = write_failure(report, i);
	buf_add_text(report->to, "</div>\n");
	return status;
}
