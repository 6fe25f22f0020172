#include "reader.h"

#include "ometria/exchange.h"

/* Ometria may have asked ometria-push for a pause: it is one of all requests.
 * Files are compared without a state, too. */
static enum status
resume_pause(struct drain *drain, const char *path, const struct config *config,
    struct diag *diag)
{
	enum status status;

	if (path == NULL)
		return STATUS_OK;
	status = state_open(&drain->state, path, STATE_READ, config, diag);
	if (status == STATUS_OK)
		status = exchange_resume(drain, false, diag);
	else if (status == STATUS_NO_INPUT)
		status = STATUS_OK;
	state_close(drain->state);
	drain->state = NULL;
	return status;
}

enum status
reader_open(struct reader *reader, struct tool_run *run, const char *state,
    struct diag *diag)
{
	const struct config *config = run->config;
	const char *url = options_value(&run->options, "url");
	size_t rate = (size_t)config_number(config, "ometria", NULL, "rate");
	struct buf ca_file = BUF_INIT;
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
	status = client_check_url(url, diag);
	if (status == STATUS_OK)
		status = resume_pause(&reader->drain, state, config, diag);
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
	client_ca_file(config, NULL, &ca_file);
	status = client_open(&reader->client, url, ca_file.data, &key, diag);
	key_wipe(&key);
	buf_free(&ca_file);
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
