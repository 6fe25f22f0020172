#include "gen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_message.h"

#define DATA_WIDTH 1000
#define HEAD_WIDTH 63
#define CONTROL_WIDTH 524
#define VALUE_MAX 128

static const struct message *message; /* of the IDoc in hand */
static unsigned item; /* from 0 */
static unsigned items;

static unsigned
quantity(void)
{
	return 1 + gen_spread(10 + item * 3, 4);
}

static uint64_t
price(void)
{
	return 199 + gen_spread(11 + item * 3, 9000);
}

static unsigned
material_number(void)
{
	return 10000 + gen_spread(12 + item * 3, 40000);
}

static uint64_t
sum(void)
{
	uint64_t total = 0;
	unsigned now = item;

	for (item = 0; item < items; item++)
		total += price() * quantity();
	item = now;
	return total;
}

static void
put_money(char *to, size_t room, uint64_t cents)
{
	snprintf(to, room, "%" PRIu64 ".%02u", cents / 100,
	    (unsigned)(cents % 100));
}

static const struct words {
	char letter;
	unsigned salt;
	const char *words[8];
} words[] = {
	{ 'N', 2,
	    { "Miller", "M\xC3\xBCller & S\xC3\xB6hne", "O'Brien", "Smith",
		"Jones", "Fran\xC3\xA7ois", "Patel", "Evans" } },
	{ 'F', 3,
	    { "Ann", "Bob", "Zo\xC3\xAB", "Dilip", "Emma", "Finn", "Grace",
		"Hugo" } },
	{ 'R', 4,
	    { "High Street 7", "Ringweg 12", "Rue du Moulin 3",
		"Station Road 101", "Mill Lane 22", "Queen's Parade 4",
		"Am Markt 1", "Church Walk 9" } },
	{ 'O', 5,
	    { "LEEDS", "BRISTOL", "YORK", "CARDIFF", "BATH", "DERBY", "TRURO",
		"OXFORD" } },
	{ 'K', 9,
	    { "Shirt, long sleeve", "Shirt, short sleeve", "Trousers, navy",
		"Coat, wool", "Belt, leather", "Scarf 100 % silk",
		"Socks, 3 pairs", "Dress, linen" } },
};

static bool
put_word(char *to, size_t room, char letter)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].letter == letter) {
			snprintf(to, room, "%s",
			    words[i].words[gen_spread(words[i].salt, 8)]);
			return true;
		}
	return false;
}

/* HHMMSS, one second later every 4 documents. */
static uint64_t
clock_number(void)
{
	uint64_t second = (gen.second + gen.number / gen.rate) % 86400;

	return second / 3600 * 10000 + second / 60 % 60 * 100 + second % 60;
}

static bool
put_number(char *to, size_t room, char letter)
{
	const unsigned person = gen_spread(1, 50000);
	const struct {
		char letter;
		const char *before;
		int digits;
		uint64_t value;
		const char *behind;
	} numbers[] = {
		{ '#', "", 16, gen.number, "" },
		{ 'h', "", 6, clock_number(), "" },
		{ 'C', "", 10, 100000 + person, "" },
		{ 'D', "", 10, 5000000 + gen.about, "" },
		{ 'L', "", 10, 80000000 + gen.number, "" },
		{ 'B', "", 10, 90000000 + gen.number, "" },
		{ 'W', "W", 1, 10000000 + gen.about, "" },
		{ 'P', "", 6, (item + 1) * 10, "" },
		{ 'Q', "", 1, quantity(), ".000" },
		{ 'M', "", 18, material_number(), "" },
		{ 'G', "40000000", 5, material_number(), "" },
		{ 'Z', "LS", 1, person % 28 + 1, " 4AB" },
		{ 'z', "496", 4, person % 10000, "" },
		{ 'E', "customer.", 1, person, "@example.com" },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].letter == letter) {
			snprintf(to, room, "%s%0*" PRIu64 "%s",
			    numbers[i].before, numbers[i].digits,
			    numbers[i].value, numbers[i].behind);
			return true;
		}
	return false;
}

/* What a letter behind $ stands for. */
static void
put_letter(char *to, size_t room, char letter)
{
	if (put_number(to, room, letter) || put_word(to, room, letter))
		return;
	if (letter == 'U') {
		put_money(to, room, price());
	} else if (letter == 'T') {
		put_money(to, room, price() * quantity());
	} else if (letter == 'S') {
		put_money(to, room, sum());
	} else if (letter == 'X') {
		put_money(to, room, sum() + 395); /* with the freight */
	} else if (letter == 'Y') {
		snprintf(to, room, "%s", gen.date);
	} else if (letter == 't' || letter == 'm') {
		snprintf(to, room, "%s",
		    letter == 't' ? message->idoctyp : message->mestyp);
	} else {
		fprintf(stderr, "gen: no value $%c\n", letter);
		exit(70);
	}
}

static void
expand(char to[VALUE_MAX], const char *value)
{
	size_t len = 0;

	for (; *value != '\0'; value++) {
		if (*value == '$')
			put_letter(to + len, VALUE_MAX - len, *++value);
		else
			snprintf(to + len, VALUE_MAX - len, "%c", *value);
		len += strlen(to + len);
	}
}

static void
put_xml(const char *text)
{
	const char *end;

	for (; (end = strchr(text, '&')) != NULL; text = end + 1) {
		gen_put_bytes(text, (size_t)(end - text));
		gen_put("&amp;");
	}
	gen_put(text);
}

static void
xml_fields(const struct field *fields)
{
	char value[VALUE_MAX];

	for (; fields->name != NULL; fields++) {
		expand(value, fields->value);
		gen_put("<");
		gen_put(fields->name);
		gen_put(">");
		put_xml(value);
		gen_put("</");
		gen_put(fields->name);
		gen_put(">");
	}
}

/* A line of so many characters: fields stand in ascending order. */
static void
flat_line(const char *head, const struct field *fields, size_t base,
    size_t width)
{
	static char line[4 * (HEAD_WIDTH + DATA_WIDTH) + 2];
	size_t at = strlen(head), character = at;
	char value[VALUE_MAX];

	memcpy(line, head, at);
	for (; fields->name != NULL; fields++) {
		for (; character < base + fields->offset; character++)
			line[at++] = ' ';
		expand(value, fields->value);
		for (const char *c = value; *c != '\0'; c++) {
			line[at++] = *c;
			character += (*c & 0xC0) != 0x80;
		}
	}
	for (; character < width; character++)
		line[at++] = ' ';
	line[at++] = '\n';
	line[at] = '\0';
	gen_put(line);
}

static unsigned segment_number;

static void
flat_segment(const struct segment *segment)
{
	char head[HEAD_WIDTH + 1];

	snprintf(head, sizeof(head), "%-30s100%016" PRIu64 "%06u%06u%02u",
	    segment->definition, gen.number, ++segment_number, 0,
	    segment->level);
	flat_line(head, segment->fields, HEAD_WIDTH, HEAD_WIDTH + DATA_WIDTH);
}

static const struct segment *open_segments[8];
static unsigned depth;

static void
close_to(unsigned level)
{
	while (depth >= level) {
		gen_put("</");
		gen_put(open_segments[depth--]->type);
		gen_put(">");
	}
}

static void
put_segment(const struct segment *segment)
{
	if (gen.flat) {
		flat_segment(segment);
		return;
	}
	close_to(segment->level);
	gen_put("<");
	gen_put(segment->type);
	gen_put(" SEGMENT=\"1\">");
	xml_fields(segment->fields);
	open_segments[++depth] = segment;
}

static void
put_control(void)
{
	segment_number = 0;
	if (gen.flat) {
		flat_line("", gen_control, 0, CONTROL_WIDTH);
		return;
	}
	gen_put("<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">");
	xml_fields(gen_control);
	gen_put("</EDI_DC40>");
}

void
gen_idoc(unsigned which)
{
	message = &gen_messages[which];
	items = gen.items > 0 ? gen.items : message->few + gen_spread(6, 6);
	item = 0;
	put_control();
	for (const struct segment *at = message->segments; at->level > 0;) {
		const struct segment *group = at;

		if (!at->item) {
			put_segment(at++);
			continue;
		}
		for (item = 0; item < items; item++)
			for (at = group; at->item; at++)
				put_segment(at);
		item = 0;
	}
	if (!gen.flat) {
		close_to(1);
		gen_put("</IDOC>");
	}
}

const char *
gen_idoc_type(unsigned which)
{
	return gen_messages[which].idoctyp;
}

unsigned
gen_idoc_mixed(void)
{
	unsigned share = gen_spread(7, 100), which = 0;

	while (share >= gen_messages[which].share)
		share -= gen_messages[which++].share;
	return which;
}

/* Of twenty documents: an order, its delivery, its invoice. */
unsigned
gen_idoc_line(void)
{
	static const struct {
		unsigned message;
		unsigned behind; /* so many its order */
	} places[20] = {
		{ GEN_CUSTOMER, 0 },
		{ GEN_ORDER, 0 },
		{ GEN_ORDER, 0 },
		{ GEN_ORDER, 0 },
		{ GEN_ADDRESS, 0 },
		{ GEN_DELIVERY, 4 },
		{ GEN_ORDER, 0 },
		{ GEN_MATERIAL, 0 },
		{ GEN_DELIVERY, 6 },
		{ GEN_INVOICE, 8 },
		{ GEN_MOVEMENT, 0 },
		{ GEN_ORDER, 0 },
		{ GEN_DELIVERY, 9 },
		{ GEN_INVOICE, 11 },
		{ GEN_CUSTOMER, 0 },
		{ GEN_ORDER, 0 },
		{ GEN_DELIVERY, 10 },
		{ GEN_INVOICE, 14 },
		{ GEN_ORDER, 0 },
		{ GEN_ADDRESS, 0 },
	};
	unsigned place = (unsigned)(gen.number % 20);

	gen.about = gen.number - places[place].behind;
	return places[place].message;
}
