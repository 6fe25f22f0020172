# Makes the C tables of the segment dictionary:
#   awk -f dictionary.awk segments.tsv trees.tsv > idoc_dictionary.h
# Segments come out in byte order whatever the locale, for bsearch.

BEGIN {
	FS = "\t"
	alphabet = "/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
}

/^#/ { next }

NF == 6 {
	segment($1)
	if ($5 != width[$1])
		fail($1 "/" $3 " does not begin where the field before ends")
	if ($6 !~ /^[ABC]$/)
		fail($1 "/" $3 " has no trust")
	if (fields[$1] > 0 && $2 != definition[$1])
		fail($1 "/" $3 " is of another definition than the field before")
	definition[$1] = $2
	field[$1, ++fields[$1]] = "\t{\"" $3 "\", " $5 ", " $4 ", '" $6 "'},"
	width[$1] = $5 + $4
	next
}

NF == 3 {
	segment($2)
	if ($3 == "-") {
		top[$2] = 1
	} else if (!(($2, $3) in below)) {
		segment($3)
		below[$2, $3] = 1
		parent[$2, ++parents[$2]] = $3
	}
	next
}

{ fail("a row has " NF " columns") }

END {
	if (failed)
		exit 1
	sort()
	print "/* Made by lib/idoc/dictionary.awk. */"
	print_fields()
	print_parents()
	print_layouts()
	print_segments()
}

function fail(why) {
	print FILENAME ":" FNR ": " why | "cat 1>&2"
	failed = 1
	exit 1
}

function segment(name) {
	if (name in known)
		return
	if (name !~ /^[\/0-9A-Z_]+$/)
		fail("no segment name: " name)
	known[name] = 1
	names[++count] = name
	width[name] = 0
	fields[name] = 0
	parents[name] = 0
	top[name] = 0
}

function before(a, b,    i, x, y) {
	for (i = 1; i <= length(a) && i <= length(b); i++) {
		x = index(alphabet, substr(a, i, 1))
		y = index(alphabet, substr(b, i, 1))
		if (x != y)
			return x < y
	}
	return length(a) < length(b)
}

function sort(    i, j, name) {
	for (i = 2; i <= count; i++) {
		name = names[i]
		for (j = i - 1; j >= 1 && before(name, names[j]); j--)
			names[j + 1] = names[j]
		names[j + 1] = name
	}
	for (i = 1; i <= count; i++)
		place[names[i]] = i - 1
}

function print_fields(    i, j) {
	print "static const struct dictionary_field field_table[] = {"
	for (i = 1; i <= count; i++) {
		first_field[i] = total_fields + 0
		for (j = 1; j <= fields[names[i]]; j++)
			print field[names[i], j]
		total_fields += fields[names[i]]
	}
	print "};\n"
}

function print_parents(    i, j) {
	print "static const uint16_t parent_table[] = {"
	for (i = 1; i <= count; i++) {
		first_parent[i] = total_parents + 0
		for (j = 1; j <= parents[names[i]]; j++)
			print "\t" place[parent[names[i], j]] ", /* " \
			    names[i] " below " parent[names[i], j] " */"
		total_parents += parents[names[i]]
	}
	print "};\n"
}

function print_layouts(    i, n) {
	print "static const struct dictionary_layout layout_table[] = {"
	for (i = 1; i <= count; i++) {
		n = names[i]
		if (fields[n] == 0)
			continue
		print "\t{" (definition[n] == "-" ? "NULL" : \
		    "\"" definition[n] "\"") ", NULL, field_table + " \
		    first_field[i] ", " fields[n] ", " width[n] "},"
	}
	print "};\n"
}

function print_segments(    i, n, layouts) {
	print "static const struct dictionary_segment segment_table[] = {"
	for (i = 1; i <= count; i++) {
		n = names[i]
		print "\t{\"" n "\", layout_table + " layouts + 0 ", " \
		    (fields[n] > 0) ", " i - 1 ", parent_table + " \
		    first_parent[i] ", " parents[n] ", " \
		    (top[n] ? "true" : "false") "},"
		layouts += fields[n] > 0
	}
	print "};"
}
