#ifndef CUSTOMER_AGGREGATE_CUSTOMER_H
#define CUSTOMER_AGGREGATE_CUSTOMER_H

/*
 * customer and contact_point records into the state. A record changes what is
 * known of a customer at once; what that makes of the contact is decided at the
 * end of the batch, once per customer, so that general data and addresses that
 * arrive together leave together; without a state at end of input.
 */

#include "state/aggregate.h"
#include "state/customer.h"

/* Texts of a batch, each once. */
struct customer_set {
	struct str *list;
	size_t count, size;
};

struct customers {
	struct aggregate aggregate;
	const struct config *config;
	struct arena record; /* of the record in hand */
	struct arena batch; /* of the sets below */
	struct customer_set changed; /* customers to be decided anew */
	struct customer_set shared; /* e-mail addresses that came or went */
	struct buf body, message, escaped;
};

/* The callbacks of the filter loop; user is a struct customers. */
enum status customers_apply(void *user, struct record *record,
    struct buf *output, struct diag *diag);
enum status customers_batch_end(void *user, struct buf *output,
    struct diag *diag);
enum status customers_at_end(void *user, struct buf *output, struct diag *diag);
/* Once more for those whose time has come: the validity of an address began or
 * ended. A batch at a time; *more: there may be others. */
enum status customers_decide_due(void *user, bool *more, struct buf *output,
    struct diag *diag);
/* All customers are due when what shapes contacts was configured anew. */
enum status customers_begin(void *user, struct diag *diag);
/* While no records come. */
enum status customers_idle(void *user, struct diag *diag);
void customers_free(struct customers *customers);

/* Raise a remark about a customer: "customer '12' REST". */
enum status customers_remark(struct customers *c, const char *code,
    struct str id, const struct record_src *src, const char *rest,
    struct buf *output, struct diag *diag);
/* Into one of the sets, unless it is there. */
void customers_remember(struct customers *c, struct customer_set *set,
    struct str text);
/* Raise or heal what the addresses that came or went share (decide.c). */
enum status customers_remark_shared(struct customers *c, struct buf *output,
    struct diag *diag);
/* What is known of a customer into its desired contact (decide.c). */
enum status customers_decide(struct customers *c, struct str id,
    struct buf *output, struct diag *diag);
/*
 * Of an erased person (erase.c): the number and every address go on the list of
 * those who are never sent again, Ometria is asked to erase where it is to be,
 * and the state forgets what the records said. The body is made before it.
 */
enum status customers_erase(struct customers *c, struct contact_state *customer,
    struct buf *output, struct diag *diag);
/* The address of this customer is that of an erased person. */
enum status customers_are_erased(struct customers *c,
    const struct contact_state *customer, bool *yes, struct diag *diag);

#endif
