#ifndef OMETRIA_KEY_H
#define OMETRIA_KEY_H

/*
 * The API key: from a file alone, never from the command line or the
 * environment. It is wiped by key_wipe. From key_load on the process leaves no
 * core, and no other process of the same user can read its memory.
 */

#include "base/buf.h"

#define KEY_MAX 512 /* characters */

struct key {
	char text[KEY_MAX + 1];
};

/*
 * Read it from file, or, when that is NULL, from the systemd credential
 * $CREDENTIALS_DIRECTORY/ometria-api-key. One newline at its end is cut.
 * NO_INPUT: the named file is missing. CONFIG: no key is configured, or what
 * is in the file cannot be one. NOT_ALLOWED: not readable for us, or readable
 * or writable for others.
 */
enum status key_load(struct key *key, const char *file, struct diag *diag);
void key_wipe(struct key *key);
/* Overwrites it with as many x wherever the text holds it. */
void key_hide(struct str key, struct buf *text);

#endif
