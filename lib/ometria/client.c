#include "ometria/client.h"

#include <curl/curl.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/version.h"

#define CONNECT_SECONDS 10L
#define REQUEST_SECONDS 60L

struct client {
	CURL *easy;
	struct curl_slist *headers;
	struct buf base; /* without slashes at its end */
	struct response *response; /* of the request under way */
	struct str left; /* of its body, not yet handed to libcurl */
	bool overflow;
};

static size_t
on_body(char *bytes, size_t size, size_t count, void *user)
{
	struct client *client = user;
	struct buf *body = &client->response->body;
	size_t len = size * count;

	if (len > OMETRIA_RESPONSE - body->len) {
		client->overflow = true;
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
	struct client *client = user;
	size_t len = size * count;

	if (len > client->left.len)
		len = client->left.len;
	if (len > 0)
		memcpy(to, client->left.data, len);
	client->left.data += len;
	client->left.len -= len;
	return len;
}

static size_t
on_header(char *bytes, size_t size, size_t count, void *user)
{
	struct client *client = user;

	response_header(client->response, (struct str){ bytes, size * count },
	    instant_now());
	return size * count;
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

	snprintf(line, sizeof(line), "X-Ometria-Auth: %s", key->text);
	add_header(client, line);
	explicit_bzero(line, sizeof(line));
	add_header(client, "Content-Type: application/json");
	add_header(client, "Accept: application/json");
	add_header(client, "Expect:");
}

static bool
set_options(struct client *client, bool plain)
{
	CURL *easy = client->easy;
	bool good = true;

#define SET(option, value)                                                     \
	good = curl_easy_setopt(easy, option, value) == CURLE_OK && good
	SET(CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	SET(CURLOPT_TIMEOUT, REQUEST_SECONDS);
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_ACCEPT_ENCODING, "");
	SET(CURLOPT_USERAGENT, "sap-ometria/" SAP_OMETRIA_VERSION);
	SET(CURLOPT_HTTPHEADER, client->headers);
	/* A proxy sees what is meant for it, never the key. */
	SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	if (plain)
		SET(CURLOPT_PROXY, "");
	SET(CURLOPT_READFUNCTION, on_read);
	SET(CURLOPT_READDATA, client);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, client);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, client);
#undef SET
	return good;
}

enum status
client_open(struct client **opened, const char *url, const struct key *key,
    struct diag *diag)
{
	struct client *client;
	struct str base = str_of(url);
	enum status status = client_check_url(url, diag);

	if (status != STATUS_OK)
		return status;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return diag_set(diag, STATUS_OS, "cannot start libcurl");
	client = mem_zero(1, sizeof(*client));
	while (str_ends(base, "/"))
		base.len--;
	buf_add_str(&client->base, base);
	client->easy = curl_easy_init();
	set_headers(client, key);
	if (client->easy == NULL ||
	    !set_options(client, text_lower(url[4]) != 's')) {
		client_close(client);
		return diag_set(diag, STATUS_OS, "cannot set up libcurl");
	}
	*opened = client;
	return STATUS_OK;
}

void
client_close(struct client *client)
{
	if (client == NULL)
		return;
	curl_easy_cleanup(client->easy);
	if (client->headers != NULL)
		explicit_bzero(client->headers->data,
		    strlen(client->headers->data));
	curl_slist_free_all(client->headers);
	buf_free(&client->base);
	free(client);
	curl_global_cleanup();
}

/* What no retry mends is told from what may pass. */
static enum status
transport_fault(const struct client *client, CURLcode code, struct diag *diag)
{
	if (client->overflow)
		return diag_set(diag, STATUS_PROTOCOL,
		    "Ometria's answer is over %zu bytes", OMETRIA_RESPONSE);
	if (code == CURLE_OUT_OF_MEMORY)
		status_out_of_memory();
	if (code == CURLE_PEER_FAILED_VERIFICATION ||
	    code == CURLE_SSL_CACERT_BADFILE ||
	    code == CURLE_UNSUPPORTED_PROTOCOL)
		return diag_set(diag, STATUS_PROTOCOL,
		    "cannot talk to Ometria: %s", curl_easy_strerror(code));
	return diag_set(diag, STATUS_UNAVAILABLE, "%s",
	    curl_easy_strerror(code));
}

static enum status
client_request(void *user, const char *method, const char *path,
    struct str body, struct response *response, struct diag *diag)
{
	struct client *client = user;
	CURL *easy = client->easy;
	struct buf url = BUF_INIT;
	bool post = strcmp(method, "POST") == 0;
	CURLcode code;

	buf_add_str(&url, buf_str(&client->base));
	buf_add_text(&url, path);
	response_clear(response);
	client->response = response;
	client->overflow = false;
	client->left = body;
	code = curl_easy_setopt(easy, CURLOPT_URL, url.data);
	if (code == CURLE_OK && !post)
		code = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
	if (code == CURLE_OK && post)
		code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
	if (code == CURLE_OK && post)
		code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)body.len);
	if (code == CURLE_OK)
		code = curl_easy_perform(easy);
	buf_free(&url);
	if (code != CURLE_OK)
		return transport_fault(client, code, diag);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &response->status);
	return STATUS_OK;
}

struct transport
client_transport(struct client *client)
{
	return (struct transport){ client_request, client };
}
