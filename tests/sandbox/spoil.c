#include "spoil.h"

#define SHORT_BYTES 100 /* that Content-Length promises too many */
#define LARGE_BYTES (17 << 20)

/* CRC-32 as gzip has it (RFC 1952, 8). */
static uint32_t
checksum(struct str bytes)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < bytes.len; i++) {
		crc ^= (unsigned char)bytes.data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xEDB88320) : 0);
	}
	return ~crc;
}

static void
add_little(struct buf *to, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_char(to, (char)(value >> (8 * i) & 0xFF));
}

/* One stored block (RFC 1951, 3.2.4): compressed in name. */
static void
wrap_gzip(struct buf *body)
{
	static const char head[] = "\x1f\x8b\x08\0\0\0\0\0\0\xff\x01";
	struct buf packed = BUF_INIT;
	uint32_t len = (uint32_t)body->len;

	buf_add(&packed, head, sizeof(head) - 1);
	add_little(&packed, len, 2);
	add_little(&packed, ~len & 0xFFFF, 2);
	buf_add_str(&packed, buf_str(body));
	add_little(&packed, checksum(buf_str(body)), 4);
	add_little(&packed, len, 4);
	buf_free(body);
	*body = packed;
}

/* What there is, and then the connection ends too early. */
static ssize_t
read_short(void *closure, uint64_t at, char *to, size_t room)
{
	const struct buf *body = closure;
	size_t left = at < body->len ? body->len - (size_t)at : 0;

	if (left == 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (left > room)
		left = room;
	memcpy(to, body->data + at, left);
	return (ssize_t)left;
}

static void
free_short(void *closure)
{
	struct buf *body = closure;

	buf_free(body);
	free(body);
}

static struct MHD_Response *
make_short(struct buf *body)
{
	struct buf *own = mem_zero(1, sizeof(*own));

	*own = *body;
	*body = (struct buf)BUF_INIT;
	return MHD_create_response_from_callback(own->len + SHORT_BYTES, 1024,
	    read_short, own, free_short);
}

struct MHD_Response *
spoil_response(const struct fault_hits *faults, struct buf *body)
{
	struct MHD_Response *response;
	bool gzip = faults->on[FAULT_GZIP];

	if (faults->on[FAULT_SHORT])
		return make_short(body);
	if (faults->on[FAULT_EMPTY])
		buf_clear(body);
	if (faults->on[FAULT_TRUNCATED])
		body->len /= 2;
	if (faults->on[FAULT_LARGE])
		buf_add_format(body, "%*s", LARGE_BYTES, "");
	if (faults->on[FAULT_HTML]) {
		buf_clear(body);
		buf_add_text(body, "<html><body>Accepted</body></html>\n");
	}
	if (gzip)
		wrap_gzip(body);
	response = MHD_create_response_from_buffer(body->len, body->data,
	    MHD_RESPMEM_MUST_FREE);
	if (response == NULL)
		return NULL;
	*body = (struct buf)BUF_INIT; /* the response owns it now */
	if (gzip)
		MHD_add_response_header(response,
		    MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	return response;
}
