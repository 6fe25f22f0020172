#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

/*
 * The configuration file: INI, strict. Every section and key stands in
 * config_keys; an unknown one, a malformed value, or a key given twice is
 * STATUS_CONFIG with file and line. Sections may carry a label in quotes:
 * [plant "1100"]; their keys exist once per label. [map "DEBMAS"] takes any
 * key: they are field-map rows, checked by lib/map.
 *
 * Search order: the file given, else $XDG_CONFIG_HOME/sap-ometria/sync.conf
 * (~/.config by default), else /etc/sap-ometria/sync.conf, else defaults.
 */

#include "base/decimal.h"
#include "base/hash.h"

enum config_kind {
	CONFIG_TEXT,
	CONFIG_ZONE, /* name of the zone database */
	CONFIG_LIST, /* comma separated words */
	CONFIG_BOOL, /* yes or no */
	CONFIG_NUMBER, /* whole number, 0 or more */
	CONFIG_DECIMAL,
	CONFIG_DURATION, /* 30m, 4h, 90s, 500ms, 2d */
	CONFIG_CHOICE, /* one of choices, separated by '|' */
	CONFIG_REGEX, /* POSIX extended regular expression */
	CONFIG_ROW /* field-map row: quotes are part of it, and an indented
		    * line that begins with '|' or ':' goes on with it */
};

struct config_key {
	const char *section; /* without label */
	bool labelled;
	const char *key; /* "*" takes any key */
	enum config_kind kind;
	const char *standard; /* default, NULL = none */
	/* Of CONFIG_CHOICE; beside a number words, or its bounds: 1..100. */
	const char *choices;
	const char *help; /* one line for the manual page */
};

/* Ends with a row of NULL section. */
extern const struct config_key config_keys[];

struct config_entry {
	const char *section;
	const char *label; /* "" when the section has none */
	const char *key;
	const char *value;
	size_t line;
};

struct config; /* opaque; NULL is the configuration of all defaults */

/*
 * Read a file (NULL: search). No file found is no failure: defaults apply.
 * STATUS_NO_INPUT when a named file is missing, STATUS_CONFIG when wrong.
 */
enum status config_load(struct config **config, const char *file,
    struct diag *diag);
void config_free(struct config *config);
/* The file that was read, or NULL. */
const char *config_file(const struct config *config);
/* The path of a file that the configuration names: relative names are beside
 * its own file. */
void config_beside(const struct config *config, struct str name,
    struct buf *path);

/* Value or default; NULL when there is neither. label NULL = "". */
const char *config_text(const struct config *config, const char *section,
    const char *label, const char *key);
bool config_bool(const struct config *config, const char *section,
    const char *label, const char *key);
int64_t config_number(const struct config *config, const char *section,
    const char *label, const char *key);
struct decimal config_decimal(const struct config *config, const char *section,
    const char *label, const char *key);
/* Milliseconds. */
int64_t config_duration(const struct config *config, const char *section,
    const char *label, const char *key);
/* The words of a list (config_text; NULL is an empty one) one by one; false at
 * its end. */
bool config_word(const char **list, struct str *word);
/* Whether word stands in the list. */
bool config_lists(const struct config *config, const char *section,
    const char *label, const char *key, struct str word);
/* Whether a section of that label was given at all. */
bool config_labelled(const struct config *config, const char *section,
    const char *label);

/* A hash of all that the configuration says in these sections, defaults
 * included; the list ends with NULL. */
struct hash config_fingerprint(const struct config *config,
    const char *const *sections);

/* The entries as written, in file order: index from 0, NULL behind the last. */
const struct config_entry *config_entry(const struct config *config,
    size_t index);

#endif
