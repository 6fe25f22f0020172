#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

#include "ometria/client.h"

#include "tap.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

static char folder[] = "/tmp/sap-ometria-key.XXXXXX";
static char path[sizeof(folder) + 20];

/*
 * The key is nowhere in this program as it is: what is found in its memory has
 * come by way of the file.
 */
static const char hidden[] = "tfdsfu.lfz.pg.pnfusjb.opcpez.tfft";
#define KEY_LEN (sizeof(hidden) - 1)

static void
put_file(const char *text, size_t len, mode_t mode)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	if (write(fd, text, len) != (ssize_t)len || fchmod(fd, mode) < 0)
		OK(0, "the key file cannot be written");
	close(fd);
}

static void
put_key(void)
{
	char text[KEY_LEN];

	for (size_t i = 0; i < KEY_LEN; i++)
		text[i] = (char)(hidden[i] - 1);
	put_file(text, KEY_LEN, 0600);
	explicit_bzero(text, sizeof(text));
}

static size_t
copies_between(const char *at, const char *end)
{
	size_t count = 0;

	for (; (size_t)(end - at) >= KEY_LEN; at++) {
		size_t i = 0;

		while (i < KEY_LEN && at[i] == (char)(hidden[i] - 1))
			i++;
		count += i == KEY_LEN;
	}
	return count;
}

/* How often the key is in what this process may write to. */
static size_t
copies(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long from, to;
	char line[512], mode[8];
	size_t count = 0;

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL)
		if (sscanf(line, "%lx-%lx %4s", &from, &to, mode) == 3 &&
		    mode[0] == 'r' && mode[1] == 'w')
			count += copies_between((const char *)from,
			    (const char *)to);
	if (maps != NULL)
		fclose(maps);
	return count;
}

/* What the file may be; any other user's right to it is one too many. */
static void
files(void)
{
	static const struct {
		const char *text;
		mode_t mode;
		enum status status;
		const char *what;
	} rows[] = {
		{ "a-key\n", 0600, STATUS_OK, "0600" },
		{ "a-key", 0400, STATUS_OK, "0400, no newline" },
		{ "a-key\r\n", 0600, STATUS_OK, "a line of Windows" },
		{ "a-key\n", 0640, STATUS_NOT_ALLOWED, "the group reads" },
		{ "a-key\n", 0620, STATUS_NOT_ALLOWED, "the group writes" },
		{ "a-key\n", 0604, STATUS_NOT_ALLOWED, "others read" },
		{ "a-key\n", 0602, STATUS_NOT_ALLOWED, "others write" },
		{ "a-key\n", 0601, STATUS_NOT_ALLOWED, "others execute" },
		{ "", 0600, STATUS_CONFIG, "empty" },
		{ "\n", 0600, STATUS_CONFIG, "an empty line" },
		{ "a key\n", 0600, STATUS_CONFIG, "a blank" },
		{ "a-key\n\n", 0600, STATUS_CONFIG, "two lines" },
		{ "k\xC3\xA4y\n", 0600, STATUS_CONFIG, "not ASCII" },
	};
	char longest[KEY_MAX + 2];
	struct key key;
	struct diag diag;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_file(rows[i].text, strlen(rows[i].text), rows[i].mode);
		IS_INT(key_load(&key, path, &diag), rows[i].status,
		    rows[i].what);
		if (rows[i].status == STATUS_OK)
			IS_STR(key.text, "a-key", rows[i].what);
	}
	memset(longest, 'k', sizeof(longest));
	put_file(longest, KEY_MAX, 0600);
	IS_INT(key_load(&key, path, &diag), STATUS_OK, "the longest");
	put_file(longest, KEY_MAX + 1, 0600);
	IS_INT(key_load(&key, path, &diag), STATUS_CONFIG, "one too long");
	IS_INT(key_load(&key, folder, &diag), STATUS_NOT_ALLOWED, "a folder");
	unlink(path);
	IS_INT(mkfifo(path, 0600), 0, "a pipe by name");
	IS_INT(key_load(&key, path, &diag), STATUS_NOT_ALLOWED,
	    "which nobody waits for");
}

static void
credentials(void)
{
	struct key key;
	struct diag diag;

	put_file("a-key\n", 6, 0600);
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	IS_INT(key_load(&key, NULL, &diag), STATUS_OK, "a credential");
	IS_STR(key.text, "a-key", "is the key");
	put_file("a-key\n", 6, 0640);
	IS_INT(key_load(&key, NULL, &diag), STATUS_NOT_ALLOWED,
	    "group bits that are no mask of an access list");
	unlink(path);
	IS_INT(key_load(&key, NULL, &diag), STATUS_CONFIG, "none is there");
	unsetenv("CREDENTIALS_DIRECTORY");
	IS_INT(key_load(&key, NULL, &diag), STATUS_CONFIG, "nor a folder");
}

static void
hiding(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "s3", "s3" },
		{ "s3c", "xxx" },
		{ "as3cs3cb s3s3c", "axxxxxxb s3xxx" },
	};
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&text);
		buf_add_text(&text, rows[i].text);
		key_hide(STR("s3c"), &text);
		IS_STR(text.data, rows[i].want, "the key is hidden in a text");
	}
	key_hide(STR_NONE, &text);
	IS_STR(text.data, rows[3].want, "no key, nothing hidden");
	buf_free(&text);
}

/* One request, and its header lines are the answer. */
static void
serve(int listener)
{
	static const char head[] = "HTTP/1.1 400 No\r\nContent-Length: 4000\r\n"
				   "Connection: close\r\n\r\n";
	char bytes[4000] = "";
	int fd = accept(listener, NULL, NULL);

	if (read(fd, bytes, sizeof(bytes)) < 0 ||
	    write(fd, head, sizeof(head) - 1) < 0 ||
	    write(fd, bytes, sizeof(bytes)) < 0)
		_exit(1);
	_exit(0);
}

/* The port of a server of its own. */
static int
start_server(pid_t *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&address, len) < 0 ||
	    listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &len) < 0)
		OK(0, "no server");
	*server = fork();
	if (*server == 0)
		serve(listener);
	close(listener);
	return ntohs(address.sin_port);
}

static void
ask(struct client *client, struct call *call)
{
	struct transport transport = client_transport(client);

	*call = (struct call){ .method = "POST",
		.path = "/push",
		.body = STR("[]") };
	transport.start(transport.user, call);
	while (!call->done)
		transport.wait(transport.user, -1, 1000);
}

static void
in_memory(void)
{
	struct client *client = NULL;
	struct call call;
	struct key key;
	struct diag diag;
	char url[64];
	pid_t server;

	put_key();
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/v2",
	    start_server(&server));
	IS_INT(copies(), 0, "before it is read the key is nowhere");
	IS_INT(key_load(&key, path, &diag), STATUS_OK, "it is read");
	IS_INT(copies(), 1, "into one place");
	IS_INT(client_open(&client, url, NULL, &key, &diag), STATUS_OK,
	    "a client takes it");
	key_wipe(&key);
	IS_INT(copies(), 1, "and has it alone");
	ask(client, &call);
	waitpid(server, NULL, 0);
	IS_INT(call.response.status, 400, "an answer");
	OK(strstr(call.response.body.data, "X-Ometria-Auth: xxxxxx") != NULL,
	    "that repeats it holds it no more");
	client_close(client);
	response_free(&call.response);
	IS_INT(copies(), 0, "when the client is closed it is nowhere");
}

/* Whatever comes of it: what was read of the file is in memory already. */
static void
no_dump(void)
{
	struct key key;
	struct diag diag;
	struct rlimit core;

	IS_INT(prctl(PR_GET_DUMPABLE), 1, "a process can be dumped");
	IS_INT(key_load(&key, "/nowhere/key", &diag), STATUS_NO_INPUT,
	    "a key file that is missing");
	IS_INT(prctl(PR_GET_DUMPABLE), 0, "one that asks for a key cannot");
	getrlimit(RLIMIT_CORE, &core);
	IS_INT(core.rlim_max, 0, "and leaves no core");
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		return 71;
	snprintf(path, sizeof(path), "%s/ometria-api-key", folder);
	no_dump();
	files();
	credentials();
	hiding();
#ifdef SANITIZED
	OK(1, "the key in memory # SKIP a sanitizer keeps what is freed");
	(void)in_memory;
#else
	in_memory();
#endif
	unlink(path);
	rmdir(folder);
	DONE();
}
