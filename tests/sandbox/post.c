#include "post.h"

#include "erase.h"
#include "merging.h"
#include "single.h"

struct post_route {
	const char *method;
	const char *path[QUERY_PARTS]; /* as of query_is */
	enum rate_kind rate;
	void (*answer)(struct post *post, struct answer *answer);
};

static const struct post_route routes[] = {
	{ "POST", { "data-deletion-requests", NULL, NULL }, RATE_ERASE,
	    erase_post },
	{ "POST", { "merge-profile", NULL, NULL }, RATE_MERGE, merging_post },
	{ "POST", { "products", "*", NULL }, RATE_DATA, single_post },
	{ "POST", { "orders", "*", NULL }, RATE_DATA, single_post },
	{ "POST", { "contacts", "*", "*" }, RATE_DATA, single_post },
	{ "POST", { "custom-events", NULL, NULL }, RATE_DATA, single_post },
	{ "POST", { "transactional-email", "send", NULL }, RATE_MAIL,
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
	if (post->root == NULL || post->root->type != JSON_OBJECT)
		answer_error(answer, 400, "Payload invalid: not an object.");
	else
		route->answer(post, answer);
}
