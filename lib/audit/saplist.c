#include "audit/saplist_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/lines.h"

#define INBOUND 50 /* the first status of inbound IDocs */

/* The letters of names that columns bear: of the field, English, German. */
static const struct {
	enum column column;
	const char *letters;
} names[] = {
	{ DOCNUM, "docnum" },
	{ DOCNUM, "idocnumber" },
	{ DOCNUM, "idocno" },
	{ DOCNUM, "idocnummer" },
	{ DOCNUM, "idocnr" },
	{ DOCNUM, "nummerdesidoc" },
	{ DOCNUM, "nummerdesidocs" },
	{ MESTYP, "mestyp" },
	{ MESTYP, "messagetype" },
	{ MESTYP, "nachrichtentyp" },
	{ MESTYP, "nachrtyp" },
	{ CREDAT, "credat" },
	{ CREDAT, "createdon" },
	{ CREDAT, "erstelltam" },
	{ CREDAT, "angelegtam" },
	{ CREDAT, "erstellungsdatum" },
	{ CREDAT, "datum" },
	{ CRETIM, "cretim" },
	{ CRETIM, "createdat" },
	{ CRETIM, "creationtime" },
	{ CRETIM, "erstelltum" },
	{ CRETIM, "angelegtum" },
	{ CRETIM, "erstellungsuhrzeit" },
	{ CRETIM, "uhrzeit" },
	{ STATUS, "status" },
	{ STATUS, "currentstatus" },
	{ STATUS, "aktuellerstatus" },
};

/* Outbound, and never at the port: made, edited, in error, or a test. */
static const char *const kept_back[] = { "01", "02", "25", "26", "27", "29",
	"30", "31", "32", "33", "34", "36", "37", "42" };

/* How SAP shows a date; a letter for each digit. */
static const char *const date_forms[] = { "YYYYMMDD", "YYYY-MM-DD",
	"YYYY.MM.DD", "YYYY/MM/DD", "DD.MM.YYYY", "MM/DD/YYYY" };

void
saplist_free(struct saplist *list)
{
	if (list == NULL)
		return;
	sorter_free(list->idocs);
	arena_free(&list->arena);
	free(list->tallies);
	free(list);
}

struct saplist_tally *
saplist_tally(struct saplist *list, struct str mestyp)
{
	for (size_t i = 0; i < list->tally_count; i++)
		if (str_eq(list->tallies[i].mestyp, mestyp))
			return &list->tallies[i];
	list->tallies = mem_grow(list->tallies, list->tally_count + 1,
	    sizeof(*list->tallies));
	list->tallies[list->tally_count] =
	    (struct saplist_tally){ .mestyp = arena_str(&list->arena, mestyp) };
	return &list->tallies[list->tally_count++];
}

/* Unless the line names the columns, nothing is known after it either. */
static void
read_header(struct saplist *list, struct str line)
{
	struct csv_row *row = &list->row;

	list->separator = csv_separator(line);
	if (!csv_split(row, line, list->separator))
		return;
	for (size_t i = 0; i < row->count; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (list->at[names[k].column] == 0 &&
			    csv_is_named(row->cells[i], names[k].letters))
				list->at[names[k].column] = i + 1;
	if (list->at[DOCNUM] == 0)
		memset(list->at, 0, sizeof(list->at));
}

static struct str
cell(const struct saplist *list, const struct csv_row *row, enum column column)
{
	size_t at = list->at[column];

	return at > 0 && at <= row->count ? str_trim(row->cells[at - 1])
					  : STR_NONE;
}

/* The digits of a date in the order year, month, day. */
static bool
read_form(struct str text, const char *form, char to[9])
{
	static const char letters[] = "YMD";
	size_t next[3] = { 0, 4, 6 };

	if (text.len != strlen(form))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char *letter = strchr(letters, form[i]);
		bool digit = text.data[i] >= '0' && text.data[i] <= '9';

		if (letter == NULL && text.data[i] != form[i])
			return false;
		if (letter != NULL && !digit)
			return false;
		if (letter != NULL)
			to[next[letter - letters]++] = text.data[i];
	}
	to[8] = '\0';
	return true;
}

/* YYYYMMDDHHMMSS, or without the time when that is not told; else "". */
static void
read_time(struct str date, struct str time, char to[15])
{
	size_t at = 8;
	bool known = false;

	for (size_t i = 0;
	     i < sizeof(date_forms) / sizeof(date_forms[0]) && !known; i++)
		known = read_form(date, date_forms[i], to);
	if (!known) {
		to[0] = '\0';
		return;
	}
	for (size_t i = 0; i < time.len && at < 14; i++)
		if (time.data[i] >= '0' && time.data[i] <= '9')
			to[at++] = time.data[i];
	to[at == 14 ? 14 : 8] = '\0';
}

static void
widen_window(struct saplist *list, const char *when)
{
	char end[15] = "YYYYMMDD235959";

	if (when[0] == '\0')
		return;
	/* Without its time: until the end of that day. */
	memcpy(end, when, strlen(when));
	if (list->first[0] == '\0' || strcmp(when, list->first) < 0)
		str_copy(list->first, sizeof(list->first), str_of(when));
	if (strcmp(end, list->last) > 0)
		str_copy(list->last, sizeof(list->last), str_of(end));
}

static bool
was_kept_back(struct str status)
{
	for (size_t i = 0; i < sizeof(kept_back) / sizeof(kept_back[0]); i++)
		if (str_is(status, kept_back[i]))
			return true;
	return false;
}

/* The number with all its zeros; false when it is none. */
static bool
full_number(struct str text, char to[DOCNUM_DIGITS + 1])
{
	uint64_t number;

	if (!str_to_u64(text, UINT64_C(9999999999999999), &number))
		return false;
	snprintf(to, DOCNUM_DIGITS + 1, "%016llu", (unsigned long long)number);
	return true;
}

static enum status
read_row(struct saplist *list, const struct csv_row *row, struct diag *diag)
{
	struct str status = cell(list, row, STATUS);
	struct str mestyp = cell(list, row, MESTYP);
	char key[DOCNUM_DIGITS + 2], when[15];
	uint64_t code;

	if (!full_number(cell(list, row, DOCNUM), key)) {
		list->faulty++;
		return STATUS_OK;
	}
	if (str_to_u64(status, 99, &code) && code >= INBOUND)
		return STATUS_OK;
	read_time(cell(list, row, CREDAT), cell(list, row, CRETIM), when);
	widen_window(list, when);
	saplist_tally(list, mestyp);
	key[DOCNUM_DIGITS] = was_kept_back(status) ? '-' : '+';
	key[DOCNUM_DIGITS + 1] = '\0';
	return sorter_add(list->idocs, str_of(key), mestyp, diag);
}

/* Rules, blank lines and repeated headers of a printed list are no rows. */
static bool
is_decoration(struct saplist *list, const struct csv_row *row)
{
	struct str number = cell(list, row, DOCNUM);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].column == DOCNUM &&
		    csv_is_named(number, names[i].letters))
			return true;
	return number.len == 0 || number.data[0] == '-';
}

/* Titles come first, then the names of the columns, then rows. */
static enum status
read_line(void *user, struct str line, struct diag *diag)
{
	struct saplist *list = user;

	if (list->at[DOCNUM] == 0) {
		read_header(list, line);
		return STATUS_OK;
	}
	if (!csv_split(&list->row, line, list->separator) ||
	    is_decoration(list, &list->row))
		return STATUS_OK;
	return read_row(list, &list->row, diag);
}

static enum status
read_lines(struct saplist *list, int fd, struct diag *diag)
{
	struct lines lines;
	enum status status;

	lines_open(&lines, fd);
	status = lines_each(&lines, read_line, list, diag);
	lines_close(&lines);
	csv_free(&list->row);
	if (status == STATUS_OK && list->at[DOCNUM] == 0)
		return diag_set(diag, STATUS_DATA,
		    "no column of IDoc numbers (DOCNUM) in the list");
	return status == STATUS_OK ? sorter_end(list->idocs, diag) : status;
}

enum status
saplist_read(struct saplist **opened, const char *file, struct diag *diag)
{
	struct saplist *list;
	enum status status;
	int fd = strcmp(file, "-") == 0 ? STDIN_FILENO
					: open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return diag_errno(diag, STATUS_NO_INPUT, errno,
		    "cannot open SAP's list");
	list = mem_zero(1, sizeof(*list));
	list->idocs = sorter_new(SORTER_MEMORY);
	status = read_lines(list, fd, diag);
	if (fd != STDIN_FILENO)
		close(fd);
	if (status != STATUS_OK) {
		diag_place(diag, file, 0);
		saplist_free(list);
		return status;
	}
	*opened = list;
	return STATUS_OK;
}
