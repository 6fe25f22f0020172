#ifndef BASE_JSONW_H
#define BASE_JSONW_H

/*
 * The JSON writer of the project: appends to a buf, puts the commas, escapes
 * text. The caller keeps the nesting right and gives valid UTF-8. Keys are
 * literals of the program and are not escaped.
 */

#include "base/decimal.h"
#include "base/instant.h"

struct jsonw {
	struct buf *to;
	bool comma; /* the next member or element needs one */
};

struct jsonw jsonw_start(struct buf *to);
void jsonw_open(struct jsonw *w, char bracket); /* '{' or '[' */
void jsonw_close(struct jsonw *w, char bracket); /* '}' or ']' */
void jsonw_key(struct jsonw *w, const char *key);
/* The same for a key with its quotes and colon: "\"sku\":". */
void jsonw_head(struct jsonw *w, struct str head);
/* That, and a text as its value. */
void jsonw_pair(struct jsonw *w, struct str head, struct str text);
/* Values: the next element, or the member whose key was just written. */
void jsonw_str(struct jsonw *w, struct str text);
void jsonw_bool(struct jsonw *w, bool value);
void jsonw_int(struct jsonw *w, int64_t value);
void jsonw_raw(struct jsonw *w, struct str json); /* a value as written */
void jsonw_decimal_text(struct jsonw *w, struct decimal value); /* "12.50" */
void jsonw_decimal(struct jsonw *w, struct decimal value); /* 12.50 */

/* Members that are left out when there is nothing to say. */
void jsonw_member(struct jsonw *w, const char *key, struct str text);
void jsonw_member_true(struct jsonw *w, const char *key, bool value);
void jsonw_member_time(struct jsonw *w, const char *key, instant value);
/* A member whatever its value. */
void jsonw_member_bool(struct jsonw *w, const char *key, bool value);
void jsonw_member_int(struct jsonw *w, const char *key, int64_t value);
void jsonw_member_raw(struct jsonw *w, const char *key, struct str json);

#endif
