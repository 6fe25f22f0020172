#include "base/option.h"

#include "base/near.h"
#include "base/text.h"

static const struct option *
find_name(const struct tool *tool, const char *name, size_t len)
{
	const struct option *option;

	for (option = tool->options; option->name != NULL; option++)
		if (strlen(option->name) == len &&
		    memcmp(option->name, name, len) == 0)
			return option;
	return NULL;
}

static const struct option *
find_letter(const struct tool *tool, char letter)
{
	const struct option *option;

	for (option = tool->options; option->name != NULL; option++)
		if (option->letter == letter && letter != 0)
			return option;
	return NULL;
}

static enum status
unknown(const struct tool *tool, const char *text, struct diag *diag)
{
	struct buf safe = BUF_INIT, meant = BUF_INIT;
	struct near near;

	near_begin(&near, (struct str){ text + strspn(text, "-"),
			      strcspn(text + strspn(text, "-"), "=") });
	for (const struct option *row = tool->options; row->name != NULL; row++)
		near_offer(&near, row->name);
	near_say(&near, "--", &meant);
	diag_set(diag, STATUS_USAGE, "unknown option '%s'%s; try '%s --help'",
	    text_escape(&safe, str_of(text), 40),
	    meant.len > 0 ? meant.data : "", tool->name);
	buf_free(&safe);
	buf_free(&meant);
	return STATUS_USAGE;
}

static enum status
give(struct options *options, const struct option *option, const char *value,
    struct diag *diag)
{
	if (option->argument != NULL && (value == NULL || *value == '\0'))
		return diag_set(diag, STATUS_USAGE,
		    "option '--%s' needs an argument %s", option->name,
		    option->argument);
	if (option->argument == NULL && value != NULL)
		return diag_set(diag, STATUS_USAGE,
		    "option '--%s' takes no argument", option->name);
	if (!option->repeated && option->argument != NULL &&
	    options_has(options, option->name))
		return diag_set(diag, STATUS_USAGE,
		    "option '--%s' is given twice", option->name);
	options->given = mem_grow(options->given, options->given_count + 1,
	    sizeof(*options->given));
	options->given[options->given_count].option = option;
	options->given[options->given_count].value = value;
	options->given[options->given_count].environment = false;
	options->given_count++;
	return STATUS_OK;
}

/* "--name", "--name=value", "--name value"; *at may move one on. */
static enum status
parse_long(struct options *options, char **argv, int *at, struct diag *diag)
{
	const char *name = argv[*at] + 2;
	const char *equals = strchr(name, '=');
	size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
	const struct option *option = find_name(options->tool, name, len);
	const char *value = equals != NULL ? equals + 1 : NULL;

	if (option == NULL)
		return unknown(options->tool, argv[*at], diag);
	if (value == NULL && option->argument != NULL && argv[*at + 1] != NULL)
		value = argv[++*at];
	return give(options, option, value, diag);
}

/* "-v", "-vq", "-sFILE", "-s FILE". */
static enum status
parse_short(struct options *options, char **argv, int *at, struct diag *diag)
{
	const char *text = argv[*at];

	for (const char *letter = text + 1; *letter != '\0'; letter++) {
		const struct option *option =
		    find_letter(options->tool, *letter);
		const char *value = NULL;
		enum status status;

		if (option == NULL)
			return unknown(options->tool, text, diag);
		if (option->argument != NULL) {
			value = letter[1] != '\0' ? letter + 1 : argv[*at + 1];
			if (letter[1] == '\0' && value != NULL)
				++*at;
		}
		status = give(options, option, value, diag);
		if (status != STATUS_OK || option->argument != NULL)
			return status;
	}
	return STATUS_OK;
}

static enum status
take_environment(struct options *options, struct diag *diag)
{
	const struct option *option;

	for (option = options->tool->options; option->name != NULL; option++) {
		char name[80];
		const char *value;
		enum status status;

		if (!option->environment || options_has(options, option->name))
			continue;
		snprintf(name, sizeof(name), "SAP_OMETRIA_%s", option->name);
		for (char *at = name; *at != '\0'; at++)
			*at = *at == '-' ? '_' : text_upper(*at);
		value = getenv(name);
		if (value == NULL || *value == '\0')
			continue;
		status = give(options, option, value, diag);
		if (status != STATUS_OK)
			return status;
		options->given[options->given_count - 1].environment = true;
	}
	return STATUS_OK;
}

enum status
options_parse(struct options *options, const struct tool *tool, int argc,
    char **argv, struct diag *diag)
{
	bool only_operands = false;

	*options = (struct options){ .tool = tool };
	options->operands = mem_zero((size_t)argc + 1, sizeof(char *));
	for (int at = 1; at < argc; at++) {
		enum status status = STATUS_OK;

		if (only_operands || argv[at][0] != '-' || argv[at][1] == '\0')
			options->operands[options->operand_count++] = argv[at];
		else if (strcmp(argv[at], "--") == 0)
			only_operands = true;
		else if (argv[at][1] == '-')
			status = parse_long(options, argv, &at, diag);
		else
			status = parse_short(options, argv, &at, diag);
		if (status != STATUS_OK)
			return status;
	}
	return take_environment(options, diag);
}

void
options_free(struct options *options)
{
	free(options->given);
	free(options->operands);
	*options = (struct options){ 0 };
}

bool
options_has(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->given_count; i++)
		if (strcmp(options->given[i].option->name, name) == 0)
			return true;
	return false;
}

const char *
options_value(const struct options *options, const char *name)
{
	return options_nth(options, name, 0);
}

const char *
options_nth(const struct options *options, const char *name, size_t index)
{
	for (size_t i = 0; i < options->given_count; i++)
		if (strcmp(options->given[i].option->name, name) == 0 &&
		    index-- == 0)
			return options->given[i].value;
	return NULL;
}

static void
help_option(const struct option *option)
{
	char left[64];

	if (option->letter != 0)
		snprintf(left, sizeof(left), "-%c, --%s%s%s", option->letter,
		    option->name, option->argument != NULL ? " " : "",
		    option->argument != NULL ? option->argument : "");
	else
		snprintf(left, sizeof(left), "    --%s%s%s", option->name,
		    option->argument != NULL ? " " : "",
		    option->argument != NULL ? option->argument : "");
	printf("  %-28s %s\n", left, option->help);
}

void
options_help(const struct tool *tool)
{
	const struct option *option;

	printf("%s: %s\n\n", tool->name, tool->purpose);
	for (size_t i = 0; tool->synopsis[i] != NULL; i++)
		printf("%s %s %s\n", i == 0 ? "usage:" : "      ", tool->name,
		    tool->synopsis[i]);
	printf("\noptions:\n");
	for (option = tool->options; option->name != NULL; option++)
		help_option(option);
	printf("\nexit codes:\n");
#define X(name, code, text) printf("  %-3d %s\n", code, text);
	STATUS_TABLE(X)
#undef X
}
