#!/bin/sh
# The manual says what the programs do: pages against --help, tables of the code
# against pages, and every example executed.
. "$(dirname "$0")/../lib.sh"

tools='idoc-parse sku-normalise customer-aggregate order-aggregate
    stock-aggregate ometria-push sync-audit ometria-sandbox'
man=$ROOT/man
exceptions=$BUILD/man/sap-ometria-exceptions.7
PATH=$PATH:$BUILD/tests
XDG_CONFIG_HOME=$T/none
XDG_STATE_HOME=$T/none
export XDG_CONFIG_HOME XDG_STATE_HOME
unset SAP_OMETRIA_CONFIG SAP_OMETRIA_STATE SAP_OMETRIA_NOW

# A page as plain text, wide enough that nothing is broken.
plain() {
	mandoc -T ascii -O width=1000 "$1" | sed "s/.$(printf '\b')//g"
}

# Each line with single blanks, none at its ends, and no empty lines.
squeeze_lines() {
	tr -s ' ' | sed 's/^ //; s/ $//; /^$/d'
}

# Text on one line with single blanks.
squeeze() {
	tr -s ' \n' ' ' | sed 's/^ //; s/ $//'
}

for page in "$man"/*.[157] "$exceptions"; do
	name=${page##*/}
	ok "$name: mandoc finds nothing" mandoc -T lint -W warning "$page"
	name=${name%.*}
	like "$(plain "$page" | sed -n 4p)" "^ *$name - ." "$name: named and described"
done

for tool in $tools; do
	page=$man/$tool.1
	ok "$tool --version" "$tool" --version
	like "$(cat "$T/out")" "^$tool [0-9]+\.[0-9]+\.[0-9]+\$" "$tool: its version"
	ok "$tool --help" "$tool" --help
	cp "$T/out" "$T/help"

	sed -n '/^usage:/,/^$/p' "$T/help" | sed 's/^usage://' | squeeze \
	    >"$T/usage"
	plain "$page" | sed -n '/^SYNOPSIS/,/^[A-RT-Z]/p' | sed '1d;$d' |
	    squeeze >"$T/synopsis"
	is "$(cat "$T/synopsis")" "$(cat "$T/usage")" \
	    "$tool: SYNOPSIS is the usage of --help"

	sed -n '/^options:/,/^$/p' "$T/help" |
	    sed -n 's/^  \(-., \|    \)--\([a-z-]*\).*/\2/p' | sort >"$T/want"
	sed -n 's/^\.It .*Fl -\([a-z-]*\).*/\1/p' "$page" | sort >"$T/got"
	is "$(cat "$T/got")" "$(cat "$T/want")" \
	    "$tool: the options of the page are those of --help"
	sed -n 's/^  -\(.\), --\([a-z-]*\).*/\1 \2/p' "$T/help" | sort >"$T/want"
	sed -n 's/^\.It Fl \(.\) .*Fl -\([a-z-]*\).*/\1 \2/p' "$page" | sort \
	    >"$T/got"
	is "$(cat "$T/got")" "$(cat "$T/want")" "$tool: so are its letters"

	sed -n '/^exit codes:/,$p' "$T/help" |
	    sed -n 's/^  \([0-9]*\) .*/\1/p' >"$T/want"
	sed -n '/^\.Sh EXIT STATUS/,/^\.Sh [^E]/p' "$page" |
	    sed -n 's/^\.It \([0-9]*\)$/\1/p' >"$T/got"
	is "$(cat "$T/got")" "$(cat "$T/want")" \
	    "$tool: every exit code is in EXIT STATUS"
done

# --- tables of the code ---

ometria-sandbox --list-switches | awk -F '\t' '{ gsub(/\|/, ", ", $3)
    print $1, $3 == "a number" ? "a number (" $2 ")" : $3 }' >"$T/want"
sed -n 's/^\.It Cm \([a-z-]*\) Ta \(.*\)$/\1 \2/p' "$man/ometria-sandbox.1" \
    >"$T/got"
is "$(cat "$T/got")" "$(cat "$T/want")" 'every switch of the sandbox is in its page'
sed -n 's/^\t{ "\([a-z-]*\)", FAULT_.*/\1/p; s/^\t{ "\([a-z]*=\)", offsetof.*/\1/p' \
    "$ROOT/tests/sandbox/fault.c" | sort >"$T/want"
sed -n '/^\.Sh FAULTS/,/^\.Sh S/s/^\.It Cm \([a-z-]*=*\).*/\1/p' \
    "$man/ometria-sandbox.1" | sort >"$T/got"
is "$(cat "$T/got")" "$(cat "$T/want")" 'so is every fault and rule'
sed -n 's/^\t{ "\([A-Z]*\)", "\(\/_sandbox[a-z/]*\)".*/\1 \2/p' \
    "$ROOT/tests/sandbox/control.c" | sort >"$T/want"
sed -n 's/^\.It Li \([A-Z]* \/_sandbox.*\)/\1/p' "$man/ometria-sandbox.1" |
    sort >"$T/got"
is "$(cat "$T/got")" "$(cat "$T/want")" 'and every request of its own'

sync-audit catalogue | sed 1d >"$T/catalogue"
ok 'the catalogue of exceptions was read' \
    test "$(wc -l <"$T/catalogue")" -gt 40

# The page is made from it: word by word what a reader sees of it, without the
# quotes of what is typed.
words() { tr -d "'\140" | tr -s ' \n' '\n' | sed '/^$/d'; }
awk -F '\t' '$5 != section { print section = $5 } {
	print $1 " (" $2 ", " $3 ") " $6 ". " $8 ". Next: " $7 ". Closed by " \
	    ($4 == "either" ? "itself or by a person." : \
	    $4 == "person" ? "a person." : $4 ".")
    }' "$T/catalogue" | words >"$T/want"
plain "$exceptions" | sed '1,/^EXCEPTIONS/d;/^SEE ALSO/,$d' |
    sed -n '/^   [A-Z]/,$p' | words >"$T/got"
is "$(cat "$T/got")" "$(cat "$T/want")" \
    'sap-ometria-exceptions(7) has each with all that it says'
is "$(cut -f 5 "$T/catalogue" | uniq)" \
    "$(sed -n 's/^\.Ss //p' "$man/sap-ometria-runbook.7" | sed '/^The state is/,$d')" \
    'in the order of the sections of the runbook, and none is without'

# Each in the section of the runbook that the catalogue names.
while IFS="$(printf '\t')" read -r code _ owner _ section _; do
	sed -n "/^\.Ss $section\$/,/^\.S[sh] [^$]/p" \
	    "$man/sap-ometria-runbook.7" >"$T/section"
	for words in "^\.Cm $code( ,| \.)?\$" '^For campaigns: ' "^Owner: .*$owner" \
	    '^It is over when'; do
		grep -Eq -e "$words" "$T/section" ||
			echo "$code: '$section' lacks $words"
	done
done <"$T/catalogue" >"$T/out"
is "$(cat "$T/out")" '' 'the runbook has each: campaigns, owner, its end'
sync-audit config | sed -n '/^\[alert\]/,/^\[[^a]/s/^\([a-z-]*\) = .*/\1/p' |
    sort >"$T/want"
sed -n '/^By that key/,/^\.El/s/^\.It Cm //p' "$man/sap-ometria-runbook.7" |
    sed 's/ , /\n/g' | sort >"$T/got"
is "$(cat "$T/got")" "$(cat "$T/want")" 'and each limit of [alert]'

cut -f 1 "$T/catalogue" | sort | while read -r code; do
	grep -rqF "\"$code\"" "$ROOT/lib" "$ROOT/cmd" \
	    --exclude=exception_codes.c --exclude=sync-audit.c \
	    --exclude=config_keys.c \
	    --exclude-dir=audit || grep -qF "\"$code\" }" \
	    "$ROOT/lib/audit/alert.c" || echo "$code"
done >"$T/unused"
is "$(cat "$T/unused")" '' 'there is none that nothing raises'

# section, key and default; a default is "none" when there is none.
awk -F '"' '/^\t\{"/ {
	label = $3 ~ /true/ ? " LABEL" : ""
	rest = $5
	value = rest ~ /, NULL,/ ? "none" : $6 == "" ? "empty" : $6
	print "[" $2 label "]", $4, value
    }' "$ROOT/lib/base/config_keys.c" | sort >"$T/want"
awk '/^\.Ss \[/ { section = substr($0, 5) }
    /^\.Sh/ { section = "" }
    section != "" && /^\.It Cm / {
	value = "none"
	if ($4 == "No") {
		value = $0
		sub(/^.*\(default /, "", value)
		sub(/\)$/, "", value)
	}
	print section, $3, value
    }' "$man/sap-ometria.conf.5" | sort >"$T/got"
ok 'the table of configuration keys was read' test "$(wc -l <"$T/want")" -gt 30
is "$(cat "$T/got")" "$(cat "$T/want")" \
    'every key and default is in sap-ometria.conf(5)'

sed -n 's/^\tX([A-Z_]*, "\([a-z_]*\)", "[a-z-]*").*/\1/p' \
    "$ROOT/lib/record/record.h" | sort >"$T/want"
sed -n '/^\.Sh RECORD TYPES/,/^\.Sh EX/p' "$man/sap-ometria-record.5" |
    sed -n 's/^\.Ss //p' | sort >"$T/got"
is "$(cat "$T/got")" "$(cat "$T/want")" \
    'every record type is in sap-ometria-record(5)'

grep -ho '^\.Xr [a-z.-]* [157]' "$man"/*.[157] "$exceptions" | sort -u |
    while read -r _ name section; do
	[ -f "$man/$name.$section" ] || [ -f "$BUILD/man/$name.$section" ] ||
	    case $name in
	tee | jq) ;;
	*) echo "$name($section)" ;;
	esac
done >"$T/out"
is "$(cat "$T/out")" '' 'every page that is referred to exists'

# --- what is quoted ---

# Each command, option and configuration key that a page or the catalogue tells
# people to use is there.
for tool in $tools; do
	"$tool" --help | sed "s/^/$tool /"
done >"$T/help"
cat "$man"/*.[157] "$exceptions" | sed -n 's/^\.Ql "*\([^"]*\).*/\1/p' | sort -u \
    >"$T/quoted"
while read -r tool word rest; do
	case " $(echo $tools) " in *" $tool "*) ;; *) continue ;; esac
	case $word in
	[a-z]*) [ "$tool" != sync-audit ] ||
		grep -Eq "^sync-audit (usage:)? +sync-audit $word( |\$)" "$T/help" ||
		echo "no command: $tool $word" ;;
	esac
	for option in $word $rest; do
		case $option in
		--*) grep -Eq -e "^$tool .* $option( |\$)" "$T/help" ||
			echo "no option: $tool $option" ;;
		esac
	done
done <"$T/quoted" >"$T/wrong"
ok 'commands are quoted' test "$(grep -c '^sync-audit' "$T/quoted")" -gt 20
is "$(cat "$T/wrong")" '' 'and each is one that there is'
awk -F '"' '/^\t\{"/ { print $2; print $2 " " $4 }' \
    "$ROOT/lib/base/config_keys.c" | sort -u >"$T/want"
sed -n 's/^\[\([a-z-]*\)[^]]*\] *\([a-z-]*\).*/\1 \2/p' "$T/quoted" |
    sed 's/ $//' | sort -u >"$T/got"
ok 'keys are quoted' test "$(wc -l <"$T/got")" -gt 20
is "$(comm -13 "$T/want" "$T/got")" '' 'and each is one that there is'

# --- examples ---

# A page's literal displays below EXAMPLES that begin with "$ ", as scripts and
# expected output: N.sh and N.want in the current directory. A command goes on
# in lines that begin with "> ".
extract() {
	awk '
	/^\.Sh / { examples = $2 == "EXAMPLES" }
	examples && /^\.Bd -literal/ { display = 1; next }
	/^\.Ed/ { display = 0; command = 0; next }
	!display { next }
	{
		gsub(/\\&/, ""); gsub(/\\e/, "\\"); gsub(/\\-/, "-")
		gsub(/\\\(aq/, "\047"); gsub(/\\\(dq/, "\"")
	}
	/^\$ / {
		n++
		command = 1
		printf "" >(n ".want")
		print substr($0, 3) >(n ".sh")
		next
	}
	command && /^> / { print substr($0, 3) >(n ".sh"); next }
	command { print >(n ".want") }' "$1"
}

# What is read as plain text fits a terminal, and README names every page.
for text in README examples/kafka/README; do
	is "$(awk 'length > 80' "$ROOT/$text")" '' "$text: no line over 80 columns"
done
sed -n '/^Read on/,/^Licence/s/^    \([^ ]*\) .*/\1/p' "$ROOT/README" >"$T/read"
while read -r path; do
	case $path in
	build/*) ls -d "$BUILD/${path#build/}" ;;
	*) (cd "$ROOT" && eval "ls -d $path") ;;
	esac
done <"$T/read" >"$T/out" 2>&1
is "$(sed -n 's/.*\.\([57]\)$/\1/p' "$T/out" | wc -l)" \
    "$(ls "$man"/*.[57] "$exceptions" | wc -l)" 'README: every page is named'
is "$(grep ls: "$T/out")" '' 'README: and what it names is there'

# README's commands, as a display of a page.
{
	echo '.Sh EXAMPLES'
	echo '.Bd -literal'
	sed -n '/^    \$ [a-z]/,/^$/s/^    //p' "$ROOT/README"
} >"$T/README"

for page in "$T/README" "$man"/*.[157]; do
	name=${page##*/}
	rm -rf "$T/example" "$T/scripts"
	mkdir "$T/scripts"
	cp -R "$ROOT/examples" "$T/example"
	cp -R "$ROOT/examples" "$T/example/examples"
	(cd "$T/scripts" && extract "$page")
	i=1
	while [ -f "$T/scripts/$i.sh" ]; do
		(cd "$T/example" && sh "$T/scripts/$i.sh") >"$T/got" 2>&1
		is "$(cat "$T/got")" "$(cat "$T/scripts/$i.want")" \
		    "$name: $(head -n 1 "$T/scripts/$i.sh" | cut -c 1-60)"
		i=$((i + 1))
	done
	case $name in
	README | *.1) ok "$name has examples that run" test "$i" -gt 1 ;;
	esac
done
done_testing
