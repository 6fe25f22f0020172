#include "look.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/pause.h"

#define CLEAR "\033[H\033[2J" /* of a terminal, and to its first line */
#define WATCH_MOST 86400

/* Whether a person looks at it on what can show colours: no-color.org. */
static bool
is_terminal(void)
{
	const char *term = getenv("TERM"), *none = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) == 1 && term != NULL &&
	       strcmp(term, "dumb") != 0 && (none == NULL || *none == '\0');
}

/* before: what stands before each screen. */
static enum status
show(struct audit *audit, const char *before)
{
	struct health health = { .reasons = BUF_INIT, .arena = ARENA_INIT };
	struct buf text = BUF_INIT;
	enum status status = look(audit, &health);

	buf_add_text(&text, before);
	if (status == STATUS_OK && options_has(&audit->run->options, "json"))
		health_write_json(&text, &health);
	else if (status == STATUS_OK)
		health_write_text(&text, &health, is_terminal());
	if (status == STATUS_OK)
		status = audit_print(&text, &audit->run->diag);
	if (status == STATUS_OK && health.verdict != VERDICT_HEALTHY)
		status = STATUS_FINDINGS;
	health_free(&health);
	buf_free(&text);
	return status;
}

static enum status
watch(struct audit *audit, int64_t seconds)
{
	const char *before = is_terminal() ? CLEAR : "";
	enum status status = STATUS_OK;

	while (status == STATUS_OK && !tool_interrupted()) {
		status = show(audit, before);
		/* A busy state is looked at again. */
		if (status == STATUS_FINDINGS || status == STATUS_TRY_AGAIN)
			status = STATUS_OK;
		if (!is_terminal() &&
		    !options_has(&audit->run->options, "json"))
			before = "\n";
		if (status == STATUS_OK)
			pause_for(seconds * 1000, tool_interrupted);
	}
	return status;
}

enum status
audit_status(struct audit *audit)
{
	const char *every = options_value(&audit->run->options, "watch");
	uint64_t seconds;

	if (every == NULL)
		return show(audit, "");
	if (!str_to_u64(str_of(every), WATCH_MOST, &seconds) || seconds == 0)
		return diag_set(&audit->run->diag, STATUS_USAGE,
		    "'--watch' takes 1 to %d seconds", WATCH_MOST);
	return watch(audit, (int64_t)seconds);
}
