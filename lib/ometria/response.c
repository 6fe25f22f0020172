#include "ometria/response.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>

#include "base/text.h"

#define RETRY_AFTER_MAX ((int64_t)86400)

void
response_clear(struct response *response)
{
	response->status = 0;
	response->retry_after = -1;
	response->queue_remaining = -1;
	response->date = INSTANT_NONE;
	response->retry[0] = '\0';
	buf_clear(&response->body);
}

void
response_free(struct response *response)
{
	buf_free(&response->body);
}

int64_t
response_retry_after(struct str value, instant now)
{
	uint64_t seconds;
	char text[64];
	time_t date;

	value = str_trim(value);
	if (str_to_u64(value, (uint64_t)RETRY_AFTER_MAX, &seconds))
		return (int64_t)seconds * 1000;
	if (value.len == 0 || str_all_digits(value) ||
	    !str_copy(text, sizeof(text), value))
		return -1;
	date = curl_getdate(text, NULL);
	if (date == (time_t)-1 || date < now || date - now > RETRY_AFTER_MAX)
		return -1;
	return (int64_t)(date - now) * 1000;
}

static bool
header_is(struct str line, const char *name, struct str *value)
{
	size_t len = strlen(name);

	if (line.len <= len || line.data[len] != ':' ||
	    !text_equal_fold((struct str){ line.data, len }, str_of(name)))
		return false;
	*value = (struct str){ line.data + len + 1, line.len - len - 1 };
	while (value->len > 0 && (value->data[value->len - 1] == '\r' ||
				     value->data[value->len - 1] == '\n'))
		value->len--;
	*value = str_trim(*value);
	return true;
}

static void
take_queue(struct response *response, struct str value)
{
	uint64_t number;

	if (str_to_u64(value, INT32_MAX, &number))
		response->queue_remaining = (int64_t)number;
	else if (str_starts(value, "-"))
		response->queue_remaining = 0; /* more wait than may */
}

static void
take_date(struct response *response, struct str value)
{
	char text[64];
	time_t date = (time_t)-1;

	if (str_copy(text, sizeof(text), value))
		date = curl_getdate(text, NULL);
	if (date != (time_t)-1)
		response->date = date;
}

void
response_header(struct response *response, struct str line, instant now)
{
	struct str value;

	if (header_is(line, "X-QueueSize-Remaining", &value))
		take_queue(response, value);
	if (header_is(line, "Date", &value))
		take_date(response, value);
	else if (!header_is(line, "Retry-After", &value) ||
		 !str_copy(response->retry, sizeof(response->retry), value))
		return;
	if (response->date != INSTANT_NONE)
		now = response->date;
	response->retry_after =
	    response_retry_after(str_of(response->retry), now);
}

const char *
response_words(struct str text, char *to, size_t size)
{
	struct buf plain = BUF_INIT;
	struct buf safe = BUF_INIT;
	struct str words;

	for (size_t at = 0; at < text.len;) {
		size_t end = at;

		while (end < text.len && text.data[end] != ' ')
			end++;
		if (memchr(text.data + at, '@', end - at) != NULL)
			buf_add_text(&plain, "...");
		else
			buf_add(&plain, text.data + at, end - at);
		if (end < text.len)
			buf_add_char(&plain, ' ');
		at = end + 1;
	}
	text_escape(&safe, buf_str(&plain), 120);
	words = buf_str(&safe);
	while (words.len >= size || !text_is_utf8(words))
		words.len--;
	str_copy(to, size, words);
	buf_free(&plain);
	buf_free(&safe);
	return to;
}

/* A count of the answer; false when it is there and is not a count. */
static bool
get_count(const cJSON *root, const char *key, size_t *count, bool *present)
{
	const cJSON *node = cJSON_GetObjectItemCaseSensitive(root, key);

	*count = 0;
	*present = node != NULL;
	if (node == NULL)
		return true;
	if (!cJSON_IsNumber(node) || node->valuedouble < 0 ||
	    node->valuedouble > 1e6)
		return false;
	*count = (size_t)node->valuedouble;
	return true;
}

/* Ometria's own words in an error body, else the HTTP status. */
static void
say_why(const struct response *response, const cJSON *root,
    struct push_answer *answer)
{
	static const char *const keys[] = { "message", "error_message", "error",
		"detail" };
	char words[160];

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *text = cJSON_GetStringValue(
		    cJSON_GetObjectItemCaseSensitive(root, keys[i]));

		if (text == NULL)
			continue;
		response_words(str_of(text), words, sizeof(words));
		snprintf(answer->why, sizeof(answer->why), "%s (HTTP %ld)",
		    words, response->status);
		return;
	}
	snprintf(answer->why, sizeof(answer->why), "HTTP status %ld",
	    response->status);
}

static void
take_request_id(const cJSON *root, struct push_answer *answer)
{
	const char *id = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(root, "request_id"));
	struct buf safe = BUF_INIT;

	if (id != NULL && strlen(id) < sizeof(answer->request_id))
		str_copy(answer->request_id, sizeof(answer->request_id),
		    str_of(text_escape(&safe, str_of(id),
			sizeof(answer->request_id))));
	buf_free(&safe);
}

/* A 2xx answer: does it account for every record? */
static void
judge_counts(const struct response *response, const cJSON *root, size_t sent,
    struct push_answer *answer)
{
	const char *status = cJSON_GetStringValue(
	    cJSON_GetObjectItemCaseSensitive(root, "status"));
	size_t accepted = 0, rejected = 0, skipped = 0;
	bool has_accepted = false, present;
	bool counted = cJSON_IsObject(root) &&
		       get_count(root, "accepted", &accepted, &has_accepted) &&
		       get_count(root, "rejected", &rejected, &present) &&
		       get_count(root, "skipped", &skipped, &present) &&
		       has_accepted;

	take_request_id(root, answer);
	if (!counted && response->status != 202) {
		answer->verdict = PUSH_PROTOCOL;
		snprintf(answer->why, sizeof(answer->why),
		    "HTTP status %ld without Ometria's answer",
		    response->status);
	} else if (!counted) {
		answer->verdict = PUSH_UNCLEAR;
		snprintf(answer->why, sizeof(answer->why),
		    "the answer holds no counts");
	} else if (sent == 1 && accepted == 0 && rejected == 1) {
		answer->verdict = PUSH_REFUSED;
		snprintf(answer->why, sizeof(answer->why),
		    "counted as rejected");
	} else if (accepted != sent || rejected > 0 || skipped > 0 ||
		   (status != NULL && strcmp(status, "OK") != 0)) {
		answer->verdict = PUSH_UNCLEAR;
		snprintf(answer->why, sizeof(answer->why),
		    "%zu sent, but %zu accepted, %zu rejected, %zu skipped",
		    sent, accepted, rejected, skipped);
	} else {
		answer->verdict = PUSH_ACCEPTED;
	}
}

/*
 * 404, 405 and redirects say that the address is wrong, not the records: were
 * they taken for refusals, a typing error would refuse the whole outbox.
 */
static enum push_verdict
judge_status(long status)
{
	if (status == 401 || status == 403)
		return PUSH_KEY;
	if (status == 408 || status == 425 || status == 429 || status >= 500)
		return PUSH_AGAIN;
	if (status >= 400 && status != 404 && status != 405 && status != 407)
		return PUSH_REFUSED;
	return PUSH_PROTOCOL;
}

void
response_judge(const struct response *response, size_t sent,
    struct push_answer *answer)
{
	cJSON *root = cJSON_ParseWithLength(
	    response->body.data != NULL ? response->body.data : "",
	    response->body.len);

	*answer = (struct push_answer){ .verdict = PUSH_PROTOCOL };
	if (response->status >= 200 && response->status <= 202)
		judge_counts(response, root, sent, answer);
	else {
		answer->verdict = judge_status(response->status);
		say_why(response, root, answer);
	}
	cJSON_Delete(root);
}
