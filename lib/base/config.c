#include "base/config.h"

#include <errno.h>
#include <ini.h>
#include <sys/stat.h>

#include "base/config_hint.h"
#include "base/instant.h"
#include "base/limits.h"
#include "base/pattern.h"
#include "base/text.h"

struct config {
	struct config_entry *entries;
	size_t count;
	char *file;
};

struct loader {
	struct config *config;
	struct diag *diag;
	FILE *stream;
	size_t line;
	bool continued; /* the line goes on with the row above */
	int err; /* errno of a failed read */
};

static const struct config_key *
find_key(struct str section, bool labelled, const char *key)
{
	const struct config_key *row;

	for (row = config_keys; row->section != NULL; row++)
		/* The first letters say no to most rows. */
		if (row->labelled == labelled &&
		    (row->key[0] == key[0] || row->key[0] == '*') &&
		    (strcmp(row->key, "*") == 0 ||
			strcmp(row->key, key) == 0) &&
		    str_is(section, row->section))
			return row;
	return NULL;
}

static bool
is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	while (*choices != '\0') {
		size_t word = strcspn(choices, "|");

		if (word == len && memcmp(choices, value, len) == 0)
			return true;
		choices += word + (choices[word] == '|');
	}
	return false;
}

/* A word that stands for no number, such as off. */
static bool
is_word(const struct config_key *row, const char *value)
{
	return row->choices != NULL && strstr(row->choices, "..") == NULL &&
	       is_choice(row->choices, value);
}

/* Whether a number is within the bounds of its key, if it has any. */
static const char *
number_fault(const struct config_key *row, const char *value, struct buf *hint)
{
	const char *dots =
	    row->choices != NULL ? strstr(row->choices, "..") : NULL;
	uint64_t number, least = 0, most = 1000000000;
	bool whole = str_to_u64(str_of(value), most, &number);

	if (dots != NULL) {
		struct str low = { row->choices,
			(size_t)(dots - row->choices) };

		str_to_u64(low, most, &least);
		str_to_u64(str_of(dots + 2), most, &most);
	}
	if (whole && number >= least && number <= most)
		return NULL;
	buf_add_text(hint, "is not a whole number");
	if (dots != NULL)
		buf_add_format(hint, " from %llu to %llu",
		    (unsigned long long)least, (unsigned long long)most);
	return hint->data;
}

/* What is wrong with a value, or NULL; hint holds the text where it is made. */
static const char *
value_fault(const struct config_key *row, const char *value, struct buf *hint)
{
	struct decimal decimal;
	int64_t duration;
	regex_t regex;

	switch (row->kind) {
	case CONFIG_TEXT:
	case CONFIG_LIST:
	case CONFIG_ROW:
		return NULL;
	case CONFIG_ZONE:
		return zone_exists(value) ? NULL
					  : "is not in the zone database "
					    "(package tzdata)";
	case CONFIG_BOOL:
		return is_choice("yes|no", value) ? NULL : "is not yes or no";
	case CONFIG_NUMBER:
		return is_word(row, value) ? NULL
					   : number_fault(row, value, hint);
	case CONFIG_DECIMAL:
		return decimal_parse(str_of(value), &decimal)
			   ? NULL
			   : "is not a decimal number";
	case CONFIG_DURATION:
		return is_word(row, value) ||
			       duration_parse(str_of(value), &duration)
			   ? NULL
			   : "is not a duration such as 500ms, 30m, 4h or 90d";
	case CONFIG_CHOICE:
		if (is_choice(row->choices, value))
			return NULL;
		config_hint_choice(row->choices, value, hint);
		return hint->data;
	case CONFIG_REGEX:
		if (!pattern_compile(&regex, value))
			return "is not an extended regular expression";
		regfree(&regex);
		return NULL;
	}
	return NULL;
}

/* Split 'plant "1100"' in name and label; false when malformed. */
static bool
split_section(const char *text, struct str *name, struct str *label)
{
	size_t len = strcspn(text, " \t\"");
	const char *quote = strchr(text, '"');
	size_t total = strlen(text);

	*name = (struct str){ text, len };
	*label = STR_NONE;
	if (quote == NULL)
		return len == total;
	if (total < 2 || text[total - 1] != '"' || quote == text + total - 1)
		return false;
	*label =
	    (struct str){ quote + 1, (size_t)(text + total - 1 - quote - 1) };
	return label->len > 0 && memchr(label->data, '"', label->len) == NULL;
}

static void
add_entry(struct config *config, struct config_entry entry)
{
	config->entries = mem_grow(config->entries, config->count + 1,
	    sizeof(*config->entries));
	config->entries[config->count++] = entry;
}

static int
refuse(struct loader *loader, const char *what, const char *name,
    const char *why)
{
	struct buf safe = BUF_INIT;

	diag_set(loader->diag, STATUS_CONFIG, "%s '%s' %s", what,
	    text_escape(&safe, str_of(name), 60), why);
	diag_place(loader->diag, loader->config->file, loader->line);
	buf_free(&safe);
	return 0;
}

/* Quotes around a value keep its blanks and are not part of it. */
static char *
unquote(const char *value)
{
	size_t len = strlen(value);

	if (len >= 2 && value[0] == '"' && value[len - 1] == '"')
		return mem_str((struct str){ value + 1, len - 2 });
	return mem_strdup(value);
}

static const struct config_entry *
find_entry(const struct config *config, const char *section, const char *label,
    const char *key)
{
	for (size_t i = 0; config != NULL && i < config->count; i++)
		if (strcmp(config->entries[i].section, section) == 0 &&
		    strcmp(config->entries[i].label, label) == 0 &&
		    strcmp(config->entries[i].key, key) == 0)
			return &config->entries[i];
	return NULL;
}

/* Put a line behind the row above, which inih says is the same key. */
static int
continue_row(struct loader *loader, const struct config_key *row,
    const char *key, const char *value)
{
	struct config *config = loader->config;
	struct config_entry *entry;
	struct buf whole = BUF_INIT;

	if (key[0] == '\0' || row == NULL || row->kind != CONFIG_ROW)
		return refuse(loader, "line", value,
		    "goes on with nothing: it does not stand below a field-map "
		    "row");
	entry = &config->entries[config->count - 1];
	buf_add_format(&whole, "%s %s", entry->value, value);
	free((void *)(uintptr_t)entry->value);
	entry->value = whole.data;
	return 1;
}

static int
on_entry(void *user, const char *section, const char *key, const char *value)
{
	struct loader *loader = user;
	struct config_entry entry;
	const struct config_key *row;
	struct str name, label;
	const char *fault;
	struct buf hint = BUF_INIT;

	if (loader->diag->status != STATUS_OK)
		return 0;
	if (!split_section(section, &name, &label))
		return refuse(loader, "section", section, "is malformed");
	row = find_key(name, label.len > 0, key);
	if (loader->continued)
		return continue_row(loader, row, key, value);
	if (row == NULL) {
		config_hint_key(name, label.len > 0, key, &hint);
		refuse(loader, "key", key, hint.data);
		buf_free(&hint);
		return 0;
	}
	entry = (struct config_entry){ row->section, mem_str(label),
		mem_strdup(key),
		row->kind == CONFIG_ROW ? mem_strdup(value) : unquote(value),
		loader->line };
	fault = value_fault(row, entry.value, &hint);
	if (fault == NULL && row->kind != CONFIG_ROW && value[0] == '"' &&
	    (value[1] == '\0' || value[strlen(value) - 1] != '"'))
		fault = "has no closing quote";
	if (fault == NULL && find_entry(loader->config, entry.section,
				 entry.label, entry.key) != NULL)
		fault = "is given twice";
	add_entry(loader->config, entry);
	if (fault != NULL)
		refuse(loader, "value of key", key, fault);
	buf_free(&hint);
	return fault == NULL;
}

/* inih cuts longer section names without a word. */
#define SECTION_MAX 49

/* inih never hands over a section without keys: check each where it begins. */
static bool
section_good(struct loader *loader, const char *line)
{
	size_t len = strcspn(line, "]");
	struct str name, label;
	const struct config_key *row;
	struct buf hint = BUF_INIT;
	char *text;
	bool found = false;

	if (line[0] != '[')
		return true;
	text = mem_str((struct str){ line + 1, len - 1 });
	if (line[len] == '\0') {
		text[strcspn(text, "\r\n")] = '\0';
		refuse(loader, "section", text, "has no closing bracket");
	} else if (len - 1 > SECTION_MAX) {
		refuse(loader, "section", text, "is longer than 49 characters");
	} else if (!split_section(text, &name, &label)) {
		refuse(loader, "section", text, "is malformed");
	} else {
		for (row = config_keys; row->section != NULL; row++)
			found = found || (str_is(name, row->section) &&
					     row->labelled == (label.len > 0));
		if (!found) {
			config_hint_section(name, label.len > 0, &hint);
			refuse(loader, "section", text, hint.data);
		}
	}
	buf_free(&hint);
	free(text);
	return loader->diag->status == STATUS_OK;
}

/*
 * Gives inih one line: counts it, refuses one that does not fit, takes leading
 * blanks off (inih would read an indented key as part of the value above)
 * unless the line cannot be a key: then it goes on with the row above.
 */
static char *
next_line(char *to, int size, void *user)
{
	struct loader *loader = user;
	size_t blanks;
	char *line;

	if (loader->diag->status != STATUS_OK)
		return NULL;
	line = fgets(to, size, loader->stream);
	if (line == NULL) {
		loader->err = errno;
		return NULL;
	}
	loader->line++;
	if (strchr(line, '\n') == NULL && !feof(loader->stream)) {
		diag_set(loader->diag, STATUS_CONFIG,
		    "line is longer than %d characters", size - 2);
		diag_place(loader->diag, loader->config->file, loader->line);
		return NULL;
	}
	blanks = strspn(line, " \t");
	loader->continued =
	    blanks > 0 && (line[blanks] == '|' || line[blanks] == ':');
	if (loader->continued)
		return line;
	memmove(line, line + blanks, strlen(line) - blanks + 1);
	return section_good(loader, line) ? line : NULL;
}

static FILE *
open_file(struct config *config, const char *file, struct diag *diag)
{
	FILE *stream = fopen(file, "re");

	config->file = mem_strdup(file);
	if (stream == NULL)
		diag_errno(diag,
		    errno == ENOENT ? STATUS_NO_INPUT : STATUS_CONFIG, errno,
		    "cannot open the configuration '%s'", file);
	return stream;
}

static enum status
parse_file(struct config *config, FILE *stream, struct diag *diag)
{
	struct loader loader = { .config = config,
		.diag = diag,
		.stream = stream };
	int line;

	diag->status = STATUS_OK;
	line = ini_parse_stream(next_line, &loader, on_entry, &loader);
	if (diag->status == STATUS_OK && ferror(stream))
		return diag_errno(diag, STATUS_CONFIG, loader.err,
		    "cannot read the configuration '%s'", config->file);
	if (diag->status == STATUS_OK && line != 0) {
		diag_set(diag, STATUS_CONFIG,
		    "not 'key = value', a [section] or a comment");
		diag_place(diag, config->file, line > 0 ? (size_t)line : 0);
	}
	return diag->status;
}

/* The first file of the search list that exists; NULL when none does. */
static const char *
search(struct buf *path)
{
	const char *root = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct stat there;

	buf_clear(path);
	if (root != NULL && root[0] == '/')
		buf_add_format(path, "%s/sap-ometria/sync.conf", root);
	else
		buf_add_format(path, "%s/.config/sap-ometria/sync.conf",
		    home != NULL ? home : "");
	if (stat(path->data, &there) == 0)
		return path->data;
	buf_clear(path);
	buf_add_text(path, "/etc/sap-ometria/sync.conf");
	return stat(path->data, &there) == 0 ? path->data : NULL;
}

enum status
config_load(struct config **config, const char *file, struct diag *diag)
{
	struct buf path = BUF_INIT;
	enum status status = STATUS_OK;
	FILE *stream;

	*config = mem_zero(1, sizeof(**config));
	if (file == NULL)
		file = search(&path);
	if (file != NULL) {
		stream = open_file(*config, file, diag);
		status = stream != NULL ? parse_file(*config, stream, diag)
					: diag->status;
		if (stream != NULL)
			fclose(stream);
	}
	buf_free(&path);
	return status;
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < config->count; i++) {
		free((void *)(uintptr_t)config->entries[i].label);
		free((void *)(uintptr_t)config->entries[i].key);
		free((void *)(uintptr_t)config->entries[i].value);
	}
	free(config->entries);
	free(config->file);
	free(config);
}

const char *
config_file(const struct config *config)
{
	return config != NULL ? config->file : NULL;
}

void
config_beside(const struct config *config, struct str name, struct buf *path)
{
	const char *file = config_file(config);
	const char *slash = file != NULL ? strrchr(file, '/') : NULL;

	buf_clear(path);
	if (slash != NULL && !str_starts(name, "/"))
		buf_add(path, file, (size_t)(slash - file) + 1);
	buf_add_str(path, name);
}

const char *
config_text(const struct config *config, const char *section, const char *label,
    const char *key)
{
	const struct config_entry *entry;
	const struct config_key *row;

	entry = find_entry(config, section, label != NULL ? label : "", key);
	if (entry != NULL)
		return entry->value;
	row = find_key(str_of(section), label != NULL, key);
	return row != NULL ? row->standard : NULL;
}

bool
config_bool(const struct config *config, const char *section, const char *label,
    const char *key)
{
	const char *value = config_text(config, section, label, key);

	return value != NULL && strcmp(value, "yes") == 0;
}

int64_t
config_number(const struct config *config, const char *section,
    const char *label, const char *key)
{
	uint64_t number = 0;

	str_to_u64(str_of(config_text(config, section, label, key)), INT64_MAX,
	    &number);
	return (int64_t)number;
}

struct decimal
config_decimal(const struct config *config, const char *section,
    const char *label, const char *key)
{
	struct decimal value = DECIMAL_ZERO;

	decimal_parse(str_of(config_text(config, section, label, key)), &value);
	return value;
}

int64_t
config_duration(const struct config *config, const char *section,
    const char *label, const char *key)
{
	int64_t milliseconds = 0;

	duration_parse(str_of(config_text(config, section, label, key)),
	    &milliseconds);
	return milliseconds;
}

bool
config_word(const char **list, struct str *word)
{
	size_t len;

	if (*list == NULL || **list == '\0')
		return false;
	len = strcspn(*list, ",");
	*word = str_trim((struct str){ *list, len });
	*list += len + ((*list)[len] == ',');
	return true;
}

bool
config_lists(const struct config *config, const char *section,
    const char *label, const char *key, struct str word)
{
	const char *list = config_text(config, section, label, key);
	struct str each;

	while (config_word(&list, &each))
		if (str_eq(each, word))
			return true;
	return false;
}

bool
config_labelled(const struct config *config, const char *section,
    const char *label)
{
	for (size_t i = 0; config != NULL && i < config->count; i++)
		if (strcmp(config->entries[i].section, section) == 0 &&
		    strcmp(config->entries[i].label, label) == 0)
			return true;
	return false;
}

const struct config_entry *
config_entry(const struct config *config, size_t index)
{
	return config != NULL && index < config->count ? &config->entries[index]
						       : NULL;
}

static bool
is_among(const char *const *sections, const char *section)
{
	for (; *sections != NULL; sections++)
		if (strcmp(*sections, section) == 0)
			return true;
	return false;
}

struct hash
config_fingerprint(const struct config *config, const char *const *sections)
{
	struct buf text = BUF_INIT;
	struct hash hash;

	for (const struct config_key *row = config_keys; row->section != NULL;
	     row++)
		if (!row->labelled && is_among(sections, row->section)) {
			const char *value =
			    config_text(config, row->section, NULL, row->key);

			buf_add_format(&text, "%s.%s=%s\n", row->section,
			    row->key, value != NULL ? value : "");
		}
	for (size_t i = 0; config != NULL && i < config->count; i++) {
		const struct config_entry *entry = &config->entries[i];

		if (entry->label[0] != '\0' &&
		    is_among(sections, entry->section))
			buf_add_format(&text, "%s %s.%s=%s\n", entry->section,
			    entry->label, entry->key, entry->value);
	}
	hash = hash_of(buf_str(&text));
	buf_free(&text);
	return hash;
}
