#ifndef SANDBOX_STORE_H
#define SANDBOX_STORE_H

/*
 * What the local Ometria keeps, in SQLite: records, profiles, the push queue,
 * push errors, and for tests the journal of requests, the history of accepted
 * records and the warnings.
 *
 * Nothing here is meant to survive a power cut (synchronous is off). A failed
 * SQL statement means a broken test bed: store_* say so on standard error and
 * end the process with STATUS_BUG, so callers need no error paths. Texts that
 * come out of a statement are valid until its next store_step or store_reset.
 */

#include <sqlite3.h>

#include "base/buf.h"
#include "base/instant.h"

/* Filters: NULL, or for ranges INT64_MIN and INT64_MAX, lets all pass. */
#define STORE_RECORDS                                                          \
	"SELECT collection, body FROM record WHERE type = ?1 "                 \
	"AND (?2 IS NULL OR collection = ?2) "                                 \
	"AND (?3 IS NULL OR customer_id = ?3) "                                \
	"AND (?4 IS NULL OR email = ?4) "                                      \
	"AND updated >= ?5 AND updated < ?6 "                                  \
	"AND created >= ?7 AND created < ?8 "                                  \
	"AND at >= ?9 AND at < ?10 "                                           \
	"AND (?11 IS NULL OR active = ?11) "                                   \
	"AND (?12 IS NULL OR variant = ?12) "

#define STORE_CAMPAIGNS(kind)                                                  \
	"SELECT name, coalesce(json_extract(rule, '$.marketing'), 1), "        \
	"coalesce(json_extract(rule, '$." kind ".wait'), 0), "                 \
	"coalesce(json_extract(rule, '$." kind ".send'), 0) "                  \
	"FROM campaign WHERE kind = '" kind "' "
#define STORE_CONDITION(rule, key)                                             \
	"AND (json_extract(rule, '$.order." rule "') IS NULL "                 \
	"OR json_extract(rule, '$.order." rule "') IS "                        \
	"json_extract(body, '$." key "')) "

#define STORE_STATEMENTS(X)                                                                        \
	X(BEGIN, "BEGIN IMMEDIATE")                                                                \
	X(COMMIT, "COMMIT")                                                                        \
	X(JOURNAL_ADD,                                                                             \
	    "INSERT INTO journal(time, method, path, status, type, count, "                        \
	    "ids, hash) VALUES (?1, ?2, ?3, 0, '', 0, '', '')")                                    \
	X(JOURNAL_END,                                                                             \
	    "UPDATE journal SET status = ?2, request_id = ?3, type = ?4, "                         \
	    "count = ?5, ids = ?6, hash = ?7 WHERE seq = ?1")                                      \
	X(HISTORY_ADD, "INSERT INTO history(request, type, id, body) "                             \
		       "VALUES (?1, ?2, ?3, ?4)")                                                  \
	X(QUEUE_ADD, "INSERT INTO queue(seq, due) VALUES (?1, ?2)")                                \
	X(QUEUE_COUNT, "SELECT count(*), min(due) FROM queue")                                     \
	X(QUEUE_NEXT,                                                                              \
	    "SELECT q.seq, h.request, h.body, j.request_id FROM queue q "                          \
	    "JOIN history h ON h.seq = q.seq "                                                     \
	    "LEFT JOIN journal j ON j.seq = h.request "                                            \
	    "WHERE q.due <= ?1 ORDER BY q.seq LIMIT 1")                                            \
	X(QUEUE_NEXT_OF_ALL,                                                                       \
	    "SELECT q.seq, h.request, h.body, j.request_id FROM queue q "                          \
	    "JOIN history h ON h.seq = q.seq "                                                     \
	    "LEFT JOIN journal j ON j.seq = h.request "                                            \
	    "ORDER BY CASE ?1 WHEN 0 THEN h.request WHEN 1 THEN -h.request "                       \
	    "ELSE (h.request + ?3) * 7919 % 10007 END, "                                           \
	    "CASE ?2 WHEN 0 THEN q.seq WHEN 1 THEN -q.seq "                                        \
	    "ELSE (q.seq + ?3) * 7919 % 10007 END LIMIT 1")                                        \
	X(LOSE_ADD, "INSERT OR IGNORE INTO lost(type, id) SELECT "                                 \
		    "json_extract(?1, '$.type'), json_extract(?1, '$.id') "                        \
		    "WHERE CASE WHEN json_valid(?1) THEN "                                         \
		    "json_extract(?1, '$.id') <> '' END")                                          \
	X(LOSE_FIND, "SELECT 1 FROM lost WHERE type = ?1 AND id = ?2")                             \
	X(QUEUE_DROP, "DELETE FROM queue WHERE seq = ?1")                                          \
	X(RECORD_FIND, "SELECT n, body, forced, profile FROM record "                              \
		       "WHERE type = ?1 AND collection = ?2 AND id = ?3")                          \
	X(RECORD_PUT,                                                                              \
	    "INSERT INTO record(type, collection, id, body, created, "                             \
	    "updated, touch, at, customer_id, email, active, variant, forced, "                    \
	    "profile) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, "                       \
	    "?11, ?12, ?13) ON CONFLICT (type, collection, id) DO UPDATE SET "                     \
	    "body = excluded.body, updated = excluded.updated, "                                   \
	    "touch = excluded.touch, at = excluded.at, "                                           \
	    "customer_id = excluded.customer_id, email = excluded.email, "                         \
	    "active = excluded.active, variant = excluded.variant, "                               \
	    "forced = excluded.forced, profile = excluded.profile")                                \
	X(RECORDS_BY_AGE, STORE_RECORDS "ORDER BY n LIMIT ?13 OFFSET ?14")                         \
	X(RECORDS_BY_TOUCH,                                                                        \
	    STORE_RECORDS "ORDER BY touch LIMIT ?13 OFFSET ?14")                                   \
	X(COLLECTIONS,                                                                             \
	    "SELECT DISTINCT collection FROM record WHERE type = ?1 "                              \
	    "ORDER BY 1 LIMIT ?2 OFFSET ?3")                                                       \
	X(PROFILE_BY_CUSTOMER, "SELECT n FROM profile WHERE customer_id = ?1")                     \
	X(PROFILE_BY_EMAIL,                                                                        \
	    "SELECT n, customer_id IS NULL FROM profile WHERE email = ?1 "                         \
	    "ORDER BY customer_id IS NOT NULL, n LIMIT 2")                                         \
	X(PROFILE_NEW,                                                                             \
	    "INSERT INTO profile(customer_id, email) VALUES (?1, ?2)")                             \
	X(PROFILE_SET,                                                                             \
	    "UPDATE profile SET customer_id = coalesce(?2, customer_id), "                         \
	    "email = coalesce(?3, email) WHERE n = ?1")                                            \
	X(PROFILE_LIST,                                                                            \
	    "SELECT n FROM profile p WHERE (?1 IS NULL OR email = ?1) "                            \
	    "AND (?2 IS NULL OR n = ?2) "                                                          \
	    "AND EXISTS (SELECT 1 FROM record r WHERE r.profile = p.n "                            \
	    "AND r.updated >= ?3) ORDER BY n LIMIT ?4 OFFSET ?5")                                  \
	X(PROFILE_IDENTITY, "SELECT customer_id, email FROM profile "                              \
			    "WHERE n = ?1")                                                        \
	X(PROFILE_RECORDS,                                                                         \
	    "SELECT type, body, forced FROM record WHERE profile = ?1 "                            \
	    "ORDER BY type, touch, n")                                                             \
	X(LIST_ADD, "INSERT OR IGNORE INTO list_member(list, collection, id) "                     \
		    "VALUES (?1, ?2, ?3)")                                                         \
	X(LIST_DROP, "DELETE FROM list_member WHERE list = ?1 AND "                                \
		     "collection = ?2 AND id = ?3")                                                \
	X(ERROR_ADD,                                                                               \
	    "INSERT INTO error(request, request_id, record_type, record_id, "                      \
	    "record, time, message, path) "                                                        \
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                             \
	X(ERROR_LIST,                                                                              \
	    "SELECT request_id, record_type, record_id, record, time, "                            \
	    "message, path FROM error ORDER BY seq DESC LIMIT 100")                                \
	X(WARNING_ADD, "INSERT INTO warning(request, code, type, id, detail) "                     \
		       "VALUES (?1, ?2, ?3, ?4, ?5)")                                              \
	X(ERASE_ADD, "INSERT INTO deletion(email, hashed, comment, time) "                         \
		     "VALUES (?1, ?2, ?3, ?4)")                                                    \
	X(ERASE_RECORDS,                                                                           \
	    "UPDATE record SET email = ?2, body = CASE type WHEN 'contact' "                       \
	    "THEN json_set(json_remove(body, '$.firstname', '$.lastname', "                        \
	    "'$.prefix', '$.phone_number'), '$.email', ?2) ELSE "                                  \
	    "json_set(json_remove(body, '$.customer.firstname', "                                  \
	    "'$.customer.lastname', '$.shipping_address', "                                        \
	    "'$.billing_address'), '$.customer.email', ?2) END "                                   \
	    "WHERE email = ?1 AND type IN ('contact', 'order')")                                   \
	X(ERASE_PROFILES, "UPDATE profile SET email = ?2 WHERE email = ?1")                        \
	X(ERASE_LIST, "SELECT n, comment, hashed, time FROM deletion "                             \
		      "WHERE ?1 IS NULL OR n = ?1 ORDER BY n DESC")                                \
	X(ERASE_WAS, "SELECT 1 FROM deletion WHERE email = ?1 LIMIT 1")                            \
	X(CAMPAIGN_ADD,                                                                            \
	    "INSERT OR REPLACE INTO campaign(name, kind, rule) "                                   \
	    "SELECT json_extract(?1, '$.name'), k.value, ?1 FROM "                                 \
	    "json_each('[\"event\", \"order\", \"basket\"]') k "                                   \
	    "WHERE CASE WHEN json_valid(?1) THEN json_extract(?1, '$.name') <> '' "                \
	    "AND json_type(?1, '$.' || k.value) IS NOT NULL END LIMIT 1")                          \
	X(CAMPAIGN_EVENTS,                                                                         \
	    STORE_CAMPAIGNS("event") "AND json_extract(rule, '$.event') = ?1")                     \
	X(CAMPAIGN_BASKETS, STORE_CAMPAIGNS("basket"))                                             \
	X(CAMPAIGN_ORDERS,                                                                         \
	    STORE_CAMPAIGNS(                                                                       \
		"order") "AND EXISTS (SELECT 1 FROM record r WHERE type = 'order' "                \
			 "AND collection = '' AND id = ?1 " STORE_CONDITION(                       \
			     "status", "status") STORE_CONDITION("channel",                        \
			     "channel") STORE_CONDITION("store",                                   \
			     "store") STORE_CONDITION("coupon",                                    \
			     "coupon_code") "AND coalesce(json_extract(body, '$.grand_total') >= " \
					    "json_extract(rule, '$.order.grand_total'), 1) "       \
					    "AND coalesce((SELECT count(*) FROM record o WHERE "   \
					    "o.profile = r.profile AND o.type = 'order' AND "      \
					    "coalesce(json_extract(o.body, '$.is_valid'), 1)) = "  \
					    "json_extract(rule, '$.order.nth'), 1))")              \
	X(CAMPAIGN_ORDER,                                                                          \
	    "SELECT json_extract(body, '$.status'), profile, at FROM record "                      \
	    "WHERE type = 'order' AND collection = '' AND id = ?1")                                \
	X(CAMPAIGN_PROFILE,                                                                        \
	    "SELECT n FROM profile WHERE customer_id = ?1 OR email = ?2 "                          \
	    "OR n = ?3 ORDER BY n = ?3 DESC, customer_id IS ?1 DESC, n LIMIT 1")                   \
	X(CAMPAIGN_OPTIN,                                                                          \
	    "SELECT json_extract(body, '$.marketing_optin') = "                                    \
	    "'EXPLICITLY_OPTEDIN' FROM record WHERE profile = ?1 "                                 \
	    "AND type = 'contact' "                                                                \
	    "AND json_extract(body, '$.marketing_optin') IS NOT NULL "                             \
	    "ORDER BY forced DESC, touch DESC, n DESC LIMIT 1")                                    \
	X(CAMPAIGN_FULL,                                                                           \
	    "SELECT count(*) >= 1000 FROM entry WHERE campaign = ?2 "                              \
	    "AND time >= ?1 * 300 AND time < ?1 * 300 + 300 "                                      \
	    "AND outcome <> 'suppressed'")                                                         \
	X(ENTRY_ADD,                                                                               \
	    "INSERT INTO entry(profile, campaign, kind, key, time, send, "                         \
	    "outcome, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                            \
	X(ENTRY_EXIT,                                                                              \
	    "UPDATE entry SET outcome = 'suppressed', reason = 'ordered' "                         \
	    "WHERE profile = ?1 AND kind = 'basket' AND outcome = 'waiting' "                      \
	    "AND time <= ?2 AND send > ?2")                                                        \
	X(ENTRY_FILTER,                                                                            \
	    "UPDATE entry SET outcome = 'suppressed', reason = 'out-of-stock' "                    \
	    "WHERE outcome = 'waiting' AND send <= ?1 AND kind = 'basket' "                        \
	    "AND EXISTS (SELECT 1 FROM campaign WHERE name = entry.campaign "                      \
	    "AND json_extract(rule, '$.basket.filter')) "                                          \
	    "AND NOT EXISTS (SELECT 1 FROM session s, json_each(s.items) i "                       \
	    "JOIN record r ON r.type = 'product' AND r.collection = '' "                           \
	    "AND r.id = i.value WHERE s.id = entry.key AND r.active "                              \
	    "AND coalesce(json_extract(r.body, '$.is_in_stock'), 1))")                             \
	X(ENTRY_START, "UPDATE entry SET outcome = 'started' "                                     \
		       "WHERE outcome = 'waiting' AND send <= ?1")                                 \
	X(SESSION_ADD,                                                                             \
	    "INSERT OR REPLACE INTO session(id, customer_id, email, items, "                       \
	    "bought, last, closed) SELECT json_extract(?1, '$.id'), "                              \
	    "json_extract(?1, '$.customer_id'), json_extract(?1, '$.email'), "                     \
	    "CASE json_type(?1, '$.items') WHEN 'array' THEN "                                     \
	    "json_extract(?1, '$.items') ELSE '[]' END, "                                          \
	    "coalesce(json_extract(?1, '$.transaction'), 0), ?2, 0 "                               \
	    "WHERE CASE WHEN json_valid(?1) THEN json_extract(?1, '$.id') <> '' END")              \
	X(SESSION_IDLE,                                                                            \
	    "SELECT id, customer_id, email, bought, last FROM session "                            \
	    "WHERE NOT closed AND last <= ?1 ORDER BY last, id")                                   \
	X(SESSION_CLOSE,                                                                           \
	    "UPDATE session SET closed = 1 WHERE NOT closed AND last <= ?1")                       \
	X(UNSUBSCRIBE_ADD,                                                                         \
	    "WITH source(name, rank) AS (VALUES ('preferences_centre', 1), "                       \
	    "('list_unsubscribe', 1), ('link_unsubscribe', 1), ('app', 0), "                       \
	    "('importer', -1)) INSERT OR REPLACE INTO record(type, collection, "                   \
	    "id, body, created, updated, touch, at, email, active, variant, "                      \
	    "forced, profile) SELECT 'contact', name, 'sbx-' || n, "                               \
	    "json_object('email', email, 'marketing_optin', "                                      \
	    "coalesce(json_extract(?1, '$.marketing_optin'), "                                     \
	    "'EXPLICITLY_OPTEDOUT')), ?2, ?2, "                                                    \
	    "(SELECT coalesce(max(seq), 0) FROM history), ?2, email, 1, 0, "                       \
	    "rank, n FROM profile, source WHERE CASE WHEN json_valid(?1) THEN "                    \
	    "email = json_extract(?1, '$.email') AND "                                             \
	    "name = json_extract(?1, '$.type') END")                                               \
	X(UNSUBSCRIBES,                                                                            \
	    "SELECT email, 'sbx-' || profile, "                                                    \
	    "strftime('%Y-%m-%d %H:%M:%S+00', updated, 'unixepoch'), "                             \
	    "collection FROM record WHERE type = 'contact' AND collection IN "                     \
	    "('preferences_centre', 'list_unsubscribe', 'link_unsubscribe', "                      \
	    "'app') AND json_extract(body, '$.marketing_optin') = "                                \
	    "'EXPLICITLY_OPTEDOUT' AND updated >= ?1 AND updated < ?2 "                            \
	    "AND (?3 IS NULL OR collection = ?3) ORDER BY n "                                      \
	    "LIMIT ?4 OFFSET ?5")                                                                  \
	X(DUMP_CAMPAIGNS,                                                                          \
	    "SELECT CASE profile WHEN 0 THEN '' ELSE 'sbx-' || profile END "                       \
	    "AS profile, campaign, outcome, reason, key, "                                         \
	    "strftime('%Y-%m-%dT%H:%M:%SZ', send, 'unixepoch') AS time "                           \
	    "FROM entry ORDER BY seq")                                                             \
	X(PAGE_CAMPAIGNS,                                                                          \
	    "SELECT CASE profile WHEN 0 THEN '' ELSE 'sbx-' || profile END "                       \
	    "AS Profile, campaign AS Campaign, outcome AS Outcome, "                               \
	    "reason AS Reason, key AS 'Of', "                                                      \
	    "strftime('%Y-%m-%dT%H:%M:%SZ', send, 'unixepoch') AS Time "                           \
	    "FROM entry ORDER BY seq DESC LIMIT 20")                                               \
	X(PAGE_COUNTS,                                                                             \
	    "SELECT type AS Kind, count(*) AS Number FROM record GROUP BY 1 "                      \
	    "UNION ALL SELECT 'profile', count(*) FROM profile "                                   \
	    "UNION ALL SELECT 'waiting in the queue', count(*) FROM queue "                        \
	    "UNION ALL SELECT 'request', count(*) FROM journal "                                   \
	    "UNION ALL SELECT 'push error', count(*) FROM error "                                  \
	    "UNION ALL SELECT 'warning', count(*) FROM warning")                                   \
	X(PAGE_RECORDS,                                                                            \
	    "SELECT type AS Kind, collection AS Collection, id AS Id, "                            \
	    "datetime(updated, 'unixepoch') AS Updated FROM record "                               \
	    "ORDER BY touch DESC LIMIT 20")                                                        \
	X(PAGE_REQUESTS,                                                                           \
	    "SELECT seq AS Number, time AS Time, method AS Method, CASE "                          \
	    "instr(path, '?') WHEN 0 THEN path ELSE substr(path, 1, "                              \
	    "instr(path, '?')) || '...' END AS Path, status AS Status, "                           \
	    "type AS Kind, count AS Records FROM journal "                                         \
	    "WHERE path <> '/' "                                                                   \
	    "ORDER BY seq DESC LIMIT 20")                                                          \
	X(PAGE_ERRORS,                                                                             \
	    "SELECT request AS Request, record_type AS Kind, record_id AS Id, "                    \
	    "message AS Message, path AS Path FROM error "                                         \
	    "ORDER BY seq DESC LIMIT 20")                                                          \
	X(PAGE_WARNINGS,                                                                           \
	    "SELECT request AS Request, code AS Warning, type AS Kind, "                           \
	    "id AS Id FROM warning ORDER BY seq DESC LIMIT 20")                                    \
	X(DUMP_RECORDS, "SELECT type, collection, id, body FROM record "                           \
			"ORDER BY type, collection, id")                                           \
	X(DUMP_JOURNAL, "SELECT seq, method, path, status, type, count, ids "                      \
			"FROM journal ORDER BY seq")                                               \
	X(DUMP_HISTORY, "SELECT seq, request, type, id, body FROM history "                        \
			"ORDER BY seq")                                                            \
	X(DUMP_ERRORS, "SELECT request, record_type, record_id, message, "                         \
		       "path FROM error ORDER BY seq")                                             \
	X(DUMP_WARNINGS, "SELECT request, code, type, id, detail "                                 \
			 "FROM warning ORDER BY seq")

enum store_statement {
#define X(name, text) STORE_##name,
	STORE_STATEMENTS(X) STORE_STATEMENT_COUNT
#undef X
};

struct store;

/*
 * Opens, and with `create` makes, the database; STATUS_NO_INPUT or
 * STATUS_CANNOT_CREATE with diag when it cannot.
 */
enum status store_open(struct store **store, const char *path, bool create,
    struct diag *diag);
void store_close(struct store *store);

/* The statement, reset and with no parameter bound. */
sqlite3_stmt *store_get(struct store *store, enum store_statement which);
/* Next row: true. No more: false, and the statement is reset. */
bool store_step(sqlite3_stmt *statement);
/* One that gives no rows, such as an INSERT. */
void store_run(sqlite3_stmt *statement);
int64_t store_last_id(struct store *store);

void bind_str(sqlite3_stmt *statement, int at, struct str text);
/* NULL when the text is empty. */
void bind_str_or_null(sqlite3_stmt *statement, int at, struct str text);
void bind_int(sqlite3_stmt *statement, int at, int64_t value);
struct str column_str(sqlite3_stmt *statement, int at);

void store_warn(struct store *store, int64_t request, const char *code,
    struct str type, struct str id, struct str detail);

#endif
