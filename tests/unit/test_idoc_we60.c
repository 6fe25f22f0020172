/* SAP's parser reports (WE60): good ones, cut ones, wrong and hostile ones. */

#include "base/limits.h"
#include "idoc/we60.h"
#include "tap.h"

#define RECORDS                                                                \
	"BEGIN_RECORD_SECTION\n  BEGIN_DATA_RECORD\n    BEGIN_FIELDS\n"        \
	"      NAME SEGNAM\n      LENGTH 000063\n      CHARACTER_FIRST 1\n\n"  \
	"      NAME SDATA\n      LENGTH 001000\n      CHARACTER_FIRST 64\n"    \
	"    END_FIELDS\n  END_DATA_RECORD\nEND_RECORD_SECTION\n"
#define BEGIN                                                                  \
	"BEGIN_SEGMENT_SECTION\n  BEGIN_IDOC          DEBMAS07\n"              \
	"    EXTENSION           ZDEBMAS\n"
#define END "  END_IDOC\nEND_SEGMENT_SECTION\n"
/* The tail of every wrong segment: what is wrong stands before it. */
#define REST "END_FIELDS\nEND_SEGMENT\n" END

static const char small[] = RECORDS BEGIN
    "    BEGIN_GROUP                  1\n      LEVEL               01\n"
    "      BEGIN_SEGMENT       E2KNA1M005\n"
    "        SEGMENTTYPE         E1KNA1M\n        QUALIFIED\n"
    "        LEVEL               01\n        STATUS              MANDATORY\n"
    "        LOOPMIN             0000000001\n        BEGIN_FIELDS\n"
    "          NAME                MSGFN\n"
    "          TEXT                Gesch\xE4"
    "fts-Funktion NAME X\n"
    "          TYPE                CHARACTER\n"
    "          LENGTH              000003\n"
    "          FIELD_POS           0001\n"
    "          CHARACTER_FIRST     000064\n"
    "          CHARACTER_LAST      000066\n        END_FIELDS\n"
    "      END_SEGMENT\n"
    "      BEGIN_SEGMENT       Z2KNA1E000\n"
    "        SEGMENTTYPE         Z1KNA1E\n        LEVEL               02\n"
    "        BEGIN_FIELDS\n"
    "          NAME                MAIL\n"
    "          LENGTH              000060\n"
    "          CHARACTER_FIRST     000064\n\n"
    "          NAME                SHOE\n"
    "          LENGTH              000004\n"
    "          CHARACTER_FIRST     000124\n        END_FIELDS\n"
    "      END_SEGMENT\n    END_GROUP\n" END;

static char why[700];

/* The status; why says file, line and message. */
static enum status
read_into(struct dictionary *dictionary, struct str report)
{
	struct diag diag = { 0 };
	enum status status = we60_read(dictionary, report, "r.txt", &diag);

	snprintf(why, sizeof(why), "%s:%zu: %s", diag.file, diag.line,
	    diag.message);
	return status;
}

static enum status
read_text(struct str report)
{
	struct dictionary *dictionary = dictionary_new();
	enum status status = read_into(dictionary, report);

	dictionary_free(dictionary);
	return status;
}

static void
test_good(void)
{
	struct dictionary *dictionary = dictionary_new();
	const struct dictionary_segment *customer, *mine;
	const struct dictionary_layout *layout;

	IS_INT(read_into(dictionary, str_of(small)), STATUS_OK, "a report");
	customer = dictionary_find(dictionary, STR("E1KNA1M"));
	mine = dictionary_find(dictionary, STR("Z1KNA1E"));
	OK(mine != NULL && customer != NULL, "its segments");
	if (mine == NULL || customer == NULL)
		return;
	layout = dictionary_layout(mine, STR("Z2KNA1E000"));
	OK(layout != NULL && layout->field_count == 2 && layout->width == 64,
	    "two fields");
	if (layout == NULL)
		return;
	IS_STR(layout->fields[1].name, "SHOE", "by name");
	OK(layout->fields[1].offset == 60 && layout->fields[1].length == 4 &&
		layout->fields[1].trust == DICTIONARY_EXACT,
	    "place and trust");
	IS_STR(layout->source, "r.txt", "from that file");
	OK(dictionary_allows(customer, mine) && !mine->top && customer->top,
	    "levels make the tree");
	dictionary_free(dictionary);
}

/* The same with CRLF, a mark, old words, and twice in one file. */
static void
test_forms(void)
{
	struct buf text = BUF_INIT;
	const char *old =
	    BEGIN "BEGIN_SEGMENT Z2A\nSEGMENTTYPE Z1A\nLEVEL 01\n"
		  "BEGIN_FIELDS\nNAME /CWM/X_1\nTEXT\nLENGTH 3\n"
		  "BYTE_FIRST 64\nBYTE_LAST 66\nNEW_ATTRIBUTE x\n" REST;

	buf_add_text(&text, "\xEF\xBB\xBF\r\n");
	for (const char *at = small; *at != '\0'; at++) {
		if (*at == '\n')
			buf_add_char(&text, '\r');
		buf_add_char(&text, *at);
	}
	IS_INT(read_text(buf_str(&text)), STATUS_OK, "CRLF and a mark");
	IS_INT(read_text(str_of(old)), STATUS_OK, "bytes, no record section");
	buf_clear(&text);
	buf_add_text(&text, small);
	buf_add_text(&text, old);
	IS_INT(read_text(buf_str(&text)), STATUS_OK, "one behind the other");
	/* Release 3: SDATA begins elsewhere. */
	IS_INT(read_text(STR("BEGIN_RECORD_SECTION\nBEGIN_DATA_RECORD\n"
			     "BEGIN_FIELDS\nNAME TABNAM\nLENGTH 55\n"
			     "CHARACTER_FIRST 1\nNAME SDATA\nLENGTH 1000\n"
			     "CHARACTER_FIRST 56\nEND_FIELDS\n"
			     "END_DATA_RECORD\nEND_RECORD_SECTION\n" BEGIN
			     "BEGIN_SEGMENT Z2A\nSEGMENTTYPE Z1A\nLEVEL 1\n"
			     "BEGIN_FIELDS\nNAME X\nLENGTH 3\n"
			     "CHARACTER_FIRST 56\n" REST)),
	    STATUS_OK, "the header of release 3");
	buf_free(&text);
}

/* Every start of a report but the whole one is refused. */
static void
test_cut(void)
{
	size_t taken = 0, len = strlen(small);
	bool good = true;

	/* Its last newline may be missing. */
	for (size_t i = 0; i < len - 1; i++) {
		char *copy = mem_str((struct str){ small, i });

		if (read_text((struct str){ copy, i }) != STATUS_CONFIG)
			taken++;
		good = good && strncmp(why, "r.txt:", 6) == 0;
		free(copy);
	}
	IS_INT(taken, 0, "a cut report is refused, wherever");
	OK(good, "with its name");
	IS_INT(read_text((struct str){ small, len - 1 }), STATUS_OK,
	    "but for the last newline");
}

#define SEGMENT "BEGIN_SEGMENT Z2A\nSEGMENTTYPE Z1A\nLEVEL 01\n"
#define FIELDS BEGIN SEGMENT "BEGIN_FIELDS\n"

static void
test_wrong(void)
{
	static const struct {
		const char *report, *want;
	} table[] = {
		{ "", "r.txt:0: empty: no parser report" },
		{ "{\"v\":1}\n", "r.txt:1: no parser report of transaction "
				 "WE60: '{\\x22v\\x22:1}'" },
		{ "\n\nEDI_DC40  100\n",
		    "r.txt:3: no parser report of transaction WE60: "
		    "'EDI_DC40  100'" },
		{ RECORDS, "r.txt:13: the report breaks off" },
		{ FIELDS "NAME A\nLENGTH 3\nCHARACTER_FIRST 64\n"
			 "NAME B\nLENGTH 3\nCHARACTER_FIRST 66\n" REST,
		    "r.txt:11: does not begin where the field before it "
		    "ends: field 'B'" },
		{ FIELDS "NAME A\nLENGTH 3\nCHARACTER_FIRST 64\n"
			 "NAME B\nLENGTH 3\nCHARACTER_FIRST 68\n" REST,
		    "r.txt:11: does not begin where the field before it "
		    "ends: field 'B'" },
		{ FIELDS "NAME A\nLENGTH 1001\nCHARACTER_FIRST 64\n" REST,
		    "r.txt:8: longer than 1000 characters: field 'A'" },
		{ FIELDS "NAME A\nLENGTH 600\nCHARACTER_FIRST 64\n"
			 "NAME B\nLENGTH 600\nCHARACTER_FIRST 664\n" REST,
		    "r.txt:11: the segment is longer than 1000 "
		    "characters at field 'B'" },
		{ FIELDS "NAME A\nLENGTH 3\nCHARACTER_FIRST 64\n"
			 "CHARACTER_LAST 67\n" REST,
		    "r.txt:8: LENGTH and CHARACTER_LAST disagree in field 'A'" },
		{ FIELDS "NAME A\nLENGTH 3\nCHARACTER_FIRST 64\n"
			 "FIELD_POS 2\n" REST,
		    "r.txt:8: FIELD_POS does not count up in field 'A'" },
		{ FIELDS "NAME A\nLENGTH 3\n" REST,
		    "r.txt:8: LENGTH or CHARACTER_FIRST is missing in field 'A'" },
		{ FIELDS "NAME A\nLENGTH 0\n",
		    "r.txt:9: not a number from 1 on: '0'" },
		{ FIELDS "NAME A\nLENGTH -3\n",
		    "r.txt:9: not a number from 1 on: '-3'" },
		{ FIELDS "LENGTH 3\n", "r.txt:8: belongs to no field: "
				       "'LENGTH'" },
		{ FIELDS "NAME a\n", "r.txt:8: not a name of SAP: 'a'" },
		{ FIELDS "NAME\n", "r.txt:8: a name is missing" },
		{ FIELDS "NAME ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE\n",
		    "r.txt:8: longer than 30 characters: name "
		    "'ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE'" },
		{ FIELDS REST, "r.txt:9: no fields in segment 'Z2A'" },
		{ BEGIN "BEGIN_SEGMENT Z2A\nLEVEL 1\nBEGIN_FIELDS\nNAME A\n"
			"LENGTH 1\nCHARACTER_FIRST 64\n" REST,
		    "r.txt:11: no SEGMENTTYPE in segment 'Z2A'" },
		{ BEGIN "BEGIN_SEGMENT Z2A\nSEGMENTTYPE Z1A\nBEGIN_FIELDS\n"
			"NAME A\nLENGTH 1\nCHARACTER_FIRST 64\n" REST,
		    "r.txt:11: no LEVEL in segment 'Z2A'" },
		{ FIELDS "NAME A\nLENGTH 1\nCHARACTER_FIRST 64\nEND_FIELDS\n"
			 "END_SEGMENT\nBEGIN_SEGMENT Z2A\nSEGMENTTYPE Z1A\n"
			 "LEVEL 03\nBEGIN_FIELDS\nNAME A\nLENGTH 1\n"
			 "CHARACTER_FIRST 64\n" REST,
		    "r.txt:21: nothing stands one level above segment "
		    "'Z2A'" },
		{ BEGIN "END_GROUP\n",
		    "r.txt:4: ends what was not begun: 'END_GROUP'" },
		{ BEGIN "BEGIN_FIELDS\n",
		    "r.txt:4: out of place: 'BEGIN_FIELDS'" },
		{ BEGIN "BEGIN_VALUES\n",
		    "r.txt:4: unknown in a parser report: 'BEGIN_VALUES'" },
		{ BEGIN "<html>\n",
		    "r.txt:4: not a line of a parser report: '<html>'" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		enum status status = read_text(str_of(table[i].report));

		OK(status == STATUS_CONFIG, "refused with exit 78");
		IS_STR(why, table[i].want, "with line and reason");
	}
}

static void
test_hostile(void)
{
	struct buf text = BUF_INIT;
	char *bytes;

	read_text((struct str){ "B\0E\0G\0", 6 });
	IS_STR(why,
	    "r.txt:1: a NUL byte: save the report as plain text, not as UTF-16",
	    "UTF-16");
	buf_add_text(&text, BEGIN);
	for (int i = 0; i < 1000; i++)
		buf_add_text(&text, "BEGIN_GROUP 1\n");
	IS_INT(read_text(buf_str(&text)), STATUS_CONFIG, "deep groups");
	IS_STR(why, "r.txt:42: nested too deeply: 'BEGIN_GROUP'",
	    "are said to be so");
	buf_clear(&text);
	buf_add_text(&text, BEGIN);
	for (int i = 1; i < 40; i++)
		buf_add_format(&text,
		    "BEGIN_SEGMENT Z2A%02d000\nSEGMENTTYPE Z1A%02d\n"
		    "LEVEL %d\nBEGIN_FIELDS\nNAME A\nLENGTH 1\n"
		    "CHARACTER_FIRST 64\nEND_FIELDS\nEND_SEGMENT\n",
		    i, i, i);
	IS_INT(read_text(buf_str(&text)), STATUS_CONFIG, "deep levels");
	buf_clear(&text);
	buf_add_text(&text, BEGIN);
	for (int i = 0; i < DICTIONARY_ADDED + 1; i++)
		buf_add_format(&text,
		    "BEGIN_SEGMENT Z2A%d\nSEGMENTTYPE Z1A%d\n"
		    "LEVEL 1\nBEGIN_FIELDS\nNAME A\nLENGTH 1\n"
		    "CHARACTER_FIRST 64\nEND_FIELDS\nEND_SEGMENT\n",
		    i, i);
	IS_INT(read_text(buf_str(&text)), STATUS_CONFIG, "many segments");
	OK(strstr(why, "too many segments") != NULL, "are said to be so");
	buf_clear(&text);
	buf_add_text(&text, FIELDS);
	for (int i = 0; i < 1001; i++)
		buf_add_format(&text, "NAME A\nLENGTH 1\nCHARACTER_FIRST %d\n",
		    i + 64);
	IS_INT(read_text(buf_str(&text)), STATUS_CONFIG, "many fields");
	buf_free(&text);
	bytes = mem_zero(1, WE60_MAX + 1);
	memset(bytes, '\n', WE60_MAX + 1);
	IS_INT(read_text((struct str){ bytes, WE60_MAX }), STATUS_CONFIG,
	    "16 MiB of nothing");
	IS_STR(why, "r.txt:16777216: the report breaks off", "to its end");
	IS_INT(read_text((struct str){ bytes, WE60_MAX + 1 }), STATUS_CONFIG,
	    "and no more");
	for (size_t i = 0; i < 4096; i++)
		bytes[i] = (char)(i * 2654435761U >> 7);
	IS_INT(read_text((struct str){ bytes, 4096 }), STATUS_CONFIG,
	    "bytes without sense");
	free(bytes);
}

int
main(void)
{
	test_good();
	test_forms();
	test_cut();
	test_wrong();
	test_hostile();
	DONE();
}
