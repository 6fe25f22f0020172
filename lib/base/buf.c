#include "base/buf.h"

#include <stdarg.h>

int
str_cmp(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.data, b.data, len) : 0;

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool
str_starts(struct str text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len >= len &&
	       (len == 0 || memcmp(text.data, prefix, len) == 0);
}

bool
str_ends(struct str text, const char *suffix)
{
	size_t len = strlen(suffix);

	return text.len >= len &&
	       (len == 0 ||
		   memcmp(text.data + text.len - len, suffix, len) == 0);
}

bool
str_all_digits(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.len > 0;
}

struct str
str_strip_zeros(struct str text)
{
	while (text.len > 1 && text.data[0] == '0') {
		text.data++;
		text.len--;
	}
	return text;
}

struct str
str_alpha_out(struct str text)
{
	return str_all_digits(text) ? str_strip_zeros(text) : text;
}

bool
str_to_u64(struct str text, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum) || sum > max)
			return false;
	}
	if (text.len == 0)
		return false;
	*value = sum;
	return true;
}

bool
str_copy(char *to, size_t size, struct str from)
{
	size_t len = from.len < size ? from.len : size - 1;

	if (len > 0)
		memcpy(to, from.data, len);
	to[len] = '\0';
	return len == from.len;
}

void
buf_free(struct buf *buf)
{
	if (buf == NULL)
		return;
	free(buf->data);
	*buf = (struct buf)BUF_INIT;
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

void
buf_reserve(struct buf *buf, size_t more)
{
	size_t size = buf->size != 0 ? buf->size : 64;

	if (more > SIZE_MAX / 4 - buf->len)
		status_out_of_memory();
	while (size < buf->len + more + 1)
		size *= 2;
	if (size == buf->size)
		return;
	buf->data = mem_grow(buf->data, size, 1);
	buf->size = size;
}

void
buf_add_u64(struct buf *buf, uint64_t value, unsigned width)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (sizeof(digits) - at < width && at > 0)
		digits[--at] = '0';
	buf_add(buf, digits + at, sizeof(digits) - at);
}

void
buf_add_format(struct buf *buf, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return;
	buf_reserve(buf, (size_t)len);
	va_start(args, format);
	vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
}

struct str
buf_str(const struct buf *buf)
{
	return (struct str){ buf->data, buf->len };
}

struct str
buf_part(const struct buf *buf, size_t at, size_t len)
{
	return len > 0 ? (struct str){ buf->data + at, len } : STR_NONE;
}

void *
mem_alloc(size_t size)
{
	void *memory = malloc(size > 0 ? size : 1);

	if (memory == NULL)
		status_out_of_memory();
	return memory;
}

void *
mem_zero(size_t count, size_t size)
{
	void *memory = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

	if (memory == NULL)
		status_out_of_memory();
	return memory;
}

void *
mem_grow(void *old, size_t count, size_t size)
{
	void *memory;

	if (size != 0 && count > SIZE_MAX / size)
		status_out_of_memory();
	memory = realloc(old, count * size > 0 ? count * size : 1);
	if (memory == NULL)
		status_out_of_memory();
	return memory;
}

char *
mem_strdup(const char *text)
{
	return mem_str(str_of(text));
}

char *
mem_str(struct str text)
{
	char *copy = mem_alloc(text.len + 1);

	if (text.len > 0)
		memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return copy;
}
