#include "base/config_hint.h"

#include "base/near.h"

void
config_hint_section(struct str name, bool labelled, struct buf *text)
{
	struct near near;

	near_begin(&near, name);
	for (const struct config_key *row = config_keys; row->section != NULL;
	     row++) {
		if (str_is(name, row->section)) {
			buf_add_text(text, labelled
					       ? "takes no label"
					       : "takes a label in quotes");
			return;
		}
		near_offer(&near, row->section);
	}
	buf_add_text(text, "is unknown");
	near_say(&near, "", text);
	buf_add_text(text, "; see sap-ometria.conf(5)");
}

void
config_hint_key(struct str section, bool labelled, const char *key,
    struct buf *text)
{
	const char *elsewhere = NULL;
	struct near near;

	near_begin(&near, str_of(key));
	for (const struct config_key *row = config_keys; row->section != NULL;
	     row++) {
		if (row->labelled == labelled && str_is(section, row->section))
			near_offer(&near, row->key);
		else if (strcmp(row->key, key) == 0 && elsewhere == NULL)
			elsewhere = row->section;
	}
	buf_add_text(text, "is unknown in its section");
	if (near.word == NULL && elsewhere != NULL)
		buf_add_format(text, "; it belongs into [%s]", elsewhere);
	near_say(&near, "", text);
	buf_add_text(text, "; see sap-ometria.conf(5)");
}

void
config_hint_choice(const char *choices, const char *value, struct buf *text)
{
	struct buf words = BUF_INIT;
	struct near near;
	const char *between = "";

	near_begin(&near, str_of(value));
	buf_add_text(&words, choices);
	buf_add_text(text, "is none of ");
	for (char *word = words.data; word != NULL;) {
		char *end = strchr(word, '|');

		if (end != NULL)
			*end = '\0';
		buf_add_format(text, "%s%s", between, word);
		near_offer(&near, word);
		between = ", ";
		word = end == NULL ? NULL : end + 1;
	}
	near_say(&near, "", text);
	buf_free(&words);
}
