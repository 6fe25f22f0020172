#include "idoc/segments.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "idoc/we60.h"

/* One byte more than a report may have tells that it is too large. */
static enum status
read_file(struct buf *to, const char *path, enum status missing,
    struct diag *diag)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum status status = STATUS_OK;
	size_t got = 1;

	if (fd < 0)
		return text_errno(diag,
		    errno == ENOENT ? missing : STATUS_CONFIG, errno,
		    "cannot open the report", path);
	while (status == STATUS_OK && got > 0 && to->len <= WE60_MAX) {
		buf_reserve(to, 65536);
		status = fd_read(fd, to->data + to->len, 65536, &got, diag);
		to->len += status == STATUS_OK ? got : 0;
	}
	if (status == STATUS_IO) {
		errno = diag->err;
		status = text_errno(diag, STATUS_CONFIG, errno,
		    "cannot read the report", path);
	}
	close(fd);
	return status;
}

static enum status
load_file(struct segments *segments, struct str path, enum status missing,
    struct diag *diag)
{
	struct buf report = BUF_INIT;
	const char *name = arena_str(&segments->names, path).data;
	enum status status = read_file(&report, name, missing, diag);

	if (segments->dictionary == NULL)
		segments->dictionary = dictionary_new();
	if (status == STATUS_OK)
		status = we60_read(segments->dictionary, buf_str(&report), name,
		    diag);
	buf_free(&report);
	return status;
}

static enum status
load_configured(struct segments *segments, const struct tool_run *run,
    struct diag *diag)
{
	const char *list = config_text(run->config, "sap", NULL, "segments");
	struct buf path = BUF_INIT;
	enum status status = STATUS_OK;

	while (list != NULL && *list != '\0' && status == STATUS_OK) {
		size_t len = strcspn(list, ",");
		struct str name = str_trim((struct str){ list, len });

		config_beside(run->config, name, &path);
		if (name.len > 0)
			status = load_file(segments,
			    arena_str(&segments->names, buf_str(&path)),
			    STATUS_CONFIG, diag);
		list += len + (list[len] == ',');
	}
	buf_free(&path);
	return status;
}

enum status
segments_load(struct segments *segments, const struct tool_run *run,
    struct diag *diag)
{
	const char *path;
	enum status status = load_configured(segments, run, diag);

	for (size_t i = 0;
	     status == STATUS_OK &&
	     (path = options_nth(&run->options, "segments", i)) != NULL;
	     i++)
		status =
		    load_file(segments, str_of(path), STATUS_NO_INPUT, diag);
	return status;
}

void
segments_free(struct segments *segments)
{
	dictionary_free(segments->dictionary);
	arena_free(&segments->names);
}
