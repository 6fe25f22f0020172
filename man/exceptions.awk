# Makes the page of the exceptions from their catalogue, in the place that the
# template has for it:
#   sync-audit catalogue | awk -f exceptions.awk - sap-ometria-exceptions.7.in
# What the catalogue has in 'quotes' is literal, name(1) is a manual page.

BEGIN {
	FS = "\t"
	ends["itself"] = "Closed by itself."
	ends["either"] = "Closed by itself or by a person."
	ends["person"] = "Closed by a person."
}

function flush() {
	if (line != "")
		print line
	line = ""
}

# A word of running text, in lines of 80 characters, a sentence on its own.
function word(text) {
	if (line != "" && length(line) + 1 + length(text) > 80)
		flush()
	line = line (line == "" ? "" : " ") text
	if (text ~ /[.]$/)
		flush()
}

function macro(call, after) {
	gsub(/[]).,:;]/, " &", after)
	flush()
	print call after
}

function prose(text,   n, i, part, words) {
	while (match(text, /(^| )('[^']+'|[a-z][a-z.-]+[(][1-8][)])[]).,:;]*( |$)/)) {
		n = split(substr(text, 1, RSTART - 1), words, " ")
		for (i = 1; i <= n; i++)
			word(words[i])
		part = substr(text, RSTART, RLENGTH)
		text = substr(text, RSTART + RLENGTH)
		gsub(/^ | $/, "", part)
		if (part ~ /^'/) {
			match(part, /.*'/)
			literal(substr(part, 2, RLENGTH - 2), substr(part, RLENGTH + 1))
		} else {
			match(part, /^[^(]*/)
			macro(".Xr " substr(part, 1, RLENGTH) " " \
			    substr(part, RLENGTH + 2, 1), substr(part, RLENGTH + 4))
		}
	}
	n = split(text, words, " ")
	for (i = 1; i <= n; i++)
		word(words[i])
	flush()
}

function literal(text, after) {
	gsub(/"/, "\\(dq", text)
	macro(".Ql \"" text "\"", after)
}

function entry(cells) {
	if (cells[5] != section) {
		if (section != "")
			print ".El"
		section = cells[5]
		print ".Ss " section
		print ".Bl -tag -width Ds"
	}
	print ".It Sy " cells[1] " No (" cells[2] ", " cells[3] ")"
	prose(cells[6] ". " cells[8] ".")
	print ".Pp"
	prose("Next: " cells[7] ".")
	print ends[cells[4]]
}

# The catalogue, below its header.
NR == FNR {
	if (FNR > 1)
		rows[++count] = $0
	next
}

$0 == "@EXCEPTIONS@" {
	if (count == 0)
		exit 1
	for (row = 1; row <= count; row++) {
		split(rows[row], cells, "\t")
		entry(cells)
	}
	print ".El"
	next
}

{ print }
