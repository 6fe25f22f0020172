#include "reader.h"

#include <sys/resource.h>

enum status
reader_open(struct reader *reader, struct tool_run *run, const char *state,
    struct diag *diag)
{
	const struct config *config = run->config;
	const char *url = options_value(&run->options, "url");
	const struct rlimit no_core = { 0, 0 };
	size_t rate = (size_t)config_number(config, "ometria", NULL, "rate");
	struct key key;
	enum status status;

	*reader = (struct reader){
		.shared = { .fd = -1 },
		.half = { .fd = -1 },
		.drain = {
		    .limiter = &reader->shared,
		    .stop = tool_interrupted,
		    .retry =
			config_duration(config, "ometria", NULL, "retry"),
		    .timeout =
			config_duration(config, "ometria", NULL, "timeout"),
		},
	};
	if (url == NULL)
		url = config_text(config, "ometria", NULL, "url");
	setrlimit(RLIMIT_CORE, &no_core); /* the key must not land in one */
	status = client_check_url(url, diag);
	if (status == STATUS_OK)
		status = limiter_open(&reader->shared, state, rate, diag);
	if (status == STATUS_OK)
		status =
		    limiter_open(&reader->half, NULL, (rate + 1) / 2, diag);
	if (status == STATUS_OK)
		status = key_load(&key,
		    options_value(&run->options, "api-key-file"), diag);
	if (status != STATUS_OK)
		return status;
	status = client_open(&reader->client, url, &key, diag);
	key_wipe(&key);
	if (status == STATUS_OK)
		reader->drain.transport = client_transport(reader->client);
	return status;
}

void
reader_close(struct reader *reader)
{
	response_free(&reader->drain.response);
	limiter_close(&reader->shared);
	limiter_close(&reader->half);
	client_close(reader->client);
}
