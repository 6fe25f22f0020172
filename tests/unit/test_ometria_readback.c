/* What is read back before it counts as confirmed. */
#include "ometria_script.h"

static void
read_back(void)
{
	static const char before[] =
	    "{\"id\":\"7\",\"customer_id\":\"7\",\"email\":\"7@example.com\","
	    "\"lastname\":\"Doe\"}";
	static const char after[] =
	    "{\"id\":\"7\",\"customer_id\":\"7\",\"email\":\"7@example.com\","
	    "\"lastname\":\"Roe\",\"marketing_optin\":\"NOT_SPECIFIED\"}";

	begin();
	confirm = DRAIN_CONFIRM_ALL;
	put_contact("7", "Doe");
	put_order("W1", "7");
	put(DESIRED_ORDER, "W2", "",
	    "{\"order_id\":\"W2\",\"valid\":true,"
	    "\"customer\":{\"email\":\"guest@example.com\"}}");
	run(STATUS_OK, "a contact that does not show");
	IS_STR(script.sent.data, "contact 7\norder W2\n",
	    "keeps its own order back");
	script.shown = before;
	run(STATUS_OK, "it shows");
	IS_STR(script.sent.data, "contact 7\norder W2\norder W1\n",
	    "and the order leaves");
	put_contact("7", "Roe");
	put_order("W3", "7");
	run(STATUS_OK, "a revision that does not show");
	IS_STR(script.sent.data, "contact 7\norder W2\norder W1\ncontact 7\n",
	    "though an older one does");
	script.shown = after;
	run(STATUS_OK, "until it does");
	IS_INT(script.pushes, 5, "keeps the next order back");
	confirm = DRAIN_CONFIRM_NONE;
}

/* A few of each kind are looked for, and nothing waits for them. */
static void
sampled(void)
{
	begin();
	confirm = DRAIN_CONFIRM_SAMPLE;
	for (int i = 0; i < 9; i++) {
		put_contact((const char[2]){ (char)('0' + i), '\0' }, "Poe");
		put_order((const char[3]){ 'W', (char)('0' + i), '\0' }, "0");
	}
	run(STATUS_OK, "nine contacts, nine orders");
	IS_INT(script.pushes, 2, "leave");
	IS_INT(script.lookups, 6, "three of each are looked for, once");
	put_order("WA", "");
	script.lookups = 0;
	run(STATUS_OK, "the next run");
	IS_INT(script.lookups, 6, "looks for these again, and takes no others");
	script.lookups = 0;
	confirm = DRAIN_CONFIRM_NONE;
	run(STATUS_OK, "one without a sample");
	IS_INT(script.lookups, 6, "does so, too");
}

/* What the sample does not find is missing when it is old enough. */
static void
sampled_missing(void)
{
	begin();
	confirm = DRAIN_CONFIRM_SAMPLE;
	visible = 0;
	put_order("W1", "");
	put(DESIRED_EVENT, "shipped-W1", "7",
	    "{\"event\":\"order_shipped\",\"event_id\":\"shipped-W1\","
	    "\"at\":\"2026-05-02T14:05:00Z\",\"customer_id\":\"7\"}");
	run(STATUS_OK, "an order that does not show, and an event");
	IS_STR(script.sent.data,
	    "order W1\ncustom_event shipped-W1\norder W1\n",
	    "the order is sent once more");
	IS_INT(open_exceptions("push-missing"), 1, "with an exception");
	IS_INT(script.lookups, 2, "the event is not asked about");
	confirm = DRAIN_CONFIRM_NONE;
	visible = 60000;
}

/* The contact that request() shows when it is asked for one. */
static const char doe[] =
    "{\"id\":\"7\",\"customer_id\":\"7\",\"email\":\"7@example.com\","
    "\"lastname\":\"Doe\"}";

/* An answer that does not add up: the records of it are read back. */
static void
miscounted(void)
{
	begin();
	script.miscounts = true;
	put_contact("7", "Doe");
	run(STATUS_OK, "an answer that counts one less");
	IS_INT(script.contacts, 3, "its record is looked for");
	IS_INT(open_exceptions("push-unconfirmed"), 1, "it is not confirmed");
	script.shown = doe;
	run(STATUS_OK, "it shows");
	IS_INT(script.contacts, 4, "at the first look");
	IS_INT(open_exceptions("push-unconfirmed"), 0, "that closes it");
	run(STATUS_OK, "after that");
	IS_INT(script.contacts, 4, "nothing is looked for");
	IS_INT(script.pushes, 1, "it was sent once");
}

/* A full list, whose oldest row is about contact 8 of the first request. */
static void
add_full_list(struct buf *to)
{
	buf_add_char(to, '[');
	for (int i = 0; i < 99; i++)
		buf_add_format(to,
		    "{\"request_id\":\"foreign\",\"record_type\":\"contact\","
		    "\"record_id\":\"%d\",\"message\":{}},",
		    i);
	buf_add_text(to,
	    "{\"request_id\":\"r1\",\"record_type\":\"contact\","
	    "\"record_id\":\"8\",\"message\":{\"error_message\":\"no\"}}]");
}

static void
overflowed(void)
{
	struct buf list = BUF_INIT;

	add_full_list(&list);
	begin();
	script.errors = list.data;
	script.shown = doe;
	put_contact("7", "Doe");
	put_contact("8", "Poe");
	run(STATUS_OK, "a list of errors that overflowed");
	IS_INT(open_exceptions("customer-rejected"), 1, "what it names");
	IS_INT(script.contacts, 1, "what it may have named is read back");
	IS_INT(script.pushes, 1, "and not sent again, for it shows");
	begin();
	script.errors = list.data;
	put_contact("7", "Doe");
	put_contact("8", "Poe");
	run(STATUS_OK, "where it does not show");
	IS_STR(script.sent.data, "contact 7 8\ncontact 7\n", "it is, at once");
	buf_free(&list);
}

/* The flat shape of the list names no record. */
static void
nameless(void)
{
	begin();
	script.errors = "[{\"error_message\":\"not a valid value\","
			"\"error_path\":\"root > lastname\"}]";
	put_contact("7", "Doe");
	run(STATUS_OK, "an error that names no record");
	IS_INT(script.contacts, 3, "what is unconfirmed is read back");
	IS_INT(open_exceptions("push-unconfirmed"), 1, "it does not show");
	script.shown = doe;
	run(STATUS_OK, "it shows");
	IS_INT(open_exceptions("push-unconfirmed"), 0, "the exception closed");
	script.contacts = 0;
	put_contact("7", "Roe");
	run(STATUS_OK, "the same list");
	IS_INT(script.contacts, 0, "is about nothing new");
}

/* Accepted, no error, never visible. */
static void
dropped(void)
{
	begin();
	visible = 0;
	confirm = DRAIN_CONFIRM_ALL;
	put_order("W1", "");
	run(STATUS_OK, "an order that does not show");
	IS_STR(script.sent.data, "order W1\norder W1\n", "is sent once more");
	IS_INT(open_exceptions("push-missing"), 1, "with an exception");
	run(STATUS_OK, "still not");
	IS_INT(script.pushes, 2, "and no third time");
	put(DESIRED_ORDER, "W1", "", "{\"order_id\":\"W1\",\"valid\":false}");
	run(STATUS_OK, "a change of it");
	IS_INT(script.pushes, 4, "may be sent twice again");
	confirm = DRAIN_CONFIRM_NONE;
	visible = 60000;
}

/* An older revision came behind the newer one. */
static void
overtaken(void)
{
	begin();
	visible = 0;
	confirm = DRAIN_CONFIRM_ALL;
	script.shown = doe;
	put_contact("7", "Roe");
	run(STATUS_OK, "Ometria shows other content");
	IS_INT(script.pushes, 2, "it is sent once more");
	IS_INT(open_exceptions("push-differs"), 1, "with an exception");
	OK(buf_str(&script.last).len > 0 &&
		strstr(script.last.data, "Roe") != NULL,
	    "in its newest content");
	put_contact("7", "Doe");
	run(STATUS_OK, "what it shows is desired");
	IS_INT(open_exceptions("push-differs"), 0, "that closes it");
	confirm = DRAIN_CONFIRM_NONE;
	visible = 60000;
}

/* An event is looked for again before it leaves a second time. */
static void
dropped_event(void)
{
	begin();
	visible = 0;
	confirm = DRAIN_CONFIRM_ALL;
	put(DESIRED_EVENT, "shipped-W1", "7",
	    "{\"event\":\"order_shipped\",\"event_id\":\"shipped-W1\","
	    "\"at\":\"2026-05-02T14:05:00Z\",\"customer_id\":\"7\"}");
	run(STATUS_OK, "an event that does not show");
	IS_INT(script.pushes, 2, "is sent once more");
	IS_INT(script.lookups, 3 + 2 + 3,
	    "three looks, two before it leaves again, three");
	IS_INT(open_exceptions("push-missing"), 1, "with an exception");
	confirm = DRAIN_CONFIRM_NONE;
	visible = 60000;
}

int
main(void)
{
	config = config_from("[ometria]\ngap = 0s\n");
	read_back();
	sampled();
	sampled_missing();
	miscounted();
	overflowed();
	nameless();
	dropped();
	overtaken();
	dropped_event();
	script_end();
	DONE();
}
