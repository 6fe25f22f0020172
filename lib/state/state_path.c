#include <sys/stat.h>

#include <errno.h>

#include "state/state.h"

#include "base/text.h"

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Make the folder and those above it. */
static enum status
make_folders(char *path, struct diag *diag)
{
	for (char *at = path + 1;; at++) {
		char kept = *at;

		if (kept != '/' && kept != '\0')
			continue;
		*at = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return text_errno(diag, STATUS_CANNOT_CREATE, errno,
			    "cannot create", path);
		*at = kept;
		if (kept == '\0')
			return STATUS_OK;
	}
}

enum status
state_default_path(struct buf *path, struct diag *diag)
{
	const char *service = environment("STATE_DIRECTORY");
	const char *xdg = environment("XDG_STATE_HOME");
	const char *home = environment("HOME");
	enum status status;

	buf_clear(path);
	if (service != NULL) {
		/* systemd separates several with a colon: the first is ours. */
		buf_add(path, service, strcspn(service, ":"));
		buf_add_text(path, "/sync.db");
		return STATUS_OK;
	}
	if (xdg == NULL && home == NULL)
		return diag_set(diag, STATUS_USAGE,
		    "no state: give --state FILE, or set STATE_DIRECTORY, "
		    "XDG_STATE_HOME or HOME");
	buf_add_text(path, xdg != NULL ? xdg : home);
	buf_add_text(path,
	    xdg != NULL ? "/sap-ometria" : "/.local/state/sap-ometria");
	status = make_folders(path->data, diag);
	buf_add_text(path, "/sync.db");
	return status;
}
