#ifndef STATE_OUTBOX_ROWS_H
#define STATE_OUTBOX_ROWS_H

/* The column outbox.state; for lib/state and lib/audit only. */

enum row_state {
	ROW_IDLE, /* Ometria has accepted what is desired */
	ROW_WAITING, /* a revision waits (maybe held, withheld or paused) */
	ROW_IN_FLIGHT, /* an intent without a result; a newer one may wait */
	ROW_REFUSED /* Ometria refused the newest revision */
};

/* The e-mail in the body of an order or event, as holds compare it. */
#define OUTBOX_EMAIL                                                           \
	"CASE WHEN json_valid(o.body) THEN lower(coalesce("                    \
	" json_extract(o.body, '$.customer.email'),"                           \
	" json_extract(o.body, '$.email'))) END"

/* All has to be seen in Ometria (seen_want_all). */
#define OUTBOX_ALL_SEEN "EXISTS(SELECT 1 FROM meta WHERE key = 'all-seen')"

/* The delivery by which the accepted revision of a row of `outbox` left. */
#define OUTBOX_LAST_DELIVERY                                                   \
	"(SELECT max(m.delivery) FROM delivery_record AS m"                    \
	" JOIN delivery AS d ON d.id = m.delivery WHERE m.id = outbox.id"      \
	" AND d.kind = outbox.kind AND m.rev = outbox.accepted_rev)"

/* Of the accepted rows of `outbox` that get confirmed: when (?2) the delivery
 * of each was. Comes before the UPDATE of the same rows. */
#define OUTBOX_NOTE_CONFIRMED(which)                                           \
	"UPDATE delivery_record AS r SET confirmed_at = ?2 FROM"               \
	" (SELECT " OUTBOX_LAST_DELIVERY " AS delivery, id FROM outbox"        \
	"  WHERE accepted_rev > confirmed_rev" which ") AS c"                  \
	" WHERE r.delivery = c.delivery AND r.id = c.id"

/*
 * What keeps a row of `outbox AS o` back although nothing is wrong with itself:
 * a hold of its customer (by number, or by the e-mail of somebody without one),
 * its customer's contact on its way or to be seen, its order not accepted.
 * Kinds: 1 contact, 2 order, 3 event. What comes first in each is asked once
 * for all rows, and mostly says that none is kept back.
 */
#define OUTBOX_HELD                                                            \
	"(o.kind >= 2 AND EXISTS(SELECT 1 FROM hold)"                          \
	" AND (EXISTS(SELECT 1 FROM hold WHERE hold.customer = o.customer)"    \
	" OR (o.customer IS NULL AND EXISTS(SELECT 1"                          \
	"  FROM customer AS p CROSS JOIN hold ON hold.customer = p.customer"   \
	"  WHERE p.email IS NOT NULL"                                          \
	"  AND lower(p.email) = " OUTBOX_EMAIL                                 \
	" UNION ALL SELECT 1 FROM hold CROSS JOIN customer_former AS f"        \
	"  ON f.customer = hold.customer AND f.email = " OUTBOX_EMAIL "))))"
#define OUTBOX_ANY_OPEN(kind)                                                   \
	"EXISTS(SELECT 1 FROM outbox AS x WHERE x.state > 0 AND x.kind = " kind \
	")"
#define OUTBOX_GATED                                                                  \
	"((o.kind >= 2 AND " OUTBOX_ANY_OPEN(                                         \
	    "1") " AND EXISTS(SELECT 1 FROM outbox AS c"                              \
		 "  WHERE c.kind = 1 AND c.id = o.customer AND c.state IN (1, 2)))"   \
		 " OR (o.kind >= 2 AND " OUTBOX_ALL_SEEN " AND EXISTS("               \
		 "  SELECT 1 FROM outbox AS c WHERE c.kind = 1 AND c.id = o.customer" \
		 "  AND c.accepted_rev > c.confirmed_rev))"                           \
		 " OR (o.kind = 3 AND " OUTBOX_ANY_OPEN(                              \
		     "2") " AND EXISTS(SELECT 1 FROM outbox AS w"                     \
			  "  WHERE w.kind = 2 AND w.id = o.needs AND w.state <> 0)))"

#endif
