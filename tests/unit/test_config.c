/* The configuration is strict: what is wrong is named with file and line. */

#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"
#include "tap.h"

static char folder[64], file[96];

static void
put(const char *text, size_t len)
{
	FILE *stream = fopen(file, "w");

	fwrite(text, 1, len, stream);
	fclose(stream);
}

static enum status
load(struct config **config, const char *text, struct diag *diag)
{
	*diag = (struct diag){ 0 };
	put(text, strlen(text));
	return config_load(config, file, diag);
}

static void
test_values(void)
{
	struct config *config;
	struct diag diag;

	IS_INT(load(&config,
		   "\xEF\xBB\xBF# comment\n"
		   "[sap]\n"
		   "  timezone = Europe/Berlin  \n"
		   "\tencoding=utf-8\n"
		   "; another\n"
		   "\n"
		   "[sku]\n"
		   "strip = \" -.\"\n"
		   "upper = yes\r\n"
		   "[stock]\n"
		   "threshold = 2.5\n"
		   "skew = 90s\n"
		   "[plant \"1100\"]\n"
		   "sellable = no\n"
		   "locations = 0001, 0002 ,0003\n"
		   "[plant \"1200\"]\n"
		   "[map \"DEBMAS\"]\n"
		   "customer.email = Z1KNA1E/SMTP_ADDR\n"
		   "[sap]\n",
		   &diag),
	    STATUS_OK, "a good file");
	IS_STR(config_text(config, "sap", NULL, "timezone"), "Europe/Berlin",
	    "value without the blanks around it");
	IS_STR(config_text(config, "sap", NULL, "encoding"), "utf-8",
	    "an indented key is a key");
	IS_STR(config_text(config, "sku", NULL, "strip"), " -.",
	    "quotes keep blanks");
	OK(config_bool(config, "sku", NULL, "upper"), "yes");
	IS_INT(config_decimal(config, "stock", NULL, "threshold").units, 25,
	    "a decimal");
	IS_INT(config_duration(config, "stock", NULL, "skew"), 90000,
	    "a duration");
	OK(config_lists(config, "plant", "1100", "locations", STR("0002")),
	    "in the list");
	OK(!config_lists(config, "plant", "1100", "locations", STR("000")),
	    "not in the list");
	OK(!config_bool(config, "plant", "1100", "sellable"), "by label");
	OK(config_bool(config, "plant", "9999", "sellable"),
	    "default of a label that is not there");
	OK(!config_labelled(config, "plant", "9999"), "which is not there");
	OK(config_labelled(config, "plant", "1100"), "which is there");
	IS_STR(config_text(config, "map", "DEBMAS", "customer.email"),
	    "Z1KNA1E/SMTP_ADDR", "any key in a map");
	IS_STR(config_entry(config, 4)->key, "threshold", "entries in order");
	IS_INT(config_entry(config, 4)->line, 11, "with their lines");
	config_free(config);
}

static void
test_defaults(void)
{
	struct config *config;
	struct diag diag;

	load(&config, "", &diag);
	IS_STR(config_text(config, "sap", NULL, "timezone"), "Europe/London",
	    "default");
	IS_INT(config_number(config, "ometria", NULL, "rate"), 4,
	    "default number");
	IS_INT(config_duration(NULL, "order", NULL, "confirm-within"), 1800000,
	    "default without a configuration");
	OK(config_text(config, "sales-area", "1000/10", "store") == NULL,
	    "nothing where there is no default");
	OK(config_entry(config, 0) == NULL, "no entries");
	config_free(config);
}

static void
test_default_values_are_good(void)
{
	const struct config_key *row;
	struct buf text = BUF_INIT;

	for (row = config_keys; row->section != NULL; row++) {
		struct config *config;
		struct diag diag;
		char what[96];

		if (row->standard == NULL)
			continue;
		buf_clear(&text);
		buf_add_format(&text, row->labelled ? "[%s \"x\"]\n" : "[%s]\n",
		    row->section);
		buf_add_format(&text, "%s = %s\n", row->key, row->standard);
		snprintf(what, sizeof(what), "[%s] %s: its default is good",
		    row->section, row->key);
		IS_INT(load(&config, text.data, &diag), STATUS_OK, what);
		OK(row->help != NULL && row->help[0] != '\0', "and has help");
		config_free(config);
	}
	buf_free(&text);
}

static void
test_wrong(void)
{
	static const struct {
		const char *text;
		size_t line;
		const char *message;
	} cases[] = {
		{ "[sap]\ntimezon = x\n", 2,
		    "key 'timezon' is unknown in its section; did you mean 'timezone'?; see "
		    "sap-ometria.conf(5)" },
		{ "\n[sapp]\ntimezone = x\n", 2,
		    "section 'sapp' is unknown; did you mean 'sap'?; see sap-ometria.conf(5)" },
		{ "[nothing]\n", 1,
		    "section 'nothing' is unknown; see sap-ometria.conf(5)" },
		{ "[plant]\nsellable = yes\n", 1,
		    "section 'plant' takes a label in quotes" },
		{ "[sap \"x\"]\ntimezone = UTC\n", 1,
		    "section 'sap \\x22x\\x22' takes no label" },
		{ "[plant \"1100]\nsellable = yes\n", 1,
		    "section 'plant \\x221100' is malformed" },
		{ "[plant \"\"]\nsellable = yes\n", 1,
		    "section 'plant \\x22\\x22' is malformed" },
		{ "timezone = x\n", 1,
		    "key 'timezone' is unknown in its section; it belongs into [sap]; "
		    "see sap-ometria.conf(5)" },
		{ "[sap]\ntimezone = UTC\ntimezone = Europe/Berlin\n", 3,
		    "value of key 'timezone' is given twice" },
		{ "[sap]\ntimezone = UTC\n[sku]\nupper = no\n[sap]\ntimezone = "
		  "Europe/Berlin\n",
		    6, "value of key \'timezone\' is given twice" },
		{ "[sku]\nupper = true\n", 2,
		    "value of key 'upper' is not yes or no" },
		{ "[sku]\nstrip = \" -\n", 2,
		    "value of key 'strip' has no closing quote" },
		{ "[sku]\nstrip = \" ;\"\n", 2,
		    "value of key 'strip' has no closing quote" },
		{ "[ometria]\nrate = -1\n", 2,
		    "value of key 'rate' is not a whole number from 0 to 1000" },
		{ "[ometria]\nrate = 4.5\n", 2,
		    "value of key 'rate' is not a whole number from 0 to 1000" },
		{ "[stock]\nthreshold = 1,5\n", 2,
		    "value of key 'threshold' is not a decimal number" },
		{ "[order]\nconfirm-within = 30\n", 2,
		    "value of key 'confirm-within' is not a duration such as "
		    "500ms, 30m, 4h or 90d" },
		{ "[deletion]\naction = delete\n", 2,
		    "value of key 'action' is none of opt-out, anonymise" },
		{ "[deletion]\naction = opt\n", 2,
		    "value of key 'action' is none of opt-out, anonymise" },
		{ "[order]\nweb-number = (\n", 2,
		    "value of key 'web-number' is not an extended regular "
		    "expression" },
		{ "[sap]\ngarbage\n", 2,
		    "not 'key = value', a [section] or a comment" },
		{ "[sap\ntimezone = x\n", 1,
		    "section 'sap' has no closing bracket" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config *config;
		struct diag diag;

		IS_INT(load(&config, cases[i].text, &diag), STATUS_CONFIG,
		    cases[i].message);
		IS_STR(diag.message, cases[i].message, "is the message");
		IS_STR(diag.file, file, "with the file");
		IS_INT(diag.line, cases[i].line, "and the line");
		config_free(config);
	}
}

static void
test_files(void)
{
	struct config *config;
	struct diag diag = { 0 };
	struct buf text = BUF_INIT;

	buf_add_text(&text, "[sap]\ntimezone = ");
	for (int i = 0; i < 2000; i++)
		buf_add_char(&text, 'x');
	IS_INT(load(&config, text.data, &diag), STATUS_CONFIG, "a long line");
	IS_INT(diag.line, 2, "is refused, not cut");
	config_free(config);
	put("[sap]\n\0timezone = x\n", 20);
	IS_INT(config_load(&config, file, &diag), STATUS_CONFIG, "a zero byte");
	config_free(config);
	buf_clear(&text);
	buf_add_format(&text, "%s/none", folder);
	IS_INT(config_load(&config, text.data, &diag), STATUS_NO_INPUT,
	    "a named file that is not there");
	config_free(config);
	IS_INT(config_load(&config, folder, &diag), STATUS_CONFIG,
	    "a folder is no configuration");
	config_free(config);
	buf_free(&text);
}

static void
test_search(void)
{
	struct config *config;
	struct diag diag = { 0 };
	char path[128];

	unlink(file);
	setenv("XDG_CONFIG_HOME", folder, 1);
	snprintf(path, sizeof(path), "%s/sap-ometria", folder);
	mkdir(path, 0700);
	snprintf(file, sizeof(file), "%s/sap-ometria/sync.conf", folder);
	put("[sap]\ntimezone = UTC\n", 21);
	IS_INT(config_load(&config, NULL, &diag), STATUS_OK, "search");
	IS_STR(config_file(config), file, "finds the user's file");
	IS_STR(config_text(config, "sap", NULL, "timezone"), "UTC",
	    "and reads it");
	config_free(config);
	unlink(file);
	mkdir(file, 0700);
	IS_INT(config_load(&config, NULL, &diag), STATUS_CONFIG,
	    "one that is there and cannot be read is not passed over");
	config_free(config);
	rmdir(file);
	rmdir(path);
	rmdir(folder);
}

int
main(void)
{
	snprintf(folder, sizeof(folder), "/tmp/test_config.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(file, sizeof(file), "%s/sync.conf", folder);
	test_values();
	test_defaults();
	test_default_values_are_good();
	test_wrong();
	test_files();
	test_search();
	DONE();
}
