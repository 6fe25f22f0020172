/* Ometria's side page by page, from a set that changes and a server that does
 * what it likes. */

#include "audit/side_pages.h"
#include "tap.h"

#define ROWS 1000

/* A server with orders W0000..., of which some leave while they are read. */
struct server {
	size_t rows;
	size_t limit; /* the most that it gives at once */
	size_t leaving; /* rows that leave from the front after each page */
	size_t gone;
	bool same_page; /* whatever the offset */
	bool empty_object; /* no list at all */
	long code;
	size_t pages;
	char path[300]; /* of the first request */
};

static bool
never(void)
{
	return false;
}

static size_t
number_behind(const char *path, const char *name)
{
	const char *at = strstr(path, name);
	uint64_t number = 0;
	size_t len;

	if (at == NULL)
		return 0;
	at += strlen(name);
	len = strspn(at, "0123456789");
	str_to_u64((struct str){ at, len }, UINT32_MAX, &number);
	return (size_t)number;
}

static void
add_rows(struct server *server, struct buf *to, size_t offset, size_t limit)
{
	size_t end;

	if (limit > server->limit)
		limit = server->limit;
	offset += server->gone;
	end = offset + limit < server->rows ? offset + limit : server->rows;
	buf_add_char(to, '[');
	for (size_t i = offset; i < end; i++)
		buf_add_format(to,
		    "%s{\"@type\":\"order\",\"id\":\"W%04zu\",\"timestamp\":"
		    "\"2026-03-%02zuT08:00:00Z\"}",
		    i > offset ? "," : "", i, 1 + i % 20);
	buf_add_char(to, ']');
}

static void
serve(void *user, struct call *call)
{
	struct server *server = user;
	size_t offset = number_behind(call->path, "offset=");

	if (server->pages++ == 0)
		str_copy(server->path, sizeof(server->path),
		    str_of(call->path));
	response_clear(&call->response);
	call->response.status = server->code;
	if (server->empty_object)
		buf_add_text(&call->response.body, "{}");
	else
		add_rows(server, &call->response.body,
		    server->same_page ? 0 : offset,
		    number_behind(call->path, "limit="));
	server->gone += server->leaving;
	call->done = true;
	call->outcome.status = STATUS_OK;
}

/* How many different orders came, and the status of the reading. */
static size_t
read_all(struct server *server, const struct side_plan *plan,
    enum status *status, uint64_t *strangers)
{
	struct limiter limiter = { .fd = -1 };
	struct drain drain = {
		.transport = { serve, NULL, server },
		.limiter = &limiter,
		.stop = never,
		.retry = 1,
	};
	struct side_pages pages = {
		.plan = plan,
		.drain = &drain,
		.half = &limiter,
	};
	struct side_ometria *side = side_ometria_new(plan);
	struct side_ometria_row row;
	struct buf last = BUF_INIT;
	struct diag diag;
	size_t count = 0;
	bool found = true;

	*status = side_pages_read(&pages, side, &diag);
	*strangers = pages.strangers;
	side_ometria_end(side, &diag);
	while (side_ometria_next(side, &row, &found, &diag) == STATUS_OK &&
	       found) {
		count += !str_eq(row.id, buf_str(&last));
		buf_clear(&last);
		buf_add_str(&last, row.id);
	}
	buf_free(&last);
	side_ometria_free(side);
	response_free(&drain.response);
	return count;
}

static void
test_paging(void)
{
	static const struct {
		const char *what;
		struct server server;
		enum status status;
		size_t least; /* orders that must have come */
	} cases[] = {
		{ "all pages", { .rows = ROWS, .limit = 250, .code = 200 },
		    STATUS_OK, ROWS },
		{ "an empty list", { .limit = 250, .code = 200 }, STATUS_OK,
		    0 },
		{ "one row", { .rows = 1, .limit = 250, .code = 200 },
		    STATUS_OK, 1 },
		{ "as many as a page",
		    { .rows = 250, .limit = 250, .code = 200 }, STATUS_OK,
		    250 },
		{ "shorter pages than asked for",
		    { .rows = ROWS, .limit = 100, .code = 200 }, STATUS_OK,
		    ROWS },
		{ "rows that leave meanwhile",
		    { .rows = ROWS, .limit = 250, .leaving = 3, .code = 200 },
		    STATUS_OK, ROWS },
		{ "many rows that leave meanwhile",
		    { .rows = ROWS, .limit = 250, .leaving = 100, .code = 200 },
		    STATUS_OK, ROWS - 200 },
		{ "the same page whatever the offset",
		    { .rows = ROWS,
			.limit = 250,
			.same_page = true,
			.code = 200 },
		    STATUS_PROTOCOL, 0 },
		{ "no list", { .empty_object = true, .code = 200 },
		    STATUS_PROTOCOL, 0 },
		{ "an error", { .rows = ROWS, .limit = 250, .code = 400 },
		    STATUS_PROTOCOL, 0 },
	};
	const struct side_plan plan = {
		.kinds = 1U << DESIRED_ORDER,
		.since = INSTANT_NONE,
		.before = INSTANT_NONE,
		.touched = INSTANT_NONE,
		.as_of = 1772539200,
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct server server = cases[i].server;
		enum status status;
		uint64_t strangers;
		size_t count = read_all(&server, &plan, &status, &strangers);

		IS_INT(status, cases[i].status, cases[i].what);
		OK(count >= cases[i].least, "no row is passed over");
		OK(server.pages < 60, "and it comes to an end");
	}
}

/* A window of three days of twenty, from a server that knows no filters. */
static void
test_ignored_filters(void)
{
	struct server server = { .rows = ROWS, .limit = 250, .code = 200 };
	struct side_plan plan = { .kinds = 1U << DESIRED_ORDER,
		.touched = INSTANT_NONE };
	enum status status;
	uint64_t strangers;
	size_t count;

	instant_parse(STR("2026-03-05T00:00:00Z"), &plan.since);
	instant_parse(STR("2026-03-08T00:00:00Z"), &plan.before);
	instant_parse(STR("2026-03-30T00:00:00Z"), &plan.as_of);
	count = read_all(&server, &plan, &status, &strangers);
	IS_INT(status, STATUS_OK, "filters that are ignored");
	IS_INT(count, 3 * ROWS / 20, "leave what was asked for");
	IS_INT(strangers, 17 * ROWS / 20, "and are noticed");
	IS_STR(server.path,
	    "/orders?limit=250&offset=0&updateBefore=2026-03-30T00:00:00Z"
	    "&timestampSince=2026-03-04T23:55:00Z"
	    "&timestampBefore=2026-03-08T00:05:00Z",
	    "the window is asked for with room at both ends");
}

int
main(void)
{
	test_paging();
	test_ignored_filters();
	DONE();
}
