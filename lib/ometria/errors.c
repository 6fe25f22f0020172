#include "ometria/errors.h"

#include <cjson/cJSON.h>

#include "ometria/response.h"

static struct str
text_of(const cJSON *object, const char *key, struct arena *arena)
{
	const char *text =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	return text != NULL ? arena_str(arena, str_of(text)) : STR_NONE;
}

/* error_message and error_path: on top, in message, or in its first row. */
static struct str
why_of(const cJSON *item, struct arena *arena)
{
	const cJSON *message =
	    cJSON_GetObjectItemCaseSensitive(item, "message");
	const cJSON *from = item;
	struct str what, path;
	char words[160];

	if (cJSON_IsArray(message))
		message = cJSON_GetArrayItem(message, 0);
	if (cJSON_IsObject(message))
		from = message;
	what = text_of(from, "error_message", arena);
	path = text_of(from, "error_path", arena);
	if (what.len == 0 && cJSON_IsString(message))
		what = arena_str(arena, str_of(message->valuestring));
	if (what.len == 0)
		what = STR("refused without a reason");
	if (path.len > 0)
		what = arena_format(arena, "%.*s (%.*s)", STR_ARGS(what),
		    STR_ARGS(path));
	response_words(what, words, sizeof(words));
	return arena_str(arena, str_of(words));
}

static void
read_error(struct push_error *error, const cJSON *item, struct arena *arena)
{
	*error = (struct push_error){ .at = INSTANT_NONE };
	(void)instant_parse(text_of(item, "timestamp", arena), &error->at);
	error->request_id = text_of(item, "request_id", arena);
	error->record_id = text_of(item, "record_id", arena);
	error->has_kind =
	    desired_kind_of(text_of(item, "record_type", arena), &error->kind);
	error->why = why_of(item, arena);
}

enum status
errors_parse(struct str body, struct arena *arena, struct push_error **errors,
    size_t *count, struct diag *diag)
{
	cJSON *root =
	    cJSON_ParseWithLength(body.data != NULL ? body.data : "", body.len);
	const cJSON *item;

	*errors = NULL;
	*count = 0;
	if (!cJSON_IsArray(root)) {
		cJSON_Delete(root);
		return diag_set(diag, STATUS_PROTOCOL,
		    "the list at /push/_errors is not a JSON array");
	}
	*errors = arena_array(arena, (size_t)cJSON_GetArraySize(root) + 1,
	    sizeof(**errors));
	cJSON_ArrayForEach (item, root)
		read_error(&(*errors)[(*count)++], item, arena);
	cJSON_Delete(root);
	return STATUS_OK;
}
