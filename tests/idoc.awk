# One description of IDocs in, the same IDocs as XML or flat file out:
#   awk -v form=xml|flat|flat3 -v width=cut|own|full -f idoc.awk \
#       lib/idoc/segments.tsv description
# A description: first the control record, CONTROL NAME=value|NAME=value..., then
# the segments, a line each, indented by their depth, the segment type with the
# version it is to have in a flat file: E1EDK01.005 NAME=value|NAME=value
# flat3: the records of release 3.x. width: lines cut behind the last value,
# padded to the length of the segment, or to that of the record.

BEGIN {
	controls = "TABNAM 10 MANDT 3 DOCNUM 16 DOCREL 4 STATUS 2 DIRECT 1 " \
	    "OUTMOD 1 EXPRSS 1 TEST 1 IDOCTYP 30 CIMTYP 30 MESTYP 30 MESCOD 3 " \
	    "MESFCT 3 STD 1 STDVRS 6 STDMES 6 SNDPOR 10 SNDPRT 2 SNDPFC 2 " \
	    "SNDPRN 10 SNDSAD 21 SNDLAD 70 RCVPOR 10 RCVPRT 2 RCVPFC 2 " \
	    "RCVPRN 10 RCVSAD 21 RCVLAD 70 CREDAT 8 CRETIM 6 REFINT 14 " \
	    "REFGRP 14 REFMES 14 ARCKEY 70 SERIAL 20"
	controls3 = "TABNAM 10 MANDT 3 DOCNUM 16 DOCREL 4 STATUS 2 DOCTYP 8 " \
	    "DIRECT 1 RCVPOR 10 RCVPRT 2 RCVPRN 10 RCVSAD 21 RCVLAD 70 STD 1 " \
	    "STDVRS 6 STDMES 6 MESCOD 3 MESFCT 3 OUTMOD 1 TEST 1 SNDPOR 10 " \
	    "SNDPRT 2 SNDPRN 10 SNDSAD 21 SNDLAD 70 REFINT 14 REFGRP 14 " \
	    "REFMES 14 ARCKEY 70 CREDAT 8 CRETIM 6 MESTYP 6 IDOCTYP 8 CIMTYP 8 " \
	    "RCVPFC 2 SNDPFC 2 SERIAL 20 EXPRSS 1"
}

FNR == NR {
	if ($0 !~ /^#/) {
		split($0, column, "\t")
		names[column[1]] = names[column[1]] " " column[3] " " column[4]
	}
	next
}

/^[ \t]*$/ { next }

{
	depth = match($0, /[^ ]/) - 1
	line = substr($0, depth + 1)
	name = line
	sub(/ .*/, "", name)
	line = substr(line, length(name) + 2)
	delete value
	count = split(line, part, "|")
	for (i = 1; i <= count; i++) {
		at = index(part[i], "=")
		order[i] = substr(part[i], 1, at - 1)
		value[order[i]] = substr(part[i], at + 1)
	}
}

name == "CONTROL" {
	close_to(0)
	if (form == "xml") {
		if (!root)
			print "<" (root = value["IDOCTYP"]) ">"
		else
			print "</IDOC>"
		print "<IDOC BEGIN=\"1\"><EDI_DC40 SEGMENT=\"1\">"
		elements("TABNAM=EDI_DC40")
		print "</EDI_DC40>"
	} else {
		value["TABNAM"] = form == "flat3" ? "EDI_DC" : "EDI_DC40"
		end(cells(form == "flat3" ? controls3 : controls, 0))
	}
	docnum = value["DOCNUM"]
	client = value["MANDT"]
	number = 0
	next
}

{
	split(name, piece, ".")
	type = piece[1]
	if (form == "xml") {
		close_to(depth - 1)
		open[depth] = type
		opened = depth
		print "<" type " SEGMENT=\"1\">"
		elements("")
		next
	}
	at_depth[depth] = ++number
	definition = type
	sub(/^.1/, substr(type, 1, 1) "2", definition)
	definition = definition piece[2]
	parent = depth > 2 ? at_depth[depth - 1] : 0
	data = cells(names[type], width == "own")
	if (form == "flat3")
		end(pad("EDI_DD", 10) pad(client, 3) pad(docnum, 16) \
		    sprintf("%06d", number) pad(definition, 10) \
		    sprintf("%06d%02d  ", parent, depth) data)
	else
		end(pad(definition, 30) pad(client, 3) pad(docnum, 16) \
		    sprintf("%06d%06d%02d", number, parent, depth) data)
}

END {
	close_to(0)
	if (form == "xml")
		print "</IDOC></" root ">"
}

# Characters of UTF-8, in a locale that counts bytes.
function characters(text) {
	gsub(/[\200-\277]/, "", text)
	return length(text)
}

function pad(text, to) {
	return text sprintf("%" (to - characters(text)) "s", "")
}

function cells(layout, own, i, n, cell, text) {
	n = split(layout, cell, " ")
	for (i = 1; i < n; i += 2)
		text = text pad(value[cell[i]], cell[i + 1])
	text = text value["_tail"]
	if (!own)
		sub(/ +$/, "", text)
	return text
}

function end(text) {
	if (width == "full")
		text = pad(text, name == "CONTROL" ? (form == "flat3" ? 464 : 524) : \
		    (form == "flat3" ? 1055 : 1063))
	print text
}

function elements(first, i, text) {
	if (first != "")
		print "<TABNAM>EDI_DC40</TABNAM>"
	for (i = 1; i <= count; i++) {
		text = value[order[i]]
		gsub(/&/, "\\&amp;", text)
		gsub(/</, "\\&lt;", text)
		if (order[i] ~ /^[A-Z]/)
			print "<" order[i] ">" text "</" order[i] ">"
	}
}

function close_to(level) {
	for (; opened > level; opened--)
		print "</" open[opened] ">"
}
