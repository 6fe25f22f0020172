#ifndef OMETRIA_CLIENT_H
#define OMETRIA_CLIENT_H

/*
 * Requests to Ometria over HTTPS, several at a time over connections that are
 * kept alive. Certificates are verified, TLS 1.2 at least, redirects are not
 * followed, no other protocol is spoken. Plain http is accepted to 127.0.0.1
 * and [::1] alone, for the sandbox. Answers are bounded by OMETRIA_RESPONSE.
 */

#include "base/config.h"
#include "ometria/key.h"
#include "ometria/response.h"

/* So many requests can be under way at once. */
#define CLIENT_CALLS 9

/*
 * One request and what became of it. Status OK: an answer came, whatever it
 * says. UNAVAILABLE: none came, and whether the request arrived is unknown.
 * Anything else ends the run.
 */
struct call {
	/* Set by the caller; they stay as they are until it is done. */
	const char *method;
	const char *path; /* behind the base address, "/push" */
	struct str body; /* empty for GET */
	/* Set by the transport. */
	struct response response;
	bool done;
	struct diag outcome; /* when done: its status, and why it is not OK */
	int64_t left; /* limiter_clock when it had left; 0 = not known */
};

/*
 * How the delivery loop talks to Ometria; the client is one, a rehearsal and
 * the tests have others.
 */
struct transport {
	/* Begin the call. A transport without wait does it on the spot. */
	void (*start)(void *user, struct call *call);
	/* Until a call is done, the descriptor (-1 = none) can be read, or the
	 * milliseconds have passed; NULL: no call is ever under way. */
	void (*wait)(void *user, int fd, int64_t milliseconds);
	void *user;
};

struct client;

/*
 * ca_file: the authorities trusted in place of the system's, NULL = those.
 * CONFIG when the address is not one that may be spoken to, NO_INPUT when the
 * file cannot be read.
 */
enum status client_open(struct client **client, const char *url,
    const char *ca_file, const struct key *key, struct diag *diag);
/* The name of that file, as an option (NULL = not given) or the configuration
 * says it; ca_file->data stays NULL when neither does. */
void client_ca_file(const struct config *config, const char *option,
    struct buf *ca_file);
void client_close(struct client *client);
struct transport client_transport(struct client *client);

/* Whether this base address may be used; checked by client_open too. */
enum status client_check_url(const char *url, struct diag *diag);

#endif
