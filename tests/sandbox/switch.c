#include "switch.h"

#include <stdatomic.h>

#define NUMBER_MAX 100000000

static const struct {
	const char *name;
	const char *words; /* NULL = a number */
	const char *help;
} table[] = {
#define X(name, text, words, help) { text, words, help },
	SWITCHES(X)
#undef X
};

/* Set by the thread of one request, read by those of others. */
static atomic_uint values[SWITCH_COUNT];

unsigned
switch_get(enum switch_name name)
{
	return atomic_load(&values[name]);
}

/* The n-th word, from 0; false when there are fewer. */
static bool
get_word(const char *words, unsigned n, struct str *word)
{
	struct str rest = str_of(words);

	for (;; n--) {
		const char *end = memchr(rest.data, '|', rest.len);

		*word = rest;
		if (end != NULL)
			word->len = (size_t)(end - rest.data);
		if (n == 0)
			return true;
		if (end == NULL)
			return false;
		rest.len -= word->len + 1;
		rest.data = end + 1;
	}
}

static bool
read_value(const char *words, struct str text, unsigned *value)
{
	struct str word;
	uint64_t number;

	if (words == NULL) {
		if (!str_to_u64(text, NUMBER_MAX, &number))
			return false;
		*value = (unsigned)number;
		return true;
	}
	for (*value = 0; get_word(words, *value, &word); ++*value)
		if (str_eq(word, text))
			return true;
	return false;
}

enum status
switch_set(struct str setting, struct diag *diag)
{
	const char *equals =
	    setting.len > 0 ? memchr(setting.data, '=', setting.len) : NULL;
	struct str name = setting, text;
	unsigned value;

	if (equals == NULL)
		return diag_set(diag, STATUS_USAGE,
		    "a switch is set as NAME=VALUE");
	name.len = (size_t)(equals - setting.data);
	text = (struct str){ equals + 1, setting.len - name.len - 1 };
	for (size_t i = 0; i < SWITCH_COUNT; i++) {
		if (!str_is(name, table[i].name))
			continue;
		if (!read_value(table[i].words, text, &value))
			return diag_set(diag, STATUS_USAGE,
			    "switch '%s' takes %s", table[i].name,
			    table[i].words != NULL ? table[i].words
						   : "a number");
		atomic_store(&values[i], value);
		return STATUS_OK;
	}
	return diag_set(diag, STATUS_USAGE,
	    "there is no such switch; see --list-switches");
}

void
switch_list(struct buf *text)
{
	for (size_t i = 0; i < SWITCH_COUNT; i++) {
		unsigned value = switch_get((enum switch_name)i);
		struct str word;

		buf_add_format(text, "%s\t", table[i].name);
		if (table[i].words == NULL)
			buf_add_format(text, "%u\ta number", value);
		else if (get_word(table[i].words, value, &word))
			buf_add_format(text, "%.*s\t%s", STR_ARGS(word),
			    table[i].words);
		buf_add_format(text, "\t%s\n", table[i].help);
	}
}
