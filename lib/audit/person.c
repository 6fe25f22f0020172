#include "audit/person.h"

#include "base/text.h"

static bool
has(const struct person_names *names, struct str text)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_eq(names->list[i], text))
			return true;
	return false;
}

static void
add(struct person *person, struct person_names *names, struct str text)
{
	if (text.len == 0 || has(names, text))
		return;
	if (names->count == names->size) {
		struct str *old = names->list;

		names->size = names->size > 0 ? 2 * names->size : 8;
		names->list =
		    arena_array(&person->arena, names->size, sizeof(*old));
		if (old != NULL)
			memcpy(names->list, old, names->count * sizeof(*old));
	}
	names->list[names->count++] = arena_str(&person->arena, text);
}

/* Each first column of the rows; ?1 is the text. */
static enum status
collect(struct person *person, struct state *state, const char *sql,
    struct str text, struct person_names *names, struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(state, sql, diag);
	enum status status;

	sql_text(statement, 1, text);
	while (sql_row(state, statement, &status, diag))
		add(person, names,
		    names == &person->documents
			? str_alpha_out(sql_get_text(statement, 0))
			: sql_get_text(statement, 0));
	return status;
}

#define FACTS                                                                  \
	" FROM (SELECT facts FROM customer WHERE customer = ?1 UNION ALL"      \
	" SELECT facts FROM contact_point WHERE customer = ?1) AS f,"          \
	" json_tree(f.facts) AS t WHERE json_valid(f.facts)"                   \
	" AND t.type = 'text'"

static const char contact_emails[] =
    "SELECT lower(trim(t.atom))" FACTS " AND t.key IN ('email', 'address')"
    " AND t.atom LIKE '%_@_%'"
    " UNION SELECT lower(email) FROM customer WHERE customer = ?1"
    " AND email IS NOT NULL"
    " UNION SELECT lower(sent_email) FROM customer WHERE customer = ?1"
    " AND sent_email IS NOT NULL"
    " UNION SELECT email FROM customer_former WHERE customer = ?1"
    " UNION SELECT lower(email) FROM erasure WHERE customer = ?1"
    " AND email IS NOT NULL"
    " UNION SELECT lower(json_extract(body, '$.email')) FROM outbox"
    " WHERE kind = 1 AND id = ?1 AND json_valid(body)"
    " AND json_extract(body, '$.email') IS NOT NULL";

/* A seq stands under the same keys, and has a point in it. */
static const char contact_phones[] =
    "SELECT t.atom" FACTS " AND t.key IN ('phone', 'number')"
    " AND t.atom NOT LIKE '%.%' AND length(t.atom) >= 7"
    " UNION SELECT phone FROM customer WHERE customer = ?1"
    " AND length(phone) >= 7";

static const char order_emails[] =
    "SELECT DISTINCT lower(trim(t.atom)) FROM order_document AS d,"
    " json_tree(d.facts) AS t WHERE d.order_id = ?1 AND json_valid(d.facts)"
    " AND t.key = 'EMAIL' AND t.type = 'text' AND t.atom LIKE '%_@_%'";

static const char guest_orders[] =
    "SELECT id FROM outbox WHERE kind = 2 AND customer IS NULL"
    " AND json_valid(body)"
    " AND lower(trim(json_extract(body, '$.customer.email'))) = ?1";

static const char order_documents[] =
    "SELECT ?1 UNION SELECT document FROM order_document"
    " WHERE order_id = ?1 AND document NOT IN ('@shop', '@sap')"
    " UNION SELECT delivery FROM shipment_line WHERE web_order = ?1"
    " UNION SELECT s.delivery FROM order_document AS d"
    " JOIN shipment_line AS s ON s.document = d.document"
    " WHERE d.order_id = ?1 AND d.document NOT IN ('@shop', '@sap')";

static enum status
gather_orders(struct person *person, struct state *state, struct diag *diag)
{
	enum status status =
	    collect(person, state, "SELECT id FROM orders WHERE customer = ?1",
		person->customer, &person->orders, diag);

	for (size_t i = 0; i < person->orders.count && status == STATUS_OK; i++)
		status = collect(person, state, order_emails,
		    person->orders.list[i], &person->emails, diag);
	for (size_t i = 0; i < person->emails.count && status == STATUS_OK; i++)
		status = collect(person, state, guest_orders,
		    person->emails.list[i], &person->orders, diag);
	for (size_t i = 0; i < person->orders.count && status == STATUS_OK; i++)
		status = collect(person, state, order_documents,
		    person->orders.list[i], &person->documents, diag);
	return status;
}

static const char sharing_email[] =
    "SELECT customer FROM customer WHERE email IS NOT NULL"
    " AND lower(email) = ?1";
static const char sharing_phone[] =
    "SELECT customer FROM customer WHERE phone = ?1";

/* An address of a household, the phone of a firm. */
static enum status
gather_others(struct person *person, struct state *state, struct diag *diag)
{
	enum status status = STATUS_OK;
	size_t left = 0;

	for (size_t i = 0; i < person->emails.count && status == STATUS_OK; i++)
		status = collect(person, state, sharing_email,
		    person->emails.list[i], &person->others, diag);
	for (size_t i = 0; i < person->phones.count && status == STATUS_OK; i++)
		status = collect(person, state, sharing_phone,
		    person->phones.list[i], &person->others, diag);
	for (size_t i = 0; i < person->others.count; i++)
		if (!str_eq(person->others.list[i], person->customer))
			person->others.list[left++] = person->others.list[i];
	person->others.count = left;
	return status;
}

/* In small letters, as the state is asked. */
static void
add_address(struct person *person, struct str address)
{
	struct buf small = BUF_INIT;

	for (size_t i = 0; i < address.len; i++)
		buf_add_char(&small, text_lower(address.data[i]));
	add(person, &person->emails, buf_str(&small));
	buf_free(&small);
}

enum status
person_gather(struct person *person, struct state *state, struct str customer,
    struct str address, struct diag *diag)
{
	struct person_names known = { .list = NULL };
	enum status status;

	*person = (struct person){ .arena = ARENA_INIT };
	person->customer = arena_str(&person->arena, customer);
	add_address(person, address);
	status = collect(person, state,
	    "SELECT customer FROM customer WHERE customer = ?1", customer,
	    &known, diag);
	person->known = known.count > 0;
	if (status == STATUS_OK)
		status = collect(person, state, contact_emails, customer,
		    &person->emails, diag);
	if (status == STATUS_OK)
		status = collect(person, state, contact_phones, customer,
		    &person->phones, diag);
	if (status == STATUS_OK)
		status = gather_orders(person, state, diag);
	return status == STATUS_OK ? gather_others(person, state, diag)
				   : status;
}

void
person_free(struct person *person)
{
	arena_free(&person->arena);
}

/* Where small letters stand for themselves and capitals. */
static bool
holds(struct str text, struct str word)
{
	if (word.len == 0)
		return false;
	for (size_t at = 0; at + word.len <= text.len; at++)
		if (text_lower(text.data[at]) == word.data[0] &&
		    text_equal_fold((struct str){ text.data + at, word.len },
			word))
			return true;
	return false;
}

bool
person_in_text(const struct person *person, struct str text)
{
	for (size_t i = 0; i < person->emails.count; i++)
		if (holds(text, person->emails.list[i]))
			return true;
	for (size_t i = 0; i < person->phones.count; i++)
		if (holds(text, person->phones.list[i]))
			return true;
	return false;
}

enum meaning {
	OTHER,
	CUSTOMER,
	DOCUMENT
};

/* Fields of IDocs, and keys of records. */
static const struct {
	const char *name;
	enum meaning meaning;
} fields[] = {
	{ "KUNNR", CUSTOMER },
	{ "KUNAG", CUSTOMER },
	{ "KUNWE", CUSTOMER },
	{ "KUNRE", CUSTOMER },
	{ "KUNRG", CUSTOMER },
	{ "PARTN", CUSTOMER },
	{ "PARTNER", CUSTOMER },
	{ "OBJ_ID", CUSTOMER },
	{ "kunnr", CUSTOMER },
	{ "customer", CUSTOMER },
	{ "object_id", CUSTOMER },
	{ "VBELN", DOCUMENT },
	{ "VGBEL", DOCUMENT },
	{ "BELNR", DOCUMENT },
	{ "BSTNK", DOCUMENT },
	{ "BSTKD", DOCUMENT },
	{ "sales_document", DOCUMENT },
	{ "web_order", DOCUMENT },
};

/* What the fields of an IDoc or the values of a line say so far. */
struct sight {
	const struct person *person;
	bool named; /* by the number, or a document of the person's */
	bool held; /* an address or a phone is in it */
	bool other; /* it names somebody who has one of these as well */
};

/* What is about somebody else, and holds no more than what they share, is that
 * one's. */
static bool
is_hers(const struct sight *sight)
{
	return sight->named || (sight->held && !sight->other);
}

static void
see_field(struct sight *sight, struct str name, struct str value)
{
	const struct person *person = sight->person;
	enum meaning meaning = OTHER;
	struct str number;

	if (value.len == 0)
		return;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (str_is(name, fields[i].name))
			meaning = fields[i].meaning;
	number = str_alpha_out(value);
	switch (meaning) {
	case CUSTOMER:
		sight->named |=
		    number.len > 0 && str_eq(number, person->customer);
		sight->other |= has(&person->others, number);
		break;
	case DOCUMENT:
		sight->named |= has(&person->documents, number);
		break;
	case OTHER:
		break;
	}
	sight->held = sight->held || person_in_text(person, value);
}

bool
person_in_idoc(const struct person *person, const struct idoc *idoc)
{
	struct sight sight = { .person = person };
	const struct idoc_segment *at = idoc->root->first;

	while (at != NULL && !sight.named) {
		for (size_t i = 0; i < at->field_count; i++)
			see_field(&sight, at->fields[i].name->name,
			    at->fields[i].value);
		sight.held = sight.held || person_in_text(person, at->tail);
		at = idoc_after(idoc->root, at);
	}
	return is_hers(&sight);
}

/* The id of a customer is its number, at the top and in an order. */
static void
see_json(struct sight *sight, const struct json *node, bool customer,
    struct arena *arena)
{
	JSON_EACH(item, node)
	{
		struct str key = customer && str_is(item->key, "id")
				     ? STR("customer")
				     : item->key;

		if (item->type == JSON_OBJECT || item->type == JSON_ARRAY)
			see_json(sight, item, str_is(item->key, "customer"),
			    arena);
		else
			see_field(sight, key, json_str(item, arena));
	}
}

bool
person_in_line(const struct person *person, struct str line,
    struct json_doc *doc, struct arena *arena)
{
	const struct json *root = json_parse(doc, line);
	struct sight sight = { .person = person };

	if (root == NULL)
		return person_in_bytes(person, line);
	see_json(&sight, root,
	    str_is(json_text(root, "type", arena), "customer"), arena);
	return is_hers(&sight);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number with SAP's zeros before it, and no other digit around. */
static bool
holds_number(struct str bytes, struct str number)
{
	char padded[10];

	if (number.len > sizeof(padded) || !str_all_digits(number))
		return holds(bytes, number);
	memset(padded, '0', sizeof(padded));
	memcpy(padded + sizeof(padded) - number.len, number.data, number.len);
	for (size_t at = 0; at + sizeof(padded) <= bytes.len; at++) {
		const char *p = bytes.data + at;

		if (memcmp(p, padded, sizeof(padded)) == 0 &&
		    (at == 0 || !is_digit(p[-1])) &&
		    (at + sizeof(padded) == bytes.len ||
			!is_digit(p[sizeof(padded)])))
			return true;
	}
	return false;
}

bool
person_in_bytes(const struct person *person, struct str bytes)
{
	struct sight sight = {
		.person = person,
		.named = holds_number(bytes, person->customer),
		.held = person_in_text(person, bytes),
	};

	for (size_t i = 0; i < person->others.count; i++)
		sight.other |= holds_number(bytes, person->others.list[i]);
	return is_hers(&sight);
}
