/*
 * The corpus of the benchmarks, the same bytes at every run:
 *
 *	gen xml BYTES        ORDERS05 IDocs as XML, no white space between tags
 *	gen flat BYTES       the same as flat file, lines padded to 1063
 *	gen orders BYTES     order records, one in five a later change
 *	gen movements BYTES  stock_movement records with padded materials
 *
 * Writes whole IDocs or lines until at least BYTES are out.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA_WIDTH 1000
#define HEAD_WIDTH 63

static uint64_t written;
static uint64_t number; /* of the document, from 1 */

static void
put(const char *text)
{
	size_t len = strlen(text);

	written += len;
	if (fwrite(text, 1, len, stdout) != len) {
		perror("gen");
		exit(74);
	}
}

/* Spread by a multiplicative hash: below `below`, by document and salt. */
static unsigned
spread(unsigned salt, unsigned below)
{
	uint64_t mixed = (number * 64 + salt) * UINT64_C(0x9E3779B97F4A7C15);

	return (unsigned)((mixed >> 33) % below);
}

static const char *
format(const char *pattern, uint64_t value)
{
	static char text[8][64];
	static unsigned turn;
	char *to = text[turn++ % 8];

	if (pattern[0] == '0')
		snprintf(to, 64, "%0*" PRIu64, atoi(pattern), value);
	else
		snprintf(to, 64, "%s%" PRIu64, pattern, value);
	return to;
}

/* HHMMSS, one second later every `per` documents. */
static const char *
clock_text(uint64_t per)
{
	uint64_t second = number / per % 86400;

	return format("06",
	    second / 3600 * 10000 + second / 60 % 60 * 100 + second % 60);
}

static const char *
money(uint64_t cents)
{
	static char text[8][32];
	static unsigned turn;
	char *to = text[turn++ % 8];

	snprintf(to, 32, "%" PRIu64 ".%02u", cents / 100,
	    (unsigned)(cents % 100));
	return to;
}

/* --- segments, written as XML or as a flat line --- */

static bool flat;
static char line[HEAD_WIDTH + DATA_WIDTH + 2];
static bool line_open;
static unsigned segment_number;
static const char *open_type[4];
static unsigned depth;

static void
line_end(void)
{
	if (!line_open)
		return;
	line[HEAD_WIDTH + DATA_WIDTH] = '\n';
	line[HEAD_WIDTH + DATA_WIDTH + 1] = '\0';
	put(line);
	line_open = false;
}

static void
at(size_t offset, const char *text)
{
	memcpy(line + offset, text, strlen(text));
}

static void
begin(const char *type, const char *definition)
{
	open_type[depth++] = type;
	if (!flat) {
		put("<");
		put(type);
		put(" SEGMENT=\"1\">");
		return;
	}
	line_end();
	memset(line, ' ', sizeof(line));
	at(0, definition);
	at(30, "100");
	at(33, format("016", number));
	at(49, format("06", ++segment_number));
	at(55, "000000");
	at(61, depth == 1 ? "01" : "02");
	line_open = true;
}

static void
field(const char *name, size_t offset, const char *value)
{
	if (flat) {
		at(HEAD_WIDTH + offset, value);
		return;
	}
	put("<");
	put(name);
	put(">");
	put(value);
	put("</");
	put(name);
	put(">");
}

static void
end(void)
{
	depth--;
	if (flat)
		return;
	put("</");
	put(open_type[depth]);
	put(">");
}

static const char *const control_fields[][3] = {
	/* name, offset, value; NULL: computed */
	{ "TABNAM", "0", "EDI_DC40" },
	{ "MANDT", "10", "100" },
	{ "DOCNUM", "13", NULL },
	{ "DOCREL", "29", "731" },
	{ "STATUS", "33", "30" },
	{ "DIRECT", "35", "1" },
	{ "IDOCTYP", "39", "ORDERS05" },
	{ "MESTYP", "99", "ORDRSP" },
	{ "SNDPOR", "148", "SAPECC" },
	{ "SNDPRT", "158", "LS" },
	{ "SNDPRN", "162", "ECCPRD" },
	{ "RCVPOR", "263", "FILE" },
	{ "RCVPRT", "273", "LS" },
	{ "RCVPRN", "277", "OMETRIA" },
	{ "CREDAT", "378", "20260301" },
	{ "CRETIM", "386", NULL },
};

static void
control(void)
{
	char record[526];

	memset(record, ' ', sizeof(record));
	if (!flat)
		put("<EDI_DC40 SEGMENT=\"1\">");
	for (size_t i = 0; i < 16; i++) {
		const char *name = control_fields[i][0];
		const char *value = control_fields[i][2];

		if (value == NULL)
			value = name[0] == 'D' ? format("016", number)
					       : clock_text(4);
		if (flat)
			memcpy(record + atoi(control_fields[i][1]), value,
			    strlen(value));
		else
			field(name, 0, value);
	}
	memcpy(record + 524, "\n", 2);
	put(flat ? record : "</EDI_DC40>");
	segment_number = 0;
}

static void
pair(const char *type, const char *definition, const char *qualifier,
    const char *name, const char *value)
{
	begin(type, definition);
	field(strcmp(type, "E1EDK03") == 0   ? "IDDAT"
	      : strcmp(type, "E1EDS01") == 0 ? "SUMID"
					     : "QUALF",
	    0, qualifier);
	field(name, 3, value);
	end();
}

static void
partner(const char *role)
{
	static const char *const streets[] = { "High Street 7", "Ringweg 12",
		"Rue du Moulin 3", "Station Road 101" };
	static const char *const cities[] = { "LEEDS", "BRISTOL", "YORK",
		"CARDIFF" };

	begin("E1EDKA1", "E2EDKA1003");
	field("PARVW", 0, role);
	field("PARTN", 3, format("010", 100000 + spread(1, 50000)));
	field("NAME1", 37,
	    flat ? "Mueller + Soehne" : "M\xC3\xBCller &amp; S\xC3\xB6hne");
	field("NAME2", 72, format("Customer ", spread(1, 50000)));
	field("STRAS", 177, streets[spread(2, 4)]);
	field("ORT01", 282, cities[spread(3, 4)]);
	field("PSTLZ", 326, format("LS", spread(4, 99)));
	field("LAND1", 344, "GB");
	end();
}

static uint64_t
item(unsigned index)
{
	unsigned quantity = 1 + spread(10 + index, 4);
	uint64_t price = 199 + spread(20 + index, 9000);
	uint64_t material = 10000 + spread(30 + index, 40000);

	begin("E1EDP01", "E2EDP01011");
	field("POSEX", 0, format("06", (uint64_t)(index + 1) * 10));
	field("MENGE", 11, format("", quantity));
	field("MENEE", 26, "PCE");
	field("VPREI", 54, money(price));
	field("PEINH", 69, "1");
	field("NETWR", 78, money(price * quantity));
	begin("E1EDP02", "E2EDP02002");
	field("QUALF", 0, "002");
	field("BELNR", 3, format("010", 5000000 + number));
	field("ZEILE", 38, format("06", (uint64_t)(index + 1) * 10));
	end();
	begin("E1EDP19", "E2EDP19003");
	field("QUALF", 0, "002");
	field("IDTNR", 3, format("018", material));
	field("KTEXT", 38, "Shirt, long sleeve");
	end();
	begin("E1EDP19", "E2EDP19003");
	field("QUALF", 0, "003");
	field("IDTNR", 3, format("", 4000000000000 + material));
	end();
	end();
	return price * quantity;
}

static void
idoc(void)
{
	unsigned items = 3 + spread(5, 6);
	uint64_t total = 0;

	if (!flat)
		put("<IDOC BEGIN=\"1\">");
	control();
	begin("E1EDK01", "E2EDK01005");
	field("CURCY", 4, "GBP");
	field("BSART", 79, "ZWEB");
	field("BELNR", 83, format("010", 5000000 + number));
	end();
	pair("E1EDK14", "E2EDK14", "006", "ORGID", "00");
	pair("E1EDK14", "E2EDK14", "007", "ORGID", "10");
	pair("E1EDK14", "E2EDK14", "008", "ORGID", "1000");
	pair("E1EDK03", "E2EDK03", "012", "DATUM", "20260301");
	partner("AG");
	partner("WE");
	pair("E1EDK02", "E2EDK02", "001", "BELNR",
	    format("W", 10000000 + number));
	pair("E1EDK02", "E2EDK02", "002", "BELNR",
	    format("010", 5000000 + number));
	for (unsigned i = 0; i < items; i++)
		total += item(i);
	pair("E1EDS01", "E2EDS01", "002", "SUMME", money(total));
	pair("E1EDS01", "E2EDS01", "011", "SUMME", money(total));
	line_end();
	if (!flat)
		put("</IDOC>");
}

/* --- records --- */

static void
order(void)
{
	bool change = number % 5 == 0;
	uint64_t id = 10000000 + (change ? number - 3 : number);
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
	    id, clock_text(4), number, number, change ? "changed" : "confirmed",
	    id, id - 5000000, 100000 + spread(1, 50000),
	    10000 + spread(2, 40000), 10000 + spread(3, 40000), "1");
	put(text);
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
	    number, clock_text(4), number, number, 10000 + spread(1, 40000),
	    number % 3 != 0 ? "101" : "601", number % 3 != 0 ? "+" : "-",
	    1 + spread(2, 9));
	put(text);
}

int
main(int argc, char **argv)
{
	static char held[1 << 20];
	const char *kind = argc == 3 ? argv[1] : "";
	uint64_t bytes = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	void (*one)(void) = strcmp(kind, "xml") == 0         ? idoc
			    : strcmp(kind, "flat") == 0      ? idoc
			    : strcmp(kind, "orders") == 0    ? order
			    : strcmp(kind, "movements") == 0 ? movement
							     : NULL;

	if (one == NULL || bytes == 0) {
		fputs("usage: gen xml|flat|orders|movements BYTES\n", stderr);
		return 64;
	}
	setvbuf(stdout, held, _IOFBF, sizeof(held));
	flat = strcmp(kind, "flat") == 0;
	if (one == idoc && !flat)
		put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ORDERS05>");
	while (written < bytes) {
		number++;
		one();
	}
	if (one == idoc && !flat)
		put("</ORDERS05>\n");
	return fclose(stdout) == 0 ? 0 : 74;
}
