#include "audit.h"

#include "base/config.h"
#include "base/jsonw.h"

/* Options of ometria-push that win over a key, by their environment. */
static const struct override {
	const char *section, *key, *variable;
} overrides[] = {
	{ "ometria", "url", "SAP_OMETRIA_URL" },
	{ "ometria", "rate", "SAP_OMETRIA_RATE" },
};

/* The effective value of a key, and who said so. */
struct effective {
	const char *value; /* NULL = none */
	const char *variable; /* of the environment, or NULL */
	size_t line; /* of the configuration file, 0 = the default */
};

struct listing {
	const struct config *config;
	struct buf *text;
	bool json;
};

static struct effective
find_value(const struct config *config, const struct config_key *row,
    const char *label)
{
	struct effective found = { .value = row->standard };
	const struct config_entry *entry;

	for (size_t i = 0; (entry = config_entry(config, i)) != NULL; i++)
		if (strcmp(entry->section, row->section) == 0 &&
		    strcmp(entry->label, label) == 0 &&
		    strcmp(entry->key, row->key) == 0)
			found = (struct effective){ entry->value, NULL,
				entry->line };
	for (size_t i = 0; i < sizeof(overrides) / sizeof(overrides[0]); i++) {
		const char *value = getenv(overrides[i].variable);

		if (value != NULL && value[0] != '\0' &&
		    strcmp(overrides[i].section, row->section) == 0 &&
		    strcmp(overrides[i].key, row->key) == 0)
			found = (struct effective){ value,
				overrides[i].variable, 0 };
	}
	return found;
}

static void
say_origin(struct buf *text, const struct effective *found)
{
	if (found->variable != NULL)
		buf_add_format(text, "environment, %s", found->variable);
	else if (found->line > 0)
		buf_add_format(text, "line %zu", found->line);
	else
		buf_add_text(text,
		    found->value == NULL ? "not set" : "default");
}

/* Blanks at the ends of a value, and an empty one, stand in quotes. */
static void
add_value(struct buf *text, const char *value)
{
	size_t len = strlen(value);
	bool quotes = len == 0 || value[0] == ' ' || value[len - 1] == ' ';

	buf_add_format(text, quotes ? "\"%s\"" : "%s", value);
}

static void
list_json(struct listing *listing, const struct config_key *row,
    const char *label, const char *key, const struct effective *found)
{
	struct jsonw w = jsonw_start(listing->text);
	struct buf origin = BUF_INIT;

	say_origin(&origin, found);
	jsonw_open(&w, '{');
	jsonw_member(&w, "section", str_of(row->section));
	jsonw_member(&w, "label", str_of(label));
	jsonw_member(&w, "key", str_of(key));
	jsonw_key(&w, "value");
	if (found->value == NULL)
		jsonw_raw(&w, STR("null"));
	else
		jsonw_str(&w, str_of(found->value));
	jsonw_member(&w, "from", buf_str(&origin));
	jsonw_close(&w, '}');
	buf_add_char(listing->text, '\n');
	buf_free(&origin);
}

static void
list_key(struct listing *listing, const struct config_key *row,
    const char *label, const char *key, const struct effective *found)
{
	if (listing->json) {
		list_json(listing, row, label, key, found);
		return;
	}
	buf_add_text(listing->text, "# ");
	say_origin(listing->text, found);
	buf_add_format(listing->text, ": %s\n", row->help);
	if (found->value == NULL) {
		buf_add_format(listing->text, "#%s =\n", key);
		return;
	}
	buf_add_format(listing->text, "%s = ", key);
	add_value(listing->text, found->value);
	buf_add_char(listing->text, '\n');
}

/* The rows of a section that takes any key, as they stand in the file. */
static void
list_rows(struct listing *listing, const struct config_key *row,
    const char *label)
{
	const struct config_entry *entry;

	for (size_t i = 0; (entry = config_entry(listing->config, i)) != NULL;
	     i++) {
		struct effective found = { entry->value, NULL, entry->line };

		if (strcmp(entry->section, row->section) == 0 &&
		    strcmp(entry->label, label) == 0)
			list_key(listing, row, label, entry->key, &found);
	}
}

static void
list_section(struct listing *listing, const struct config_key *first,
    const char *label)
{
	if (!listing->json && label[0] == '\0')
		buf_add_format(listing->text, "\n[%s]\n", first->section);
	else if (!listing->json)
		buf_add_format(listing->text, "\n[%s \"%s\"]\n", first->section,
		    label);
	for (const struct config_key *row = first;
	     row->section != NULL && strcmp(row->section, first->section) == 0;
	     row++) {
		struct effective found =
		    find_value(listing->config, row, label);

		if (strcmp(row->key, "*") == 0)
			list_rows(listing, row, label);
		else
			list_key(listing, row, label, row->key, &found);
	}
}

/* Each label once, in the order of the file. */
static void
list_labels(struct listing *listing, const struct config_key *first)
{
	const struct config_entry *entry, *before;

	for (size_t i = 0; (entry = config_entry(listing->config, i)) != NULL;
	     i++) {
		size_t j = 0;

		if (strcmp(entry->section, first->section) != 0)
			continue;
		for (; (before = config_entry(listing->config, j)) != entry;
		     j++)
			if (strcmp(before->section, entry->section) == 0 &&
			    strcmp(before->label, entry->label) == 0)
				break;
		if (before == entry)
			list_section(listing, first, entry->label);
	}
}

enum status
audit_config(struct audit *audit)
{
	struct buf text = BUF_INIT;
	struct listing listing = { .config = audit->run->config,
		.text = &text,
		.json = options_has(&audit->run->options, "json") };
	const char *file = config_file(listing.config);
	const struct config_key *last = NULL;

	if (!listing.json)
		buf_add_format(&text, "# %s\n",
		    file != NULL ? file : "no configuration file: defaults");
	for (const struct config_key *row = config_keys; row->section != NULL;
	     row++) {
		if (last != NULL && strcmp(last->section, row->section) == 0)
			continue;
		last = row;
		if (row->labelled)
			list_labels(&listing, row);
		else
			list_section(&listing, row, "");
	}
	return audit_print(&text, &audit->run->diag);
}
