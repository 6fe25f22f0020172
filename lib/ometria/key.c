#define _GNU_SOURCE /* memmem */
#include "ometria/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

void
key_wipe(struct key *key)
{
	explicit_bzero(key, sizeof(*key));
}

void
key_hide(struct str key, struct buf *text)
{
	char *at = text->data;
	size_t left = text->len;

	while (key.len > 0 && left >= key.len) {
		char *found = memmem(at, left, key.data, key.len);

		if (found == NULL)
			return;
		memset(found, 'x', key.len);
		left -= (size_t)(found - at) + key.len;
		at = found + key.len;
	}
}

/*
 * systemd gives a credential to an unprivileged service by an access list;
 * the group bits of the mode are then the list's mask and open it to nobody
 * else (acl(5)).
 */
static bool
group_bits_are_mask(int fd)
{
	return fgetxattr(fd, "system.posix_acl_access", NULL, 0) > 0;
}

static enum status
check_mode(int fd, const char *file, bool credential, struct diag *diag)
{
	struct stat info;
	mode_t others = S_IRWXG | S_IRWXO;

	if (fstat(fd, &info) < 0)
		return diag_errno(diag, STATUS_IO, errno, "cannot read '%s'",
		    file);
	if (!S_ISREG(info.st_mode))
		return diag_set(diag, STATUS_NOT_ALLOWED,
		    "API key file '%s' is not a regular file", file);
	if (credential && group_bits_are_mask(fd))
		others = S_IRWXO;
	if ((info.st_mode & others) != 0)
		return diag_set(diag, STATUS_NOT_ALLOWED,
		    "API key file '%s' is open to others: chmod 600 it", file);
	return STATUS_OK;
}

static enum status
read_key(struct key *key, int fd, const char *file, struct diag *diag)
{
	char bytes[KEY_MAX + 3]; /* room for the newline, and to see excess */
	ssize_t got = read(fd, bytes, sizeof(bytes));
	size_t len = got > 0 ? (size_t)got : 0;
	bool good;

	if (got < 0)
		return diag_errno(diag, STATUS_IO, errno, "cannot read '%s'",
		    file);
	if (len > 0 && bytes[len - 1] == '\n')
		len--;
	if (len > 0 && bytes[len - 1] == '\r')
		len--;
	good = len > 0 && len <= KEY_MAX;
	for (size_t i = 0; i < len; i++)
		good = good && bytes[i] > ' ' && bytes[i] < 0x7F;
	if (good)
		good = str_copy(key->text, sizeof(key->text),
		    (struct str){ bytes, len });
	explicit_bzero(bytes, sizeof(bytes));
	if (!good)
		return diag_set(diag, STATUS_CONFIG,
		    "'%s' does not hold an API key: one line of printable "
		    "characters",
		    file);
	return STATUS_OK;
}

static enum status
load(struct key *key, const char *file, bool credential, struct diag *diag)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	enum status status;

	if (fd < 0 && errno == ENOENT && credential)
		return diag_set(diag, STATUS_CONFIG,
		    "no API key: '%s' does not exist, and no --api-key-file",
		    file);
	if (fd < 0)
		return diag_errno(diag,
		    errno == EACCES ? STATUS_NOT_ALLOWED : STATUS_NO_INPUT,
		    errno, "cannot open API key file '%s'", file);
	status = check_mode(fd, file, credential, diag);
	if (status == STATUS_OK)
		status = read_key(key, fd, file, diag);
	close(fd);
	return status;
}

/* For good: libcurl has copies of the key as long as connections are open. */
static enum status
forbid_dumps(struct diag *diag)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		return diag_errno(diag, STATUS_OS, errno,
		    "cannot keep the API key out of cores");
	return STATUS_OK;
}

enum status
key_load(struct key *key, const char *file, struct diag *diag)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	struct buf name = BUF_INIT;
	enum status status;

	*key = (struct key){ .text = "" };
	status = forbid_dumps(diag);
	if (status != STATUS_OK)
		return status;
	if (file != NULL)
		return load(key, file, false, diag);
	if (directory == NULL || directory[0] == '\0')
		return diag_set(diag, STATUS_CONFIG,
		    "no API key: give --api-key-file FILE, or the systemd "
		    "credential 'ometria-api-key'");
	buf_add_format(&name, "%s/ometria-api-key", directory);
	status = load(key, name.data, true, diag);
	buf_free(&name);
	return status;
}
