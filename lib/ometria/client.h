#ifndef OMETRIA_CLIENT_H
#define OMETRIA_CLIENT_H

/*
 * Requests to Ometria over HTTPS, one connection kept alive. Certificates are
 * verified, TLS 1.2 at least, redirects are not followed, no other protocol is
 * spoken. Plain http is accepted to 127.0.0.1 and [::1] alone, for the
 * sandbox. Answers are bounded by OMETRIA_RESPONSE.
 */

#include "ometria/key.h"
#include "ometria/response.h"

/*
 * How the delivery loop talks to Ometria; the client is one, a rehearsal and
 * the tests have others. OK: an answer came, whatever it says. UNAVAILABLE:
 * none came, and whether the request arrived is unknown. Anything else ends
 * the run.
 */
struct transport {
	/* path: behind the base address, "/push". body: empty for GET. */
	enum status (*request)(void *user, const char *method, const char *path,
	    struct str body, struct response *response, struct diag *diag);
	void *user;
};

struct client;

/* CONFIG when the address is not one that may be spoken to. */
enum status client_open(struct client **client, const char *url,
    const struct key *key, struct diag *diag);
void client_close(struct client *client);
struct transport client_transport(struct client *client);

/* Whether this base address may be used; checked by client_open too. */
enum status client_check_url(const char *url, struct diag *diag);

#endif
