#include "rehearsal.h"

#include <errno.h>
#include <unistd.h>

#include "base/json.h"
#include "base/jsonw.h"
#include "state/backup.h"

/* What a state leaves beside its file. */
static const char *const endings[] = { "", "-wal", "-shm", "-lock" };

/* The files go at once; what is open lives on until the tool ends. */
static void
forget_files(const char *folder)
{
	struct buf name = BUF_INIT;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		buf_clear(&name);
		buf_add_format(&name, "%s/sync.db%s", folder, endings[i]);
		unlink(name.data);
	}
	rmdir(folder);
	buf_free(&name);
}

static enum status
open_copy(struct state **state, struct state *real, const struct config *config,
    struct diag *diag)
{
	const char *place = getenv("TMPDIR");
	struct buf folder = BUF_INIT, name = BUF_INIT;
	enum status status;

	buf_add_format(&folder, "%s/ometria-push.XXXXXX",
	    place != NULL && place[0] != '\0' ? place : "/tmp");
	if (mkdtemp(folder.data) == NULL) {
		status = diag_errno(diag, STATUS_CANNOT_CREATE, errno,
		    "cannot create a folder for the copy of the state");
		buf_free(&folder);
		return status;
	}
	buf_add_format(&name, "%s/sync.db", folder.data);
	status = state_copy(real, name.data, diag);
	if (status == STATUS_OK)
		status = state_open_copy(state, name.data, state_path(real),
		    config, diag);
	forget_files(folder.data);
	buf_free(&folder);
	buf_free(&name);
	return status;
}

enum status
rehearsal_open(struct state **state, const char *path,
    const struct config *config, struct diag *diag)
{
	struct state *real = NULL;
	enum status status = state_open(&real, path, STATE_COPY, config, diag);

	if (status == STATUS_NO_INPUT)
		return state_open(state, NULL, STATE_WRITE, config, diag);
	if (status == STATUS_OK)
		status = open_copy(state, real, config, diag);
	state_close(real);
	return status;
}

static void
print_request(void *user, struct call *call)
{
	struct json_doc doc = JSON_DOC_INIT;
	const struct json *records = json_parse(&doc, call->body);
	struct buf line = BUF_INIT;
	struct jsonw w = jsonw_start(&line);

	jsonw_open(&w, '{');
	jsonw_member(&w, "method", str_of(call->method));
	jsonw_member(&w, "path", str_of(call->path));
	jsonw_member_raw(&w, "body", call->body);
	jsonw_close(&w, '}');
	call->outcome.status = out_line(user, buf_str(&line), &call->outcome);
	response_clear(&call->response);
	call->response.status = 202;
	buf_add_format(&call->response.body,
	    "{\"status\":\"OK\",\"accepted\":%u,\"rejected\":0}",
	    records != NULL ? records->count : 0);
	call->done = true;
	buf_free(&line);
	json_doc_free(&doc);
}

struct transport
rehearsal_transport(struct out *out)
{
	return (struct transport){ print_request, NULL, out };
}
