#include "audit/diff_write.h"

#include "base/text.h"

#define CELL_MAX 1000 /* bytes of a value */

/* The last names of fields that tell who somebody is. */
static const char *const personal[] = { "email", "firstname", "lastname",
	"middlename", "phone_number", "identity_email",
	"identity_phone_number" };

static bool
is_personal(struct str field)
{
	for (size_t i = field.len; i > 0; i--)
		if (field.data[i - 1] == '.') {
			field = str_from(field, i);
			break;
		}
	for (size_t i = 0; i < sizeof(personal) / sizeof(personal[0]); i++)
		if (str_is(field, personal[i]))
			return true;
	return false;
}

/* An object may hold whatever it likes: none of it is shown. */
static bool
is_whole_person(const struct diff_finding *finding)
{
	return str_is(finding->field, "customer");
}

/* The text of a JSON string; other values as they are written. */
static struct str
text_of(struct diff_writer *writer, struct str value)
{
	struct json node = { .raw = value, .type = JSON_STRING };

	if (value.len < 2 || value.data[0] != '"')
		return value;
	node.escaped = memchr(value.data, '\\', value.len) != NULL;
	return json_str(&node, &writer->arena);
}

static struct str
masked(struct diff_writer *writer, const struct diff_finding *finding,
    struct str value)
{
	struct str parts[2];

	value = text_of(writer, value);
	if (writer->unmask || value.len == 0)
		return value;
	if (is_whole_person(finding))
		return STR("***");
	if (!is_personal(finding->field) || finding->class == DIFF_EMAIL)
		return value;
	parts[0] = text_cut(value, 1);
	parts[1] = STR("***");
	return arena_join(&writer->arena, parts, 2);
}

enum status
diff_write_head(struct diff_writer *writer, struct diag *diag)
{
	return writer->json
		   ? STATUS_OK
		   : out_line(writer->out,
			 STR("class\tkind\tid\tfield\tsap\tometria\tage"),
			 diag);
}

static void
add_cell(struct diff_writer *writer, struct str text)
{
	if (text.len > 0)
		buf_add_text(&writer->line,
		    text_message(&writer->cell, text, CELL_MAX));
	buf_clear(&writer->cell);
	buf_add_char(&writer->line, '\t');
}

static void
put_table(struct diff_writer *writer, const char *class,
    const struct diff_finding *finding)
{
	char age[32] = "";

	buf_add_text(&writer->line, class);
	buf_add_char(&writer->line, '\t');
	add_cell(writer, str_of(desired_kind_name(finding->kind)));
	add_cell(writer, finding->id);
	add_cell(writer, finding->field);
	add_cell(writer, masked(writer, finding, finding->sap));
	add_cell(writer, masked(writer, finding, finding->ometria));
	if (finding->age >= 0)
		duration_format(finding->age, age, sizeof(age));
	buf_add_text(&writer->line, age);
}

static void
put_json(struct diff_writer *writer, const char *class,
    const struct diff_finding *finding)
{
	struct jsonw w = jsonw_start(&writer->line);

	jsonw_open(&w, '{');
	jsonw_member(&w, "class", str_of(class));
	jsonw_member(&w, "kind", str_of(desired_kind_name(finding->kind)));
	jsonw_member(&w, "id", finding->id);
	jsonw_member(&w, "field", finding->field);
	jsonw_member(&w, "sap", masked(writer, finding, finding->sap));
	jsonw_member(&w, "ometria", masked(writer, finding, finding->ometria));
	if (finding->age >= 0)
		jsonw_member_int(&w, "age", finding->age);
	jsonw_close(&w, '}');
}

static enum status
put(struct diff_writer *writer, const char *class,
    const struct diff_finding *finding, struct diag *diag)
{
	arena_reset(&writer->arena);
	buf_clear(&writer->line);
	if (writer->json)
		put_json(writer, class, finding);
	else
		put_table(writer, class, finding);
	return out_line(writer->out, buf_str(&writer->line), diag);
}

enum status
diff_write(struct diff_writer *writer, const struct diff_finding *finding,
    struct diag *diag)
{
	return put(writer, diff_class_name(finding->class), finding, diag);
}

enum status
diff_write_repair(struct diff_writer *writer, const char *class,
    enum desired_kind kind, struct str id, struct diag *diag)
{
	struct diff_finding finding = { .kind = kind, .id = id, .age = -1 };

	return put(writer, class, &finding, diag);
}

enum status
diff_write_revenue(struct diff_writer *writer, const struct revenue_row *row,
    struct diag *diag)
{
	struct diff_finding finding = { .kind = DESIRED_ORDER,
		.id = row->day,
		.field = row->channel,
		.age = -1 };

	for (int i = 0; i < REVENUE_SIDES && !row->lost; i++) {
		buf_clear(&writer->sums[i]);
		decimal_add_to(&writer->sums[i], row->sums[i]);
	}
	if (!row->lost) {
		finding.sap = buf_str(&writer->sums[REVENUE_SAP]);
		finding.ometria = buf_str(&writer->sums[REVENUE_OMETRIA]);
	}
	return put(writer, "revenue", &finding, diag);
}

void
diff_writer_free(struct diff_writer *writer)
{
	buf_free(&writer->line);
	buf_free(&writer->cell);
	for (int i = 0; i < REVENUE_SIDES; i++)
		buf_free(&writer->sums[i]);
	arena_free(&writer->arena);
}
