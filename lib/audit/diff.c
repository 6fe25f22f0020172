#include "audit/diff.h"

#include "audit/diff_judge.h"
#include "base/sorter.h"
#include "base/tool.h"

/* Rows of Ometria under one key: of a product, under all its spellings. */
struct group {
	struct buf key, json;
	struct buf twins; /* other spellings of the id, each with a NUL */
	bool exact; /* json is the row of that very id */
	bool ambiguous; /* of which there are two that differ */
};

/* What a miss was on SAP's side; in front of its payload. */
struct miss {
	int64_t accepted_at;
	enum side_standing standing;
	bool revised;
};

struct merging {
	struct diff *diff;
	struct diff_judge judge;
	struct side_sap_row sap; /* in front of SAP's side */
	bool sap_there;
	struct side_ometria_row row; /* and of Ometria's */
	bool row_there;
	struct group group;
	struct sorter *misses;
	struct buf scratch;
};

static const char *const class_names[] = {
#define X(name, text) text,
	DIFF_CLASSES(X)
#undef X
};

const char *diff_class_name(enum diff_class class)
{
	return class_names[class];
}

uint64_t
diff_total(const struct diff *diff)
{
	uint64_t total = 0;

	for (size_t i = 0; i < DIFF_CLASS_COUNT; i++)
		total += i == DIFF_WAITING ? 0 : diff->counts[i];
	return total;
}

static enum status
tell(struct merging *m, const struct diff_finding *finding, struct diag *diag)
{
	if (finding->class == DIFF_WAITING && !m->diff->all)
		return STATUS_OK;
	return m->diff->found(m->diff->user, finding, diag);
}

static struct diff_finding
about(const struct merging *m, enum diff_class class,
    const struct side_sap_row *sap)
{
	return (struct diff_finding){
		.class = class,
		.kind = sap->kind,
		.id = sap->id,
		.age = sap->accepted_at != INSTANT_NONE
			   ? m->diff->plan->as_of - sap->accepted_at
			   : -1,
		.repairable =
		    class != DIFF_WAITING && sap->kind != DESIRED_EVENT,
	};
}

/* A record of SAP's as a whole. */
static enum status
tell_record(struct merging *m, enum diff_class class,
    const struct side_sap_row *sap, struct diag *diag)
{
	struct diff_finding finding = about(m, class, sap);

	m->diff->counts[class]++;
	return tell(m, &finding, diag);
}

static enum status
tell_fields(struct merging *m, enum diff_class class,
    const struct side_sap_row *sap, struct diag *diag)
{
	const struct comparison *told = &m->judge.comparison;
	struct diff_finding finding = about(m, class, sap);
	enum status status = STATUS_OK;

	m->diff->counts[class]++;
	for (size_t i = 0; i < told->count && status == STATUS_OK; i++) {
		finding.field = told->list[i].field;
		finding.sap = told->list[i].ours;
		finding.ometria = told->list[i].theirs;
		status = tell(m, &finding, diag);
	}
	return status;
}

/* A record of Ometria's, of which SAP says nothing. */
static enum status
tell_theirs(struct merging *m, enum diff_class class, struct diag *diag)
{
	struct str key = buf_str(&m->group.key);
	const struct diff_finding finding = {
		.class = class,
		.kind = (enum desired_kind)(key.data[0] - '0'),
		.id = str_from(key, 1),
		.age = -1,
	};

	m->diff->counts[class]++;
	return tell(m, &finding, diag);
}

/*
 * Ometria's own time tells when it last took something; where it shows none,
 * a revision of which nothing is confirmed has not replaced the one before.
 */
static bool
is_stale(struct merging *m, const struct side_sap_row *sap)
{
	instant updated = side_updated(m->judge.theirs.nodes, &m->judge.arena);

	if (sap->standing == SIDE_REFUSED)
		return true;
	if (updated != INSTANT_NONE && sap->accepted_at != INSTANT_NONE)
		return updated < sap->accepted_at;
	return sap->revised;
}

static enum status
judge_pair(struct merging *m, const struct side_sap_row *sap, struct str json,
    struct diag *diag)
{
	enum diff_class class =
	    diff_judge(&m->judge, sap->kind, sap->payload, json);

	m->diff->compared++;
	if (class == DIFF_CLASS_COUNT)
		return STATUS_OK;
	if (sap->standing == SIDE_WAITING)
		return tell_record(m, DIFF_WAITING, sap, diag);
	if (class == DIFF_FIELD && is_stale(m, sap))
		class = DIFF_STALE;
	return tell_fields(m, class, sap, diag);
}

static enum status
count_revenue(struct merging *m, enum revenue_side side, enum desired_kind kind,
    struct str order, struct diag *diag)
{
	return m->diff->revenue != NULL && kind == DESIRED_ORDER
		   ? revenue_add(m->diff->revenue, side, order, diag)
		   : STATUS_OK;
}

/* Ometria may have it, and a page that moved under us did not show it. */
static enum status
remember_miss(struct merging *m, const struct side_sap_row *sap,
    struct diag *diag)
{
	struct miss miss = { sap->accepted_at, sap->standing, sap->revised };

	buf_clear(&m->scratch);
	buf_add(&m->scratch, &miss, sizeof(miss));
	buf_add_str(&m->scratch, sap->payload);
	return sorter_add(m->misses, sap->key, buf_str(&m->scratch), diag);
}

static enum status
judge_sap_alone(struct merging *m, struct diag *diag)
{
	const struct side_sap_row *sap = &m->sap;

	if (!sap->inside)
		return STATUS_OK;
	if (sap->standing == SIDE_WAITING)
		return tell_record(m, DIFF_WAITING, sap, diag);
	if (m->diff->look != NULL)
		return remember_miss(m, sap, diag);
	return tell_record(m, DIFF_MISSING, sap, diag);
}

static void
add_twin(struct group *group, struct str id)
{
	struct str twins = buf_str(&group->twins);

	while (twins.len > 0) {
		struct str known = str_of(twins.data);

		if (str_eq(known, id))
			return;
		twins = str_from(twins, known.len + 1);
	}
	buf_add_str(&group->twins, id);
	buf_add_char(&group->twins, '\0');
}

/* All rows under the key in front; of two contents of one id, the last. */
static enum status
gather(struct merging *m, struct diag *diag)
{
	struct group *group = &m->group;
	enum status status = STATUS_OK;

	buf_clear(&group->key);
	buf_add_str(&group->key, m->row.key);
	buf_clear(&group->twins);
	group->exact = group->ambiguous = false;
	while (status == STATUS_OK && m->row_there &&
	       str_eq(m->row.key, buf_str(&group->key))) {
		if (!str_eq(m->row.id, str_from(m->row.key, 1))) {
			add_twin(group, m->row.id);
		} else {
			if (group->exact &&
			    !str_eq(buf_str(&group->json), m->row.json))
				group->ambiguous = true;
			group->exact = true;
			buf_clear(&group->json);
			buf_add_str(&group->json, m->row.json);
		}
		status = side_ometria_next(m->diff->ometria, &m->row,
		    &m->row_there, diag);
	}
	return status;
}

static enum status
tell_twins(struct merging *m, bool known, struct diag *diag)
{
	struct str twins = buf_str(&m->group.twins);
	struct diff_finding finding = {
		.class = known ? DIFF_PADDED : DIFF_UNEXPECTED,
		.kind = DESIRED_PRODUCT,
		.age = -1,
	};
	enum status status = STATUS_OK;

	while (twins.len > 0 && status == STATUS_OK) {
		finding.id = str_of(twins.data);
		if (known) {
			finding.field = STR("id");
			finding.sap = str_from(buf_str(&m->group.key), 1);
			finding.ometria = finding.id;
		}
		m->diff->counts[finding.class]++;
		status = tell(m, &finding, diag);
		twins = str_from(twins, finding.id.len + 1);
	}
	return status;
}

/* A contact is in the window by what SAP knows of it, else by its own time. */
static bool
is_asked_for(struct merging *m, const struct side_sap_row *sap)
{
	const struct side_plan *plan = m->diff->plan;
	const struct json *row;

	if (m->group.key.data[0] != '0' + DESIRED_CONTACT ||
	    (plan->since == INSTANT_NONE && plan->before == INSTANT_NONE))
		return true;
	if (sap != NULL)
		return sap->inside;
	row = json_parse(&m->judge.theirs, buf_str(&m->group.json));
	arena_reset(&m->judge.arena);
	return side_within(plan, side_updated(row, &m->judge.arena));
}

/* sap: its row under the same key, or NULL. */
static enum status
judge_group(struct merging *m, const struct side_sap_row *sap,
    struct diag *diag)
{
	const struct group *group = &m->group;
	enum status status = tell_twins(m, sap != NULL || group->exact, diag);

	/* Pages overlap, and what is on two may have changed between them. */
	if (group->ambiguous && m->diff->look != NULL)
		m->diff->changed++;
	else if (status == STATUS_OK && group->ambiguous)
		status = tell_theirs(m, DIFF_AMBIGUOUS, diag);
	if (status != STATUS_OK || !group->exact)
		return status;
	/* What never leaves is compared with nothing. */
	if ((sap != NULL && sap->standing == SIDE_UNFIT) ||
	    !is_asked_for(m, sap))
		return STATUS_OK;
	status = count_revenue(m, REVENUE_OMETRIA,
	    (enum desired_kind)(group->key.data[0] - '0'),
	    buf_str(&group->json), diag);
	if (status != STATUS_OK)
		return status;
	return sap == NULL ? tell_theirs(m, DIFF_UNEXPECTED, diag)
			   : judge_pair(m, sap, buf_str(&group->json), diag);
}

static enum status
next_sap(struct merging *m, struct diag *diag)
{
	return side_sap_next(m->diff->sap, &m->sap, &m->sap_there, diag);
}

static enum status
merge_sides(struct merging *m, struct diag *diag)
{
	enum status status = next_sap(m, diag);

	if (status == STATUS_OK)
		status = side_ometria_next(m->diff->ometria, &m->row,
		    &m->row_there, diag);
	while (status == STATUS_OK && (m->sap_there || m->row_there)) {
		int order = !m->sap_there   ? 1
			    : !m->row_there ? -1
					    : str_cmp(m->sap.key, m->row.key);

		if (tool_interrupted())
			return diag_set(diag, STATUS_TRY_AGAIN, "interrupted");
		if (order <= 0 && m->sap.inside)
			status = count_revenue(m, REVENUE_SAP, m->sap.kind,
			    m->sap.payload, diag);
		if (status != STATUS_OK)
			break;
		if (order < 0)
			status = judge_sap_alone(m, diag);
		else
			status = gather(m, diag);
		if (status == STATUS_OK && order >= 0)
			status =
			    judge_group(m, order == 0 ? &m->sap : NULL, diag);
		if (status == STATUS_OK && order <= 0)
			status = next_sap(m, diag);
	}
	return status;
}

static enum status
look_again(struct merging *m, struct str key, struct str value,
    struct diag *diag)
{
	struct side_sap_row sap = {
		.kind = (enum desired_kind)(key.data[0] - '0'),
		.id = str_from(key, 1),
		.payload = str_from(value, sizeof(struct miss)),
	};
	struct miss miss;
	bool there = false;
	enum status status;

	memcpy(&miss, value.data, sizeof(miss));
	sap.accepted_at = miss.accepted_at;
	sap.standing = miss.standing;
	sap.revised = miss.revised;
	buf_clear(&m->group.json);
	status = m->diff->look(m->diff->user, sap.kind, sap.id, sap.payload,
	    &m->group.json, &there, diag);
	if (status != STATUS_OK)
		return status;
	if (!there)
		return tell_record(m, DIFF_MISSING, &sap, diag);
	m->diff->again++;
	status = count_revenue(m, REVENUE_OMETRIA, sap.kind,
	    buf_str(&m->group.json), diag);
	if (status != STATUS_OK)
		return status;
	return judge_pair(m, &sap, buf_str(&m->group.json), diag);
}

static enum status
look_for_misses(struct merging *m, struct diag *diag)
{
	enum status status = sorter_end(m->misses, diag);
	bool found = true;

	while (status == STATUS_OK) {
		struct str key, value;

		status = sorter_next(m->misses, &key, &value, &found, diag);
		if (status != STATUS_OK || !found)
			break;
		status = look_again(m, key, value, diag);
	}
	return status;
}

/* Of contacts with one address each but the first is told, with the first. */
static enum status
look_for_shared(struct merging *m, struct diag *diag)
{
	struct buf email = BUF_INIT, first = BUF_INIT, last = BUF_INIT;
	struct diff_finding finding = {
		.class = DIFF_EMAIL,
		.kind = DESIRED_CONTACT,
		.field = STR("email"),
		.age = -1,
	};
	enum status status = STATUS_OK;

	while (status == STATUS_OK) {
		struct str address, id;
		bool found, same;

		status = side_ometria_next_email(m->diff->ometria, &address,
		    &id, &found, diag);
		if (status != STATUS_OK || !found)
			break;
		same = str_eq(address, buf_str(&email));
		if (!same) {
			buf_clear(&email);
			buf_add_str(&email, address);
			buf_clear(&first);
			buf_add_str(&first, id);
		} else if (!str_eq(id, buf_str(&last))) {
			finding.id = id;
			finding.ometria = buf_str(&first);
			m->diff->counts[DIFF_EMAIL]++;
			status = tell(m, &finding, diag);
		}
		buf_clear(&last);
		buf_add_str(&last, id);
	}
	buf_free(&email);
	buf_free(&first);
	buf_free(&last);
	return status;
}

enum status
diff_run(struct diff *diff, struct diag *diag)
{
	struct merging m = {
		.diff = diff,
		.judge = { .ometria = diff->ometria,
		    .mine = JSON_DOC_INIT,
		    .theirs = JSON_DOC_INIT },
		.misses = sorter_new(SORTER_MEMORY / 4),
	};
	enum status status = merge_sides(&m, diag);

	if (status == STATUS_OK)
		status = look_for_misses(&m, diag);
	if (status == STATUS_OK)
		status = look_for_shared(&m, diag);
	diff_judge_free(&m.judge);
	sorter_free(m.misses);
	buf_free(&m.group.key);
	buf_free(&m.group.json);
	buf_free(&m.group.twins);
	buf_free(&m.scratch);
	return status;
}
