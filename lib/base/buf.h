#ifndef BASE_BUF_H
#define BASE_BUF_H

/*
 * Bytes: struct str borrows them, struct buf owns and grows them.
 *
 * A str is not terminated and may hold any byte; data may be NULL when len is
 * 0. A buf starts as {0} (BUF_INIT), is always followed by a NUL that len does
 * not count once anything was added, and is freed by buf_free. Growth is
 * checked for overflow; when memory runs out the process ends with exit 71.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/status.h"

struct str {
	const char *data;
	size_t len;
};

struct buf {
	char *data;
	size_t len;
	size_t size;
};

#define BUF_INIT                                                               \
	{                                                                      \
		NULL, 0, 0                                                     \
	}
/* A str over a string literal, and one over a whole buf. */
#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf: "%.*s", STR_ARGS(s) - trusted text only, see text_escape. */
#define STR_ARGS(s) (int)(s).len, ((s).data != NULL ? (s).data : "")

/* What hot loops call is inline: lengths of literals are known then. */

/* NULL gives the empty str. */
static inline struct str
str_of(const char *text)
{
	return (struct str){ text, text != NULL ? strlen(text) : 0 };
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len &&
	       (b.len == 0 || memcmp(a.data, b.data, b.len) == 0);
}

/* A number for a slot of a table, FNV-1a folded: for tables whose size is
 * bounded, since whoever chooses the texts can make them meet. */
static inline uint64_t
str_spread(struct str text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.data[i]) *
		       UINT64_C(0x100000001b3);
	return hash ^ hash >> 32;
}

static inline bool
str_is(struct str a, const char *text)
{
	return str_eq(a, str_of(text));
}

int str_cmp(struct str a, struct str b); /* by bytes, shorter first */
bool str_starts(struct str text, const char *prefix);
bool str_ends(struct str text, const char *suffix);
/* Without blanks (space, tab) at the right, and at both ends. */
static inline struct str
str_trim_right(struct str text)
{
	while (text.len > 0 && (text.data[text.len - 1] == ' ' ||
				   text.data[text.len - 1] == '\t'))
		text.len--;
	return text;
}

static inline struct str
str_trim(struct str text)
{
	text = str_trim_right(text);
	while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
		text.data++;
		text.len--;
	}
	return text;
}

/* What is left from byte at on; data may be NULL when there is nothing. */
static inline struct str
str_from(struct str text, size_t at)
{
	return text.len > at ? (struct str){ text.data + at, text.len - at }
			     : STR_NONE;
}

bool str_all_digits(struct str text); /* false when empty */
/* Without leading zeros; an all-zero text keeps its last zero. */
struct str str_strip_zeros(struct str text);
/* SAP's ALPHA exit: strip zeros only when all characters are digits. */
struct str str_alpha_out(struct str text);
/* Unsigned decimal; false when empty, not all digits, or above max. */
bool str_to_u64(struct str text, uint64_t max, uint64_t *value);
/* NUL-terminated copy into a fixed array; false when it was cut. */
bool str_copy(char *to, size_t size, struct str from);

void buf_free(struct buf *buf);
void buf_clear(struct buf *buf); /* len 0, memory kept */
void buf_reserve(struct buf *buf, size_t more);

static inline void
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (buf->size - buf->len <= len)
		buf_reserve(buf, len);
	if (len > 0)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

static inline void
buf_add_str(struct buf *buf, struct str text)
{
	buf_add(buf, text.data, text.len);
}

static inline void
buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

static inline void
buf_add_char(struct buf *buf, char c)
{
	if (buf->size - buf->len <= 1)
		buf_reserve(buf, 1);
	buf->data[buf->len++] = c;
	buf->data[buf->len] = '\0';
}

/* Decimal digits, with zeros in front up to width. */
void buf_add_u64(struct buf *buf, uint64_t value, unsigned width);
void buf_add_format(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The buffer as a str; valid until the next change of it. */
struct str buf_str(const struct buf *buf);
/* len bytes of it from at on; empty for len 0, whatever the buffer holds. */
struct str buf_part(const struct buf *buf, size_t at, size_t len);

/* malloc and realloc that end the process when memory runs out. */
void *mem_alloc(size_t size);
void *mem_zero(size_t count, size_t size);
void *mem_grow(void *old, size_t count, size_t size);
char *mem_strdup(const char *text);
char *mem_str(struct str text); /* NUL-terminated copy */

#endif
