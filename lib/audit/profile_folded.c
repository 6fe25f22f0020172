#include "audit/profile_parts.h"

#include "base/country.h"
#include "fold/contact.h"
#include "ometria/facts.h"
#include "sku/sku_twin.h"

/* --- contacts --- */

static enum status
check_email(struct profile *profile, struct str customer, struct str address,
    struct diag *diag)
{
	if (address.len == 0)
		return STATUS_OK;
	profile->seen[PROFILE_EMAILS]++;
	return contact_email_valid(address)
		   ? STATUS_OK
		   : profile_mark(profile, "email-invalid", customer, diag);
}

static enum status
check_phone(struct profile *profile, struct str customer, struct str number,
    struct diag *diag)
{
	if (number.len == 0)
		return STATUS_OK;
	profile->seen[PROFILE_PHONES]++;
	return contact_phone_valid(number)
		   ? STATUS_OK
		   : profile_mark(profile, "phone-invalid", customer, diag);
}

static enum status
check_postcode(struct profile *profile, struct str customer,
    const struct json *facts, struct diag *diag)
{
	struct str country = json_text(facts, "country", &profile->arena);
	struct str postcode = json_text(facts, "postcode", &profile->arena);

	if (postcode.len == 0)
		return STATUS_OK;
	profile->seen[PROFILE_POSTCODES]++;
	return country_postcode_fits(country, postcode)
		   ? STATUS_OK
		   : profile_mark(profile, "postcode-invalid", customer, diag);
}

/* General data and an address part have their own keys. */
static enum status
check_facts(struct profile *profile, struct str customer, struct str text,
    struct diag *diag)
{
	const struct json *facts = json_parse(&profile->doc, text);
	struct arena *arena = &profile->arena;
	enum status status;

	if (facts == NULL)
		return STATUS_OK;
	status = check_email(profile, customer,
	    json_text(facts, "email", arena), diag);
	if (status == STATUS_OK)
		status = check_phone(profile, customer,
		    json_text(facts, "phone", arena), diag);
	if (status == STATUS_OK)
		status = check_postcode(profile, customer, facts, diag);
	JSON_EACH(item, json_get(facts, "emails"))
	{
		if (status == STATUS_OK)
			status = check_email(profile, customer,
			    json_text(item, "address", arena), diag);
	}
	JSON_EACH(item, json_get(facts, "phones"))
	{
		if (status == STATUS_OK)
			status = check_phone(profile, customer,
			    json_text(item, "number", arena), diag);
	}
	return status;
}

static enum status
look_at_contacts(struct profile *profile, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(profile->state,
	    "SELECT customer, facts FROM customer WHERE facts IS NOT NULL"
	    " UNION ALL SELECT customer, facts FROM contact_point",
	    diag);
	enum status status;

	while (sql_row(profile->state, rows, &status, diag)) {
		arena_reset(&profile->arena);
		status = check_facts(profile, sql_get_text(rows, 0),
		    sql_get_text(rows, 1), diag);
		if (status != STATUS_OK)
			break;
	}
	return status;
}

/* --- materials --- */

static enum status
add_twin(struct profile *profile, struct str key, sqlite3_stmt *row,
    struct diag *diag)
{
	sqlite3_stmt *statement = state_sql(profile->state,
	    "INSERT OR IGNORE INTO profile_twin VALUES(?1, ?2, ?3)", diag);

	sql_text(statement, 1, key);
	sql_text(statement, 2, sql_get_text(row, 1));
	sql_text(statement, 3, sql_get_text(row, 0));
	return sql_run(profile->state, statement, diag);
}

static enum status
look_at_materials(struct profile *profile, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(profile->state,
	    "SELECT material, sku FROM sku WHERE sku <> ''", diag);
	struct buf key = BUF_INIT;
	enum status status;

	while (sql_row(profile->state, rows, &status, diag)) {
		sku_twin_key(sql_get_text(rows, 1), &key);
		if (key.len > 0)
			status = add_twin(profile, buf_str(&key), rows, diag);
		if (status != STATUS_OK)
			break;
	}
	buf_free(&key);
	return status;
}

/* --- Ometria's limits --- */

static enum status
check_payload(struct profile *profile, sqlite3_stmt *row, struct buf *payload,
    struct diag *diag)
{
	struct payload_facts facts = {
		.collection = str_of(
		    config_text(profile->config, "ometria", NULL, "collection"))
	};
	struct facts_query query = { .state = profile->state,
		.kind = (enum desired_kind)sql_get_int(row, 0),
		.id = sql_get_text(row, 1),
		.body = sql_get_text(row, 2),
		.customer = sql_get_text(row, 3),
		.doc = &profile->doc,
		.arena = &profile->arena };
	struct payload_fault fault;
	enum status status = facts_learn(&facts, &query, diag);

	buf_clear(payload);
	if (status != STATUS_OK ||
	    payload_make(payload, query.kind, query.body, &facts, &profile->doc,
		&profile->arena, &fault) != PAYLOAD_FAULTY)
		return status;
	buf_clear(&profile->id);
	buf_add_format(&profile->id, "%s ", desired_kind_name(query.kind));
	buf_add_str(&profile->id, query.id);
	buf_add_format(&profile->id, " %s", fault.field);
	return profile_mark(profile, "field-limit", buf_str(&profile->id),
	    diag);
}

static enum status
look_at_payloads(struct profile *profile, struct diag *diag)
{
	sqlite3_stmt *rows = state_sql(profile->state,
	    "SELECT kind, id, body, customer FROM outbox", diag);
	struct buf payload = BUF_INIT;
	enum status status;

	while (sql_row(profile->state, rows, &status, diag)) {
		arena_reset(&profile->arena);
		status = check_payload(profile, rows, &payload, diag);
		if (status != STATUS_OK)
			break;
	}
	buf_free(&payload);
	return status;
}

enum status
profile_folded(struct profile *profile, struct diag *diag)
{
	enum status status = look_at_contacts(profile, diag);

	if (status == STATUS_OK)
		status = look_at_materials(profile, diag);
	return status == STATUS_OK ? look_at_payloads(profile, diag) : status;
}
