#include "post.h"

#include "erase.h"
#include "fields.h"
#include "merging.h"
#include "single.h"

struct post_route {
	const char *method;
	const char *path[QUERY_PARTS]; /* as of query_is */
	enum rate_kind rate;
	bool bare; /* without a body */
	void (*answer)(struct post *post, struct answer *answer);
};

static const struct post_route routes[] = {
	{ "POST", { "data-deletion-requests", NULL, NULL }, RATE_ERASE, false,
	    erase_post },
	{ "POST", { "merge-profile", NULL, NULL }, RATE_MERGE, false,
	    merging_post },
	{ "POST", { "products", "*", NULL }, RATE_DATA, false, single_post },
	{ "POST", { "orders", "*", NULL }, RATE_DATA, false, single_post },
	{ "POST", { "contacts", "*", "*" }, RATE_DATA, false, single_post },
	{ "POST", { "custom-events", NULL, NULL }, RATE_DATA, false,
	    single_post },
	{ "POST", { "custom-fields", NULL, NULL }, RATE_DATA, false,
	    fields_post },
	{ "PUT", { "custom-fields", NULL, NULL }, RATE_DATA, false,
	    fields_put },
	{ "DELETE", { "custom-fields", "*", NULL }, RATE_DATA, true,
	    fields_delete },
	{ "POST", { "transactional-email", "send", NULL }, RATE_MAIL, false,
	    single_mail },
};

const struct post_route *
post_find(const char *method, const struct query *query)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(method, routes[i].method) == 0 &&
		    query_is(query, routes[i].path))
			return &routes[i];
	return NULL;
}

enum rate_kind
post_rate(const struct post_route *route)
{
	return route != NULL ? route->rate : RATE_DATA;
}

void
post_answer(const struct post_route *route, struct post *post,
    struct json_doc *doc, struct answer *answer)
{
	post->root = json_parse(doc, post->body);
	answer->status = 200;
	if (!route->bare &&
	    (post->root == NULL || post->root->type != JSON_OBJECT))
		answer_error(answer, 400, "Payload invalid: not an object.");
	else
		route->answer(post, answer);
}
