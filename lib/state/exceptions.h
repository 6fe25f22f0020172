#ifndef STATE_EXCEPTIONS_H
#define STATE_EXCEPTIONS_H

/*
 * Exceptions in the state: open until what raised them is healed or a person
 * resolves them, and open again when it returns. Owner and severity come from
 * the configuration ([exception "code"], longest match wins), else from the
 * table of codes. Every change is told by the history (triage.h).
 */

#include "record/exception.h"
#include "state/state.h"

/* Raise: a new row, one more count of the open one, or the closed one opened
 * again, without what people had decided about it. Inside a transaction. */
enum status exceptions_raise(struct state *state,
    const struct exception *exception, struct diag *diag);
/* Healed: close it if it is open. code NULL = all codes of that subject. */
enum status exceptions_heal(struct state *state, const char *code,
    const char *subject, struct str id, struct diag *diag);

/* Whether it is open. */
enum status exceptions_is_open(struct state *state, const char *code,
    const char *subject, struct str id, bool *open, struct diag *diag);

/*
 * Exceptions of a code that are looked at with each record that could heal one:
 * most runs have none, so that is asked once.
 */
struct exceptions_watch {
	bool asked, any;
};
/* Whether there may be open ones. Whoever raises one sets any. */
enum status exceptions_watch(struct state *state,
    struct exceptions_watch *watch, const char *code, bool *any,
    struct diag *diag);

/* For who stores what others may have raised: whether it is open, or this very
 * occurrence (same message and document) was raised and is closed again. */
enum status exceptions_known(struct state *state,
    const struct exception *exception, bool *known, struct diag *diag);

/* [exception "..."] key of the label that fits the code best, or NULL. */
const char *exceptions_setting(const struct config *config, const char *code,
    const char *key);

#endif
