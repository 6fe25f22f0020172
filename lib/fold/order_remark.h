#ifndef FOLD_ORDER_REMARK_H
#define FOLD_ORDER_REMARK_H

/*
 * Remarks: what is wrong with an order although its facts were folded. They
 * are derived from the facts each time; what was open before and is not any
 * more is healed, what is new is raised.
 */

#include "base/arena.h"
#include "base/json.h"
#include "base/jsonw.h"

struct order_remark {
	const char *code;
	const char *subject; /* "order" or "shipment" */
	struct str id;
	struct str message;
};

struct order_remarks {
	struct order_remark *list;
	size_t count;
	size_t size;
};

/* Add, unless one of the same code and subject is there. */
void order_remark_add(struct order_remarks *remarks, const char *code,
    const char *subject, struct str id, struct str message,
    struct arena *arena);
bool order_remark_has(const struct order_remarks *remarks, const char *code,
    const char *subject, struct str id);

/* [["code","subject","id"],...], empty text for none; and back (messages are
 * not kept). A text that is not of this form gives no remarks. */
struct str order_remark_text(const struct order_remarks *remarks,
    struct arena *arena);
void order_remark_read(struct order_remarks *remarks, struct str text,
    struct arena *arena);

#endif
