#include "digest.h"

#include "audit/list.h"

#define NAMED 10 /* of each group; the list has all */

struct digest_group {
	struct str code, severity;
	enum notice_kind kind;
	uint64_t count;
	struct str subjects[NAMED];
};

static struct digest_group *
group_of(struct digest *digest, enum notice_kind kind,
    const struct exception_row *row)
{
	struct digest_group *group = digest->groups;

	for (size_t i = 0; i < digest->count; i++, group++)
		if (group->kind == kind && str_eq(group->code, row->code) &&
		    str_eq(group->severity, row->severity))
			return group;
	digest->groups = arena_more(&digest->arena, digest->groups,
	    digest->count, &digest->room, sizeof(*group));
	group = &digest->groups[digest->count++];
	group->kind = kind;
	group->code = arena_str(&digest->arena, row->code);
	group->severity = arena_str(&digest->arena, row->severity);
	return group;
}

void
digest_add(struct digest *digest, const struct notice *notice,
    const struct exception_row *row)
{
	struct digest_group *group = group_of(digest, notice->kind, row);

	if (group->count < NAMED)
		group->subjects[group->count] = arena_format(&digest->arena,
		    "%.*s:%.*s", STR_ARGS(row->subject), STR_ARGS(row->id));
	group->count++;
	digest->total++;
}

static void
write_group(const struct digest_group *group, struct jsonw *w)
{
	jsonw_open(w, '{');
	jsonw_member(w, "code", group->code);
	jsonw_member(w, "severity", group->severity);
	jsonw_member(w, "notice", str_of(notice_kind_name(group->kind)));
	jsonw_member_int(w, "count", (int64_t)group->count);
	jsonw_key(w, "subjects");
	jsonw_open(w, '[');
	for (size_t i = 0; i < group->count && i < NAMED; i++)
		jsonw_str(w, group->subjects[i]);
	jsonw_close(w, ']');
	list_add_meaning(w, group->code);
	jsonw_close(w, '}');
}

void
digest_write(const struct digest *digest, struct buf *to,
    const struct config *config, struct str owner)
{
	struct jsonw w = jsonw_start(to);

	jsonw_open(&w, '{');
	jsonw_member_int(&w, "v", 1);
	jsonw_member(&w, "type", str_of("digest"));
	jsonw_member(&w, "notice", str_of("digest"));
	jsonw_member(&w, "owner", owner);
	list_add_address(&w, config, owner);
	jsonw_member_int(&w, "count", (int64_t)digest->total);
	jsonw_key(&w, "groups");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < digest->count; i++)
		write_group(&digest->groups[i], &w);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	buf_add_char(to, '\n');
}

void
digest_free(struct digest *digest)
{
	arena_free(&digest->arena);
}
