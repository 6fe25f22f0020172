/*
 * The yardstick of ometria-push: a bare loop of libcurl.
 *
 *	post URL KEY <BODIES
 *
 * Posts each line to URL, one after another over one connection, and looks at
 * nothing but the status. All lines are in memory before the clock starts.
 * Prints seconds and requests; 1 when an answer was not 202.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

struct bodies {
	char **list;
	size_t *lens;
	size_t count;
};

static struct bodies
read_bodies(void)
{
	struct bodies bodies = { NULL, NULL, 0 };
	size_t room = 0, size = 0;
	char *line = NULL;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) > 0) {
		if (bodies.count == room) {
			room = room ? 2 * room : 1024;
			bodies.list =
			    realloc(bodies.list, room * sizeof(*bodies.list));
			bodies.lens =
			    realloc(bodies.lens, room * sizeof(*bodies.lens));
		}
		bodies.list[bodies.count] = strdup(line);
		bodies.lens[bodies.count++] = (size_t)len - 1;
	}
	free(line);
	return bodies;
}

static size_t
ignore(char *bytes, size_t size, size_t count, void *user)
{
	(void)bytes, (void)user;
	return size * count;
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	struct curl_slist *headers = NULL;
	struct bodies bodies;
	CURL *easy;
	char key[600];
	double begun;
	long code = 202;
	size_t i;

	if (argc != 3)
		return 64;
	bodies = read_bodies();
	snprintf(key, sizeof(key), "X-Ometria-Auth: %s", argv[2]);
	headers = curl_slist_append(headers, key);
	headers = curl_slist_append(headers, "Content-Type: application/json");
	headers = curl_slist_append(headers, "Expect:");
	easy = curl_easy_init();
	curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
	begun = seconds();
	for (i = 0; i < bodies.count && code == 202; i++) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE,
		    (long)bodies.lens[i]);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, bodies.list[i]);
		if (curl_easy_perform(easy) != CURLE_OK)
			code = 0;
		else
			curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
	}
	printf("%.4f %zu\n", seconds() - begun, i);
	if (code != 202)
		fprintf(stderr, "post: status %ld\n", code);
	return code != 202;
}
