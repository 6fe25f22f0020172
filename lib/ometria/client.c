#include "ometria/client.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/version.h"
#include "ometria/limiter.h"
#include "ometria/wipe.h"

#define CONNECT_SECONDS 10L
#define REQUEST_SECONDS 60L
#define KEY_HEADER "X-Ometria-Auth: "

/* A call under way; its handle is used again by the next one. */
struct line {
	CURL *easy;
	struct call *call; /* NULL = free */
	struct str left; /* of its body, not yet handed to libcurl */
	bool overflow;
	bool leaves; /* in this round of libcurl's work */
};

struct client {
	CURLM *multi;
	struct curl_slist *headers;
	struct buf base; /* without slashes at its end */
	bool plain;
	struct line lines[CLIENT_CALLS];
};

static size_t
on_body(char *bytes, size_t size, size_t count, void *user)
{
	struct line *line = user;
	struct buf *body = &line->call->response.body;
	size_t len = size * count;

	if (len > OMETRIA_RESPONSE - body->len) {
		line->overflow = true;
		return 0;
	}
	buf_add(body, bytes, len);
	return len;
}

/*
 * The body by a callback that cannot rewind: libcurl would repeat a request by
 * itself when a kept connection turns out to be closed, and an event could
 * arrive twice, past the rate and the journal. So it fails instead.
 */
static size_t
on_read(char *to, size_t size, size_t count, void *user)
{
	struct line *line = user;
	size_t len = size * count;

	if (len > line->left.len)
		len = line->left.len;
	if (len > 0)
		memcpy(to, line->left.data, len);
	line->left.data += len;
	line->left.len -= len;
	return len;
}

static size_t
on_header(char *bytes, size_t size, size_t count, void *user)
{
	struct line *line = user;

	response_header(&line->call->response,
	    (struct str){ bytes, size * count }, instant_now());
	return size * count;
}

/* The connection stands, however long that took: next the request leaves. */
static int
on_leave(void *user, char *to, char *from, int to_port, int from_port)
{
	struct line *line = user;

	(void)to;
	(void)from;
	(void)to_port;
	(void)from_port;
	line->leaves = true;
	return CURL_PREREQFUNC_OK;
}

/* One part of an address; empty when it has none. Free with curl_free. */
static char *
url_part(CURLU *parts, CURLUPart part)
{
	char *text = NULL;

	if (curl_url_get(parts, part, &text, 0) != CURLUE_OK)
		return NULL;
	return text;
}

static const char *
parts_fault(const char *scheme, const char *host, bool has_more)
{
	if (scheme == NULL || host == NULL)
		return "is not an https address";
	if (has_more)
		return "must not hold a user, a query or a fragment";
	if (strcmp(scheme, "https") == 0)
		return NULL;
	if (strcmp(scheme, "http") != 0)
		return "is not an https address";
	if (strcmp(host, "127.0.0.1") != 0 && strcmp(host, "[::1]") != 0)
		return "is plain http: only 127.0.0.1 and [::1] may be";
	return NULL;
}

static const char *
url_fault(const char *url)
{
	CURLU *parts = curl_url();
	const char *fault = "is not an https address";
	char *scheme = NULL, *host = NULL;

	if (parts == NULL)
		status_out_of_memory();
	if (curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK) {
		char *user = url_part(parts, CURLUPART_USER);
		char *query = url_part(parts, CURLUPART_QUERY);
		char *fragment = url_part(parts, CURLUPART_FRAGMENT);

		scheme = url_part(parts, CURLUPART_SCHEME);
		host = url_part(parts, CURLUPART_HOST);
		fault = parts_fault(scheme, host,
		    user != NULL || query != NULL || fragment != NULL);
		curl_free(user);
		curl_free(query);
		curl_free(fragment);
	}
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(parts);
	return fault;
}

enum status
client_check_url(const char *url, struct diag *diag)
{
	const char *fault = url_fault(url);
	struct buf safe = BUF_INIT;

	if (fault == NULL)
		return STATUS_OK;
	/* A user part may hold a password: the address is not repeated then. */
	if (strchr(url, '@') != NULL)
		diag_set(diag, STATUS_CONFIG, "Ometria's address %s", fault);
	else
		diag_set(diag, STATUS_CONFIG, "Ometria's address '%s' %s",
		    text_escape(&safe, str_of(url), 120), fault);
	buf_free(&safe);
	return STATUS_CONFIG;
}

static void
add_header(struct client *client, const char *line)
{
	struct curl_slist *list = curl_slist_append(client->headers, line);

	if (list == NULL)
		status_out_of_memory();
	client->headers = list;
}

static void
set_headers(struct client *client, const struct key *key)
{
	char line[sizeof(key->text) + 24];

	snprintf(line, sizeof(line), KEY_HEADER "%s", key->text);
	add_header(client, line);
	explicit_bzero(line, sizeof(line));
	add_header(client, "Content-Type: application/json");
	add_header(client, "Accept: application/json");
	add_header(client, "Expect:");
}

static bool
set_options(const struct client *client, const char *ca_file, struct line *line)
{
	CURL *easy = line->easy;
	bool good = easy != NULL;

#define SET(option, value)                                                     \
	good = curl_easy_setopt(easy, option, value) == CURLE_OK && good
	if (!good)
		return false;
	SET(CURLOPT_PROTOCOLS_STR, client->plain ? "http" : "https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (ca_file != NULL) {
		SET(CURLOPT_CAINFO, ca_file);
		SET(CURLOPT_CAPATH, NULL);
	}
	SET(CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	SET(CURLOPT_TIMEOUT, REQUEST_SECONDS);
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_ACCEPT_ENCODING, "");
	SET(CURLOPT_USERAGENT, "sap-ometria/" SAP_OMETRIA_VERSION);
	SET(CURLOPT_HTTPHEADER, client->headers);
	/* A proxy sees what is meant for it, never the key. */
	SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	if (client->plain)
		SET(CURLOPT_PROXY, "");
	SET(CURLOPT_READFUNCTION, on_read);
	SET(CURLOPT_READDATA, line);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, line);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, line);
	SET(CURLOPT_PREREQFUNCTION, on_leave);
	SET(CURLOPT_PREREQDATA, line);
	SET(CURLOPT_PRIVATE, line);
#undef SET
	return good;
}

/* One kind of connection alone, so that each request has one to itself. */
static bool
open_lines(struct client *client, const char *ca_file)
{
	bool good = client->multi != NULL &&
		    curl_multi_setopt(client->multi, CURLMOPT_PIPELINING,
			(long)CURLPIPE_NOTHING) == CURLM_OK &&
		    curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS,
			(long)CLIENT_CALLS) == CURLM_OK;

	for (size_t i = 0; i < CLIENT_CALLS && good; i++) {
		client->lines[i].easy = curl_easy_init();
		good = set_options(client, ca_file, &client->lines[i]);
	}
	return good;
}

enum status
client_open(struct client **opened, const char *url, const char *ca_file,
    const struct key *key, struct diag *diag)
{
	struct client *client;
	struct str base = str_of(url);
	enum status status = client_check_url(url, diag);

	if (status != STATUS_OK)
		return status;
	if (ca_file != NULL && access(ca_file, R_OK) != 0)
		return diag_errno(diag, STATUS_NO_INPUT, errno,
		    "cannot read the CA file '%s'", ca_file);
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, wipe_malloc, wipe_free,
		wipe_realloc, wipe_strdup, wipe_calloc) != CURLE_OK)
		return diag_set(diag, STATUS_OS, "cannot start libcurl");
	client = mem_zero(1, sizeof(*client));
	while (str_ends(base, "/"))
		base.len--;
	buf_add_str(&client->base, base);
	client->plain = text_lower(url[4]) != 's';
	client->multi = curl_multi_init();
	set_headers(client, key);
	if (!open_lines(client, ca_file)) {
		client_close(client);
		return diag_set(diag, STATUS_OS, "cannot set up libcurl");
	}
	*opened = client;
	return STATUS_OK;
}

void
client_ca_file(const struct config *config, const char *option,
    struct buf *ca_file)
{
	const char *name = config_text(config, "ometria", NULL, "ca-file");

	if (option != NULL)
		buf_add_text(ca_file, option);
	else if (name != NULL)
		config_beside(config, str_of(name), ca_file);
}

void
client_close(struct client *client)
{
	if (client == NULL)
		return;
	for (size_t i = 0; i < CLIENT_CALLS; i++) {
		if (client->lines[i].call != NULL)
			curl_multi_remove_handle(client->multi,
			    client->lines[i].easy);
		curl_easy_cleanup(client->lines[i].easy);
	}
	curl_multi_cleanup(client->multi);
	curl_slist_free_all(client->headers);
	buf_free(&client->base);
	free(client);
	curl_global_cleanup();
}

/* What no retry mends is told from what may pass. */
static void
note_fault(struct line *line, CURLcode code)
{
	struct diag *outcome = &line->call->outcome;

	if (line->overflow)
		diag_set(outcome, STATUS_PROTOCOL,
		    "Ometria's answer is over %zu bytes", OMETRIA_RESPONSE);
	else if (code == CURLE_OUT_OF_MEMORY)
		status_out_of_memory();
	else if (code == CURLE_PEER_FAILED_VERIFICATION ||
		 code == CURLE_SSL_CACERT_BADFILE ||
		 code == CURLE_UNSUPPORTED_PROTOCOL)
		diag_set(outcome, STATUS_PROTOCOL, "cannot talk to Ometria: %s",
		    curl_easy_strerror(code));
	else
		diag_set(outcome, STATUS_UNAVAILABLE, "%s",
		    curl_easy_strerror(code));
}

/* Whatever an answer repeats of the request, nobody is to see the key. */
static void
hide_key(const struct client *client, struct buf *body)
{
	key_hide(str_of(client->headers->data + strlen(KEY_HEADER)), body);
}

static void
end_call(const struct client *client, struct line *line, CURLcode code)
{
	struct call *call = line->call;

	hide_key(client, &call->response.body);
	call->outcome.status = STATUS_OK;
	if (code == CURLE_OK)
		curl_easy_getinfo(line->easy, CURLINFO_RESPONSE_CODE,
		    &call->response.status);
	else
		note_fault(line, code);
	call->done = true;
	line->call = NULL;
}

static CURLcode
set_request(const struct client *client, CURL *easy, const struct call *call)
{
	struct buf url = BUF_INIT;
	bool post = strcmp(call->method, "POST") == 0;
	CURLcode code;

	buf_add_str(&url, buf_str(&client->base));
	buf_add_text(&url, call->path);
	code = curl_easy_setopt(easy, CURLOPT_URL, url.data);
	if (code == CURLE_OK && !post)
		code = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
	if (code == CURLE_OK && post)
		code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
	if (code == CURLE_OK && post)
		code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)call->body.len);
	buf_free(&url);
	return code;
}

/* When it left is known from behind: it left no later. */
static void
note_left(struct client *client)
{
	int64_t now = limiter_clock();

	for (size_t i = 0; i < CLIENT_CALLS; i++) {
		struct line *line = &client->lines[i];

		if (line->leaves && line->call != NULL)
			line->call->left = now;
		line->leaves = false;
	}
}

/* Go on with all that is under way, and end what is done. */
static void
perform(struct client *client)
{
	CURLMsg *message;
	int running, left;

	curl_multi_perform(client->multi, &running);
	note_left(client);
	while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		char *private = NULL;
		struct line *line;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		line = (struct line *)(void *)private;
		curl_multi_remove_handle(client->multi, easy);
		end_call(client, line, code);
	}
}

static void
client_start(void *user, struct call *call)
{
	struct client *client = user;
	struct line *line = client->lines;
	CURLcode code;

	while (line->call != NULL)
		line++;
	response_clear(&call->response);
	call->done = false;
	call->left = 0;
	line->call = call;
	line->left = call->body;
	line->overflow = false;
	code = set_request(client, line->easy, call);
	if (code == CURLE_OK &&
	    curl_multi_add_handle(client->multi, line->easy) != CURLM_OK)
		code = CURLE_FAILED_INIT;
	if (code != CURLE_OK)
		end_call(client, line, code);
	else
		perform(client);
}

static void
client_wait(void *user, int fd, int64_t milliseconds)
{
	struct client *client = user;
	struct curl_waitfd extra = { fd, CURL_WAIT_POLLIN, 0 };

	curl_multi_poll(client->multi, &extra, fd >= 0 ? 1 : 0,
	    milliseconds > INT_MAX ? INT_MAX : (int)milliseconds, NULL);
	perform(client);
}

struct transport
client_transport(struct client *client)
{
	return (struct transport){ client_start, client_wait, client };
}
