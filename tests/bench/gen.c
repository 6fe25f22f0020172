/*
 * The corpus of the benchmarks, the same bytes at every run:
 *
 *	gen xml BYTES [SEED]         ORDERS05 IDocs, no white space between tags
 *	gen flat BYTES [SEED]        the same as flat file, lines padded to 1063
 *	gen mixed BYTES [SEED]       orders, invoices, deliveries, customers,
 *	gen mixed-flat BYTES [SEED]  addresses and materials
 *	gen orders BYTES [SEED]      order records, one in five a later change
 *	gen movements BYTES [SEED]   stock_movement records, padded materials
 *
 *	gen one ITEMS, gen one-flat ITEMS    a single order of so many items
 *	gen files COUNT [SEED]       COUNT files N.xml of one mixed IDoc each in
 *	                             the current directory
 *	gen inbox LAST FIRST         the documents FIRST to LAST of a line that
 *	                             begins at BENCH_CLOCK, YYYYMMDDSSSSS, in
 *	                             files of 500 IDocs there: orders, their
 *	                             deliveries and invoices, customers,
 *	                             addresses, materials, goods movements
 *
 * BYTES: whole IDocs or lines are written until at least so many are out.
 */

#include "gen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

struct gen gen = { .seed = 1, .date = "20260301", .rate = 4 };
static FILE *out;

void
gen_put_bytes(const char *text, size_t len)
{
	gen.written += len;
	if (fwrite(text, 1, len, out) != len) {
		perror("gen");
		exit(74);
	}
}

void
gen_put(const char *text)
{
	gen_put_bytes(text, strlen(text));
}

/* Multiplicative hashing is enough. */
unsigned
gen_spread(unsigned salt, unsigned below)
{
	uint64_t mixed = (gen.about * 4096 + salt + gen.seed * 1000003) *
			 UINT64_C(0x9E3779B97F4A7C15);

	return (unsigned)((mixed >> 33) % below);
}

/* HHMMSS, one second later every 4 documents. */
static const char *
clock_text(void)
{
	static char text[8];
	unsigned second =
	    (unsigned)((gen.second + gen.number / gen.rate) % 86400);

	snprintf(text, sizeof(text), "%02u%02u%02u", second / 3600,
	    second / 60 % 60, second % 60);
	return text;
}

static void
order(void)
{
	bool change = gen.number % 5 == 0;
	uint64_t id = 10000000 + (change ? gen.number - 3 : gen.number);
	char text[1024];

	snprintf(text, sizeof(text),
	    "{\"v\":1,\"type\":\"order\",\"id\":\"W%" PRIu64 "\","
	    "\"seq\":\"20260301%s.%016" PRIu64 "\","
	    "\"src\":{\"sys\":\"ECCPRD\",\"client\":\"100\","
	    "\"docnum\":\"%016" PRIu64 "\",\"mestyp\":\"ORDRSP\","
	    "\"idoctyp\":\"ORDERS05\",\"file\":\"in/a.xml\",\"n\":1,\"r\":1},"
	    "\"stage\":\"%s\",\"web_order\":\"W%" PRIu64 "\","
	    "\"sales_document\":\"%" PRIu64 "\",\"kind\":\"order\","
	    "\"sales_area\":{\"sales_org\":\"1000\",\"channel\":\"10\","
	    "\"division\":\"00\"},\"placed_at\":\"2026-03-01T08:00:00Z\","
	    "\"currency\":\"GBP\",\"customer\":{\"id\":\"%u\"},"
	    "\"status\":\"open\",\"totals\":{\"subtotal\":\"40.00\","
	    "\"grand_total\":\"40.00\"},\"lines\":["
	    "{\"line\":\"10\",\"material\":\"%018u\",\"quantity\":\"1\","
	    "\"unit\":\"PCE\",\"unit_price\":\"15.00\",\"total\":\"15.00\"},"
	    "{\"line\":\"20\",\"material\":\"%018u\",\"quantity\":\"%s\","
	    "\"unit\":\"PCE\",\"unit_price\":\"25.00\",\"total\":\"25.00\"}"
	    "]}\n",
	    id, clock_text(), gen.number, gen.number,
	    change ? "changed" : "confirmed", id, id - 5000000,
	    100000 + gen_spread(1, 50000), 10000 + gen_spread(2, 40000),
	    10000 + gen_spread(3, 40000), "1");
	gen_put(text);
}

static void
movement(void)
{
	char text[768];

	snprintf(text, sizeof(text),
	    "{\"v\":1,\"type\":\"stock_movement\","
	    "\"id\":\"49%08" PRIu64 "-2026-0001\","
	    "\"seq\":\"20260301%s.%016" PRIu64 "\","
	    "\"src\":{\"sys\":\"ECCPRD\",\"client\":\"100\","
	    "\"docnum\":\"%016" PRIu64 "\",\"mestyp\":\"MBGMCR\","
	    "\"idoctyp\":\"MBGMCR03\",\"file\":\"in/b.xml\",\"n\":1,\"r\":1},"
	    "\"material\":\"%018u\",\"plant\":\"1100\",\"location\":\"0001\","
	    "\"movement_type\":\"%s\",\"sign\":\"%s\","
	    "\"stock_type\":\"unrestricted\",\"quantity\":\"%u\","
	    "\"unit\":\"PCE\",\"posted_at\":\"2026-03-01T08:00:00Z\"}\n",
	    gen.number, clock_text(), gen.number, gen.number,
	    10000 + gen_spread(1, 40000), gen.number % 3 != 0 ? "101" : "601",
	    gen.number % 3 != 0 ? "+" : "-", 1 + gen_spread(2, 9));
	gen_put(text);
}

static void
order_idoc(void)
{
	gen_idoc(0);
}

static void
mixed_idoc(void)
{
	gen_idoc(gen_idoc_mixed());
}

/* A file of the next documents up to the last, so many at most. */
static int
write_file(unsigned (*choose)(void), uint64_t last, unsigned most)
{
	unsigned which = choose();
	const char *type = gen_idoc_type(which);
	char name[32];

	snprintf(name, sizeof(name), "%08" PRIu64 ".xml", gen.number);
	out = fopen(name, "w");
	if (out == NULL) {
		perror(name);
		return 73;
	}
	gen_put(DECLARATION "<");
	gen_put(type);
	gen_put(">");
	for (;; which = choose()) {
		gen_idoc(which);
		gen.about = ++gen.number;
		if (--most == 0 || gen.number > last)
			break;
	}
	gen_put("</");
	gen_put(type);
	gen_put(">\n");
	return fclose(out) == 0 ? 0 : 74;
}

static int
write_files(unsigned (*choose)(void), uint64_t first, uint64_t last,
    unsigned most)
{
	int status = 0;

	gen.about = gen.number = first;
	while (gen.number <= last && status == 0)
		status = write_file(choose, last, most);
	return status;
}

static const struct kind {
	const char *name;
	void (*document)(void);
	bool flat, root, one;
} kinds[] = {
	{ "xml", order_idoc, false, true, false },
	{ "flat", order_idoc, true, false, false },
	{ "mixed", mixed_idoc, false, true, false },
	{ "mixed-flat", mixed_idoc, true, false, false },
	{ "one", order_idoc, false, true, true },
	{ "one-flat", order_idoc, true, false, true },
	{ "orders", order, false, false, false },
	{ "movements", movement, false, false, false },
};

static int
write_kind(const struct kind *kind, uint64_t bytes)
{
	static char held[1 << 20];

	setvbuf(stdout, held, _IOFBF, sizeof(held));
	gen.flat = kind->flat;
	if (kind->one) {
		gen.items = (unsigned)bytes;
		bytes = 1;
	}
	if (kind->root)
		gen_put(DECLARATION "<ORDERS05>");
	bytes += gen.written;
	while (gen.written < bytes) {
		gen.about = ++gen.number;
		kind->document();
	}
	if (kind->root)
		gen_put("</ORDERS05>\n");
	return fclose(stdout) == 0 ? 0 : 74;
}

/* The date and the second of the day. */
static void
set_clock(const char *text)
{
	static char date[9];

	if (text == NULL || strlen(text) < 9)
		return;
	memcpy(date, text, 8);
	gen.date = date;
	gen.second = (unsigned)strtoul(text + 8, NULL, 10);
	gen.rate = 1000;
}

int
main(int argc, char **argv)
{
	const char *name = argc >= 3 ? argv[1] : "";
	uint64_t count = argc >= 3 ? strtoull(argv[2], NULL, 10) : 0;

	out = stdout;
	if (argc == 4)
		gen.seed = strtoull(argv[3], NULL, 10);
	if (strcmp(name, "files") == 0 && count > 0)
		return write_files(gen_idoc_mixed, 1, count, 1);
	if (strcmp(name, "inbox") == 0 && argc == 4) {
		uint64_t first = gen.seed;

		gen.seed = 1;
		set_clock(getenv("BENCH_CLOCK"));
		return write_files(gen_idoc_line, first, count, 500);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(name, kinds[i].name) == 0 && count > 0)
			return write_kind(&kinds[i], count);
	fputs("usage: gen KIND BYTES|ITEMS|COUNT [SEED]\n", stderr);
	return 64;
}
