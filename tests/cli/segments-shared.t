#!/bin/sh
# The compiled-in segments against the public tables and SAP's own reports.
. "$(dirname "$0")/../lib.sh"

[ -f "$SHARED/segments.tsv" ] || skip_all 'the public samples are not here'
cd "$T" || exit 71
lib=$ROOT/lib/idoc
we60=$SHARED/we60

# Layouts of trust A or B of the message types in use: every one must be a start
# of what is compiled in, and the longest be all of it that has that trust.
awk -F '\t' '
FNR == NR {
	if (!/^#/) {
		field[$1, ++fields[$1]] = $3 " " $4 " " $5
		trust[$1, fields[$1]] = $6
		definition[$1] = $2
	}
	next
}
FNR == 1 || $1 ~ /^EDI_/ || $9 == "C" { next }
{
	# Only in types that nobody uses here.
	split($2, version, " [|] ")
	types = version[2]
	gsub(/SHPMNT0[0-9]|DELFOR0[0-9]|SEQJIT0[0-9]|,/, "", types)
	if (version[2] != "" && types == "")
		next
	rows++
	if (field[$1, $3] != $4 " " $5 " " $6)
		print $1 " " $2 ": " $3 " " $4 " is not " field[$1, $3]
	if (trust[$1, $3] == "C")
		print $1 " " $2 ": " $4 " is not to be doubted"
	if ($3 + 0 > longest[$1]) {
		longest[$1] = $3 + 0
		newest[$1] = version[1]
		segments += $3 == 1
	}
}
END {
	for (name in longest) {
		next_trust = trust[name, longest[name] + 1]
		if (next_trust != "" && next_trust != "C")
			print name ": more fields than the table has"
		if (newest[name] ~ /^E2/ && newest[name] != definition[name])
			print name ": " definition[name] " is not " newest[name]
	}
	print rows + 0 >"rows"
	print segments + 0 >"segments"
}' "$lib/segments.tsv" "$SHARED/segments.tsv" | sort >diff
is "$(cat diff)" '' 'every layout of trust A or B is compiled in, field by field'
ok 'and there were many' test "$(cat rows)" -gt 3000 -a "$(cat segments)" -gt 190

# What is compiled in is what the table in the repository says.
idoc-parse --list-segments | awk -F '\t' 'NR > 1 && $3 > 0 { print $1, $2, $3, $4 }' >got
awk -F '\t' '!/^#/ { fields[$1]++; width[$1] += $4; definition[$1] = $2 }
    END { for (name in fields) print name, definition[name], fields[name], width[name] }' \
    "$lib/segments.tsv" | sort >want
is "$(cat got)" "$(cat want)" 'the table is what is compiled in'

# The trees of the types in use.
awk -F '\t' '
FNR == NR { if (!/^#/) below[$2, $3] = 1; next }
FNR == 1 || $1 ~ /^(SHPMNT|DELFOR|SEQJIT)/ { next }
{
	rows++
	if (!(($3, $5 == "" ? "-" : $5) in below))
		print $1 ": " $3 " below " $5
}
END { print rows + 0 >"rows" }' "$lib/trees.tsv" "$SHARED/trees.tsv" >diff
is "$(cat diff)" '' 'every place in their trees is compiled in'
ok 'and there were many of them' test "$(cat rows)" -gt 350

# A report: definitions, fields and places as lines of one file.
plain() {
	awk -v say="$2" '
	$1 == "BEGIN_SEGMENT" { definition = $2 }
	$1 == "SEGMENTTYPE" { type = $2 }
	$1 == "LEVEL" && definition != "" {
		level = $2 + 0
		above[level] = type
		if (say == "tree" && level > 1 && (level - 1) in above)
			print type, above[level - 1]
	}
	$1 == "END_SEGMENT" { definition = "" }
	definition == "" { next }
	$1 == "NAME" { name = $2 }
	$1 == "LENGTH" { length_of = $2 + 0 }
	$1 == "CHARACTER_LAST" && say == "fields" {
		print type, definition, name, $2 - 63 - length_of, length_of
	}' "$1" | sort -u
}

for report in orders05 delvry03 z48v_invoic02_ex; do
	plain "$we60/$report.txt" fields >fields
	# The same through the reader.
	cut -d ' ' -f 1,2 fields | sort -u >definitions
	while read -r type definition; do
		idoc-parse --list-segments --segments "$we60/$report.txt" "$definition" |
		    awk -v type="$type" -v definition="$definition" \
			'NR > 1 { print type, definition, $1, $2, $3 }'
	done <definitions | sort >got
	is "$(cat got)" "$(cat fields)" "$report: every field is read"
	idoc-parse --list-segments --segments "$we60/$report.txt" |
	    awk -F '\t' -v path="$we60/$report.txt" '$6 == path {
		n = split($7, parents, ",")
		for (i = 1; i <= n; i++) print $1, parents[i] }' | sort -u >parents
	plain "$we60/$report.txt" tree >places
	is "$(comm -13 parents places)" '' "$report: every segment stands where its level says"

	# And against the built-in table: one must be the start of the other.
	awk -F '[\t ]' '
	FNR == NR { if (!/^#/) { place[$1, $3] = $5 " " $4; known[$1] = 1 } next }
	$1 in known {
		shared++
		if (place[$1, $3] != $4 " " $5)
			print $2 ": " $3 " " $4 " " $5 " is built in at " place[$1, $3]
	}
	END { print shared + 0 >"rows" }' "$lib/segments.tsv" fields >diff
	is "$(cat diff)" '' "$report: the built-in table agrees"
	ok "$report: on many fields" test "$(cat rows)" -gt 400
done

# The invoice of a real system, read with a report of its type. Its own segments
# are of another client than the report's.
invoice=$SHARED/idocs/invoic02_flat_blueseer.txt
idoc-parse --raw "$invoice" >plain.json
ok 'a real invoice with a report' idoc-parse --raw --segments "$we60/z48v_invoic02_ex.txt" "$invoice"
is "$(jq -c '[.. | objects | select(.segment? and (.segment | startswith("Z") | not)) | [.segment, .fields]]' "$T/out" | cksum)" \
    "$(jq -c '[.. | objects | select(.segment? and (.segment | startswith("Z") | not)) | [.segment, .fields]]' plain.json | cksum)" \
    'has the same values'
sed -e 's/^ZE1EDK810000       /Z48V_E1EDK01_XML000/' \
    "$invoice" | sed '/^Z48V/s/^\(.\{63\}\).*/\14711017   20260302081500/' >own.txt
ok 'its own segment under the name that the report has' \
    idoc-parse --raw --segments "$we60/z48v_invoic02_ex.txt" own.txt
is "$(jq -c '.. | objects | select(.segment? == "Z48V_E1EDK01_XML") | .fields' "$T/out")" \
    '{"ORI_ODN_NUMBER":"4711017","ORI_DATE_TIME":"20260302081500"}' 'is cut into its fields'
is "$(jq -c '.segments[] | select(.segment == "E1EDK01") | .children | map(.segment) | index("Z48V_E1EDK01_XML") != null' "$T/out")" \
    true 'below the header'
done_testing
