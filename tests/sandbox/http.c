#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "control.h"
#include "http.h"
#include "job.h"
#include "journal.h"
#include "post.h"
#include "read.h"
#include "spoil.h"
#include "switch.h"

#define BODY_MAX ((size_t)8 << 20)
#define PREFIX "/v2/"

/* One request, from its first line to the end of its answer. */
struct request {
	char *uri; /* as it came, with the query */
	char *path; /* its decoded parts lie in here */
	struct query query;
	bool started;
	bool oversize;
	struct buf body;
	struct batch batch;
	struct answer answer;
	char id[UUID_TEXT]; /* request_id of a push, or "" */
	int64_t seq; /* in the journal */
	bool push;
	bool no_answer; /* close the connection instead */
	struct fault_hits faults;
};

static const char *
argument(void *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND,
	    name);
}

/* Split before decoding, so that "%2F" in an id is not a separator. */
static void
split_path(struct request *request)
{
	size_t len = strcspn(request->uri, "?");
	char *at;

	request->path = mem_str((struct str){ request->uri, len });
	request->query.argument = argument;
	if (!str_starts(str_of(request->path), PREFIX))
		return;
	at = request->path + sizeof(PREFIX) - 1;
	while (request->query.count < PATH_PARTS_MAX) {
		size_t part = strcspn(at, "/");
		bool last = at[part] == '\0';

		at[part] = '\0';
		if (part > 0 || !last)
			request->query.parts[request->query.count++] =
			    (struct str){ at, MHD_http_unescape(at) };
		if (last)
			break;
		at += part + 1;
	}
}

static void *
begin_request(void *closure, const char *uri, struct MHD_Connection *connection)
{
	struct request *request = mem_zero(1, sizeof(*request));

	(void)closure;
	request->uri = mem_strdup(uri);
	request->query.connection = connection;
	split_path(request);
	return request;
}

static void
end_request(void *closure, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode how)
{
	struct request *request = *context;

	(void)closure;
	(void)connection;
	(void)how;
	if (request == NULL)
		return;
	*context = NULL;
	batch_free(&request->batch);
	buf_free(&request->answer.body);
	buf_free(&request->body);
	free(request->path);
	free(request->uri);
	free(request);
}

static const char *
sent_key(struct MHD_Connection *connection)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
	    "X-Ometria-Auth");
}

static bool
authorised(const struct sandbox *sandbox, struct MHD_Connection *connection)
{
	const char *key = sent_key(connection);

	return key != NULL && strcmp(key, sandbox->key) == 0;
}

static void
accept_batch(struct sandbox *sandbox, struct request *request, int64_t now)
{
	size_t accepted;

	uuid_make(request->id, "request", request->seq);
	request->batch.lost = request->faults.on[FAULT_LOST];
	queue_take(&sandbox->queue, &request->batch, request->seq, now);
	request->answer.status = 202;
	accepted = request->batch.count - request->batch.large;
	if (request->faults.on[FAULT_UNCOUNTED] ||
	    switch_get(SWITCH_COUNTS) == 1)
		accepted--;
	buf_add_format(&request->answer.body,
	    "{\"status\":\"OK\",\"request_id\":\"%s\",\"accepted\":%zu,"
	    "\"rejected\":%zu%s}",
	    request->id, accepted, request->batch.large,
	    switch_get(SWITCH_SKIPPED) == 1 ? ",\"skipped\":0" : "");
}

static const unsigned bad_statuses[] = { 400, 413, 422 };

static void
answer_push(struct sandbox *sandbox, struct request *request, int64_t now)
{
	struct answer *answer = &request->answer;

	if (!rate_grant(&sandbox->rates[RATE_PUSH], now))
		answer_error(answer, 429, "too many requests");
	else if (request->batch.records == NULL)
		answer_error(answer,
		    bad_statuses[switch_get(SWITCH_BAD_REQUEST)],
		    request->batch.why);
	else if (!queue_has_room(&sandbox->queue, request->batch.count))
		answer_error(answer, 429, "the push queue is full");
	else
		accept_batch(sandbox, request, now);
}

static void
make_answer(struct sandbox *sandbox, struct request *request,
    const char *method, int64_t now)
{
	const struct post_route *route = post_find(method, &request->query);
	struct answer *answer = &request->answer;
	struct post post = { .store = sandbox->store,
		.queue = &sandbox->queue,
		.request = request->seq,
		.query = &request->query,
		.body = buf_str(&request->body),
		.arena = &sandbox->arena };

	if (control_answer(sandbox->store, method, request->uri,
		buf_str(&request->body), answer))
		return;
	if (!authorised(sandbox, request->query.connection))
		answer_error(answer, switch_get(SWITCH_NO_KEY) == 1 ? 401 : 403,
		    "API key is not authorised to access this resource");
	else if (request->faults.on[FAULT_RESET])
		request->no_answer = true;
	else if (request->faults.on[FAULT_STATUS])
		answer_error(answer, request->faults.status, "injected fault");
	else if (!read_knows(&request->query))
		answer_error(answer, 404, "there is nothing at this path");
	else if (request->oversize)
		answer_error(answer, 413, "the request is too large");
	else if (request->push)
		answer_push(sandbox, request, now);
	else if (route == NULL && strcmp(method, "GET") != 0)
		answer_error(answer, switch_get(SWITCH_METHOD) == 1 ? 404 : 405,
		    "method not allowed");
	else if (!rate_grant(&sandbox->rates[post_rate(route)], now))
		answer_error(answer, 429, "too many requests");
	else if (route != NULL)
		post_answer(route, &post, &sandbox->doc, answer);
	else
		read_answer(sandbox->store, &request->query, answer);
}

/* What goes wrong although all was done. */
static void
go_wrong(struct request *request)
{
	struct answer *answer = &request->answer;
	const struct fault_hits *faults = &request->faults;

	if (faults->on[FAULT_RESET_AFTER] || faults->on[FAULT_GARBAGE])
		request->no_answer = true;
	if (!faults->on[FAULT_STATUS_AFTER])
		return;
	if (faults->status >= 400)
		answer_error(answer, faults->status, "injected fault");
	answer->status = faults->status;
}

/* A slow answer delays its own connection alone. */
static void
wait_slowly(struct sandbox *sandbox, uint64_t delay)
{
	int64_t end = instant_ticks() + (int64_t)delay;

	while (instant_ticks() < end && !atomic_load(&sandbox->stopping)) {
		struct timespec pause = { 0, 5000000 };

		nanosleep(&pause, NULL);
	}
}

static void
read_batch(struct sandbox *sandbox, struct request *request)
{
	batch_free(&request->batch);
	if (request->push)
		batch_read(&request->batch, buf_str(&request->body),
		    &sandbox->doc, &sandbox->arena);
}

/* Before the request is answered, with the lock held, but while it is slow. */
static void
meet_faults(struct sandbox *sandbox, struct request *request,
    const char *method)
{
	size_t skip = sizeof(PREFIX) - 2;
	struct fault_request what = { .method = str_of(method),
		.path = { request->uri + skip,
		    strcspn(request->uri, "?") - skip },
		.type = buf_str(&request->batch.type),
		.ids = buf_str(&request->batch.ids) };

	if (!str_starts(str_of(request->uri), PREFIX) ||
	    !authorised(sandbox, request->query.connection))
		return;
	fault_count(&what, &request->faults);
	if (!request->faults.on[FAULT_SLOW])
		return;
	pthread_mutex_unlock(&sandbox->lock);
	wait_slowly(sandbox, request->faults.delay);
	pthread_mutex_lock(&sandbox->lock);
	read_batch(sandbox, request); /* the arena was others' meanwhile */
}

/* What is due is done, before a request and after it. */
static void
tick(struct sandbox *sandbox, int64_t now)
{
	if (queue_is_due(&sandbox->queue, now))
		queue_process(&sandbox->queue, now);
	job_tick(sandbox->store);
}

static void
end_journal(struct sandbox *sandbox, const struct request *request)
{
	const struct answer *answer = &request->answer;
	struct journal_end end = {
		.seq = request->seq,
		.status = request->no_answer ? 0 : answer->status,
		.request_id = request->id,
		.batch = &request->batch,
		.records = request->push ? request->batch.count : answer->rows,
		.body = buf_str(&request->body),
	};

	journal_end(sandbox->store, &end);
}

static void
work(struct sandbox *sandbox, struct request *request, const char *method)
{
	int64_t now;

	request->push = strcmp(method, "POST") == 0 &&
			request->query.count == 1 &&
			str_is(request->query.parts[0], "push");
	pthread_mutex_lock(&sandbox->lock);
	read_batch(sandbox, request);
	meet_faults(sandbox, request, method);
	store_run(store_get(sandbox->store, STORE_BEGIN));
	now = instant_ticks();
	tick(sandbox, now);
	request->seq = journal_begin(sandbox->store, method, request->uri,
	    sent_key(request->query.connection));
	make_answer(sandbox, request, method, now);
	go_wrong(request);
	end_journal(sandbox, request);
	tick(sandbox, now);
	store_run(store_get(sandbox->store, STORE_COMMIT));
	arena_reset(&sandbox->arena);
	pthread_mutex_unlock(&sandbox->lock);
}

static void
add_number(struct MHD_Response *response, const char *header, int64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	MHD_add_response_header(response, header, text);
}

static void
add_queue_headers(const struct queue *queue, struct MHD_Response *response)
{
	int64_t left = queue->limit - queue->waiting;
	unsigned which = switch_get(SWITCH_QUEUE_HEADERS);

	if (which == 1)
		return;
	add_number(response, "X-QueueSize-Remaining", left > 0 ? left : 0);
	add_number(response, "X-QueueSize-Limit",
	    which == 2 ? queue->waiting : queue->limit);
}

static void
add_retry_after(struct MHD_Response *response, unsigned status)
{
	static const char *const values[] = { NULL, "1", NULL,
		"99999999999999999999", "3600" };
	unsigned which = switch_get(SWITCH_RETRY_AFTER);
	const char *value = values[which];
	time_t when = (time_t)instant_now() + 1;
	struct tm parts;
	char date[40];

	if (which == 0 || (status != 429 && status != 503))
		return;
	if (value == NULL) {
		gmtime_r(&when, &parts);
		strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT",
		    &parts);
		value = date;
	}
	MHD_add_response_header(response, "Retry-After", value);
}

/* The body of an error as other servers write it. */
static const char *
dress(struct answer *answer)
{
	unsigned which = switch_get(SWITCH_ERROR_BODY);

	if (answer->status < 400 || which == 0)
		return answer->type != NULL ? answer->type : "application/json";
	buf_clear(&answer->body);
	if (which == 2)
		buf_add_format(&answer->body,
		    "<html><head><title>%u</title></head><body><h1>Error %u"
		    "</h1></body></html>\n",
		    answer->status, answer->status);
	return which == 2 ? "text/html" : "text/plain";
}

/* Past the server, which knows HTTP alone. */
static void
send_garbage(struct MHD_Connection *connection)
{
	static const char bytes[] = "\x15\x03\x03\0\2\2\x28 no HTTP\r\n\r\n";
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	(void)send(info->connect_fd, bytes, sizeof(bytes), MSG_NOSIGNAL);
}

static enum MHD_Result
send_answer(struct sandbox *sandbox, struct MHD_Connection *connection,
    struct request *request)
{
	struct answer *answer = &request->answer;
	const char *type = dress(answer);
	struct MHD_Response *response;
	enum MHD_Result result;

	if (request->faults.on[FAULT_GARBAGE])
		send_garbage(connection);
	if (request->no_answer)
		return MHD_NO;
	response = spoil_response(&request->faults, &answer->body);
	if (response == NULL)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	add_retry_after(response, answer->status);
	if (answer->status >= 300 && answer->status < 400)
		MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION,
		    PREFIX "moved");
	if (request->push) {
		pthread_mutex_lock(&sandbox->lock);
		add_queue_headers(&sandbox->queue, response);
		pthread_mutex_unlock(&sandbox->lock);
	}
	result = MHD_queue_response(connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
handle(void *closure, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *size,
    void **context)
{
	struct sandbox *sandbox = closure;
	struct request *request = *context;

	(void)url;
	(void)version;
	if (!request->started) {
		request->started = true;
		return MHD_YES;
	}
	if (*size > 0) {
		if (request->body.len + *size > BODY_MAX)
			request->oversize = true;
		else
			buf_add(&request->body, data, *size);
		*size = 0;
		return MHD_YES;
	}
	work(sandbox, request, method);
	return send_answer(sandbox, connection, request);
}

struct MHD_Daemon *
http_start(struct sandbox *sandbox, uint16_t *port, struct diag *diag)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *daemon;

	daemon =
	    MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD |
				 MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL,
		*port, NULL, NULL, handle, sandbox, MHD_OPTION_SOCK_ADDR,
		&address, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,
		MHD_OPTION_URI_LOG_CALLBACK, begin_request, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, end_request, NULL, MHD_OPTION_END);
	if (daemon == NULL) {
		diag_errno(diag, STATUS_UNAVAILABLE, errno,
		    "cannot listen on port %u", (unsigned)*port);
		return NULL;
	}
	info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
	if (info != NULL)
		*port = info->port;
	return daemon;
}

void
http_stop(struct sandbox *sandbox, struct MHD_Daemon *daemon)
{
	atomic_store(&sandbox->stopping, true);
	MHD_stop_daemon(daemon);
}
