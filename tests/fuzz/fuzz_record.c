/*
 * Record lines: what record_parse() takes keeps its meaning when it is stamped
 * with a source, and the quick look at a type never contradicts it.
 */

#include "fuzz.h"
#include "record/record.h"

static void
check_stamp(const struct record *record)
{
	const struct record_src src = { .sys = STR("shop"),
		.docnum = STR("#0123456789abcdef"),
		.mestyp = STR("order"),
		.file = STR("in/\"a\".jsonl"),
		.n = 7,
		.r = 1 };
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	struct buf line = BUF_INIT;
	struct record stamped;
	struct diag diag;

	record_stamp(&line, record, STR("20260302080000.0000000000000001"),
	    &src);
	REQUIRE(record_parse(&stamped, &doc, &arena, buf_str(&line), &diag) ==
		    STATUS_OK,
	    "a stamped record is a record");
	REQUIRE(stamped.type == record->type &&
		    str_eq(stamped.id, record->id) && stamped.src.n == 7 &&
		    str_eq(stamped.src.file, src.file),
	    "the stamp is what was asked for, and nothing else changes");
	json_doc_free(&doc);
	arena_free(&arena);
	buf_free(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str line = { (const char *)data, size };
	struct json_doc doc = JSON_DOC_INIT;
	struct arena arena = ARENA_INIT;
	enum record_type sniffed = record_sniff(line);
	struct record record;
	struct diag diag;

	if (record_parse(&record, &doc, &arena, line, &diag) == STATUS_OK) {
		REQUIRE(sniffed == RECORD_UNKNOWN || sniffed == record.type,
		    "the first bytes do not lie");
		REQUIRE(record.id.len > 0, "a record has an id");
		if (record.src.docnum.len == 0 && record.seq.len == 0)
			check_stamp(&record);
	} else {
		REQUIRE(diag.message[0] != '\0', "a refusal has its reason");
	}
	json_doc_free(&doc);
	arena_free(&arena);
	return 0;
}
