#include "notify.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <stddef.h>
#include <unistd.h>

#include "base/instant.h"

/* The socket of an address; a name that begins with @ is none of a file. */
static int
connect_to(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(name);
	int fd;

	if ((name[0] != '/' && name[0] != '@') ||
	    len >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, name, len);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address,
			   (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				       len)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void
notify_open(struct notify *notify)
{
	const char *name = getenv("NOTIFY_SOCKET");
	const char *limit = getenv("WATCHDOG_USEC");
	const char *process = getenv("WATCHDOG_PID");
	uint64_t microseconds = 0, id = (uint64_t)getpid();

	*notify = (struct notify){ .fd = name != NULL ? connect_to(name) : -1 };
	if (limit == NULL ||
	    !str_to_u64(str_of(limit), UINT64_C(1) << 60, &microseconds) ||
	    (process != NULL &&
		!str_to_u64(str_of(process), UINT64_C(1) << 31, &id)))
		return;
	/* In a pipe the shell is the one that is watched, and the line may
	 * speak for it (NotifyAccess=all). */
	if (id == (uint64_t)getpid() || id == (uint64_t)getppid())
		notify->watchdog = (int64_t)(microseconds / 2000);
}

void
notify_close(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}

void
notify_say(const struct notify *notify, const char *text)
{
	if (notify->fd >= 0)
		send(notify->fd, text, strlen(text),
		    MSG_NOSIGNAL | MSG_DONTWAIT);
}

void
notify_alive(struct notify *notify)
{
	int64_t now = instant_ticks();

	if (notify->watchdog == 0 || now - notify->alive < notify->watchdog)
		return;
	notify->alive = now;
	notify_say(notify, "WATCHDOG=1");
}
