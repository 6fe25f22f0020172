#ifndef STATE_EXCEPTIONS_H
#define STATE_EXCEPTIONS_H

/*
 * Exceptions in the state: open until what raised them is healed or a person
 * resolves them. Owner and severity come from the configuration
 * ([exception "code"], longest match wins), else from the table of codes.
 */

#include "record/exception.h"
#include "state/state.h"

/* Raise: a new row, or one more count of the open one. Inside a transaction. */
enum status exceptions_raise(struct state *state,
    const struct exception *exception, struct diag *diag);
/* Healed: close it if it is open. code NULL = all codes of that subject. */
enum status exceptions_heal(struct state *state, const char *code,
    const char *subject, struct str id, struct diag *diag);

/* For who stores what others may have raised: whether it is open, or this very
 * occurrence (same message and document) was raised and is closed again. */
enum status exceptions_known(struct state *state,
    const struct exception *exception, bool *known, struct diag *diag);

/* [exception "..."] key of the label that fits the code best, or NULL. */
const char *exceptions_setting(const struct config *config, const char *code,
    const char *key);

struct exception_row {
	struct str code, severity, owner, subject, id, customer, message, file;
	struct record_src src;
	int64_t first_at, last_at;
	uint64_t count;
	bool open;
	struct str acked_by, resolution; /* empty: nobody, still open */
	size_t line; /* of the file, only from exceptions_of_file; 0 unknown */
};

/* Call each for every open exception (or all), most severe and oldest first;
 * stops at the first result that is not STATUS_OK and returns it. */
enum status exceptions_each(struct state *state, bool all,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag);
/* The same for the open ones of a file (name as in src.file), in the order in
 * which they stand in it. */
enum status exceptions_of_file(struct state *state, struct str file,
    enum status (*each)(void *user, const struct exception_row *row),
    void *user, struct diag *diag);

#endif
