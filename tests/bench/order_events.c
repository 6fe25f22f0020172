/*
 * Order events as a retailer's SAP makes them over the years, numbers in the
 * order of time:
 *
 *	order_events grow FROM TO    the orders from one number up to another,
 *	                             every second one despatched soon after
 *	order_events recent|any FROM COUNT
 *	                             what comes behind the orders below FROM: of
 *	                             five events three new orders, the delivery
 *	                             of a recent one, and a change of one of the
 *	                             last thousand, or of any
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECENT 1000

static uint64_t docnum;

/* Two orders a minute. */
static const char *
when(uint64_t number)
{
	static char text[16];
	uint64_t minute = number / 2, day = minute / 1440;

	snprintf(text, sizeof(text), "%04u%02u%02u%02u%02u%02u",
	    (unsigned)(2010 + day / 336), (unsigned)(day / 28 % 12 + 1),
	    (unsigned)(day % 28 + 1), (unsigned)(minute / 60 % 24),
	    (unsigned)(minute % 60), (unsigned)(docnum % 60));
	return text;
}

static unsigned
spread(uint64_t number, unsigned below)
{
	return (
	    unsigned)(((number * UINT64_C(0x9E3779B97F4A7C15)) >> 33) % below);
}

static void
head(const char *type, const char *message, const char *id_form, uint64_t id,
    uint64_t at)
{
	docnum++;
	printf("{\"v\":1,\"type\":\"%s\",\"id\":\"", type);
	printf(id_form[0] == 'W' ? "W%09" PRIu64 : "80%08" PRIu64, id);
	printf("\",\"seq\":\"%s.%016" PRIu64 "\",\"src\":{\"sys\":\"ECCPRD\","
	       "\"client\":\"100\",\"docnum\":\"%016" PRIu64 "\","
	       "\"mestyp\":\"%s\",\"idoctyp\":\"%s\",\"file\":\"in/%" PRIu64
	       ".xml\",\"n\":%u,\"r\":1},",
	    when(at), docnum, docnum, message,
	    type[0] == 'o' ? "ORDERS05" : "DELVRY07", docnum / 1000,
	    (unsigned)(docnum % 1000 + 1));
}

static void
order(uint64_t number, const char *stage, uint64_t at, unsigned price)
{
	head("order", "ORDRSP", "W", number, at);
	printf("\"stage\":\"%s\",\"web_order\":\"W%09" PRIu64 "\","
	       "\"sales_document\":\"5%09" PRIu64 "\",\"kind\":\"order\","
	       "\"sales_area\":{\"sales_org\":\"1000\",\"channel\":\"10\"},"
	       "\"placed_at\":\"2026-03-01T08:00:00Z\",\"currency\":\"GBP\","
	       "\"customer\":{\"id\":\"%u\"},\"status\":\"open\","
	       "\"totals\":{\"subtotal\":\"%u.00\",\"grand_total\":\"%u.00\"},"
	       "\"lines\":["
	       "{\"line\":\"10\",\"material\":\"%018u\",\"quantity\":\"1\","
	       "\"unit\":\"PCE\",\"unit_price\":\"%u.00\","
	       "\"subtotal\":\"%u.00\"},"
	       "{\"line\":\"20\",\"material\":\"%018u\",\"quantity\":\"1\","
	       "\"unit\":\"PCE\",\"unit_price\":\"25.00\","
	       "\"subtotal\":\"25.00\"}]}\n",
	    stage, number, number, 100000 + spread(number, 900000), price + 25,
	    price + 25, 10000 + spread(number + 1, 40000), price, price,
	    10000 + spread(number + 2, 40000));
}

static void
delivery(uint64_t number, uint64_t at)
{
	head("shipment", "DESADV", "8", number, at);
	printf("\"posted_at\":\"2026-03-02T08:00:00Z\",\"carrier\":\"Post\","
	       "\"tracking_number\":\"T%09" PRIu64 "\",\"lines\":["
	       "{\"line\":\"10\",\"sales_document\":\"5%09" PRIu64 "\","
	       "\"sales_line\":\"10\",\"quantity\":\"1\",\"unit\":\"PCE\"},"
	       "{\"line\":\"20\",\"sales_document\":\"5%09" PRIu64 "\","
	       "\"sales_line\":\"20\",\"quantity\":\"1\",\"unit\":\"PCE\"}]}\n",
	    number, number, number);
}

static void
grow(uint64_t from, uint64_t to)
{
	docnum = 2 * from;
	for (uint64_t number = from; number < to; number++) {
		order(number, "confirmed", number, 15);
		if (number % 2 == 0 && number > from + 200)
			delivery(number - 200, number);
	}
}

/* One event in five is about one of the last `span` orders. */
static void
mix(uint64_t from, uint64_t count, uint64_t span)
{
	uint64_t number = from;

	docnum = 2 * from + UINT64_C(1000000000);
	for (uint64_t i = 0; i < count; i++) {
		if (i % 5 < 3)
			order(number++, "confirmed", from + i, 15);
		else if (i % 5 == 3)
			delivery(number - 101 - 2 * (i % 2), from + i);
		else
			order(from - 1 - spread(i * 7919, (unsigned)span),
			    "changed", from + i, 14);
	}
}

int
main(int argc, char **argv)
{
	static char held[1 << 20];
	uint64_t from = argc == 4 ? strtoull(argv[2], NULL, 10) : 0;
	uint64_t to = argc == 4 ? strtoull(argv[3], NULL, 10) : 0;

	setvbuf(stdout, held, _IOFBF, sizeof(held));
	if (from == 0 || to == 0)
		return 64;
	if (strcmp(argv[1], "grow") == 0)
		grow(from, to);
	else if (strcmp(argv[1], "recent") == 0)
		mix(from, to, RECENT);
	else if (strcmp(argv[1], "any") == 0)
		mix(from, to, from - 1);
	else
		return 64;
	return fclose(stdout) == 0 ? 0 : 74;
}
