#!/bin/sh
# Golden folders: tests/golden/TOOL/CASE holds args (one line, as a shell reads
# it) and, where they are needed, stdin, stdout, stderr, rc and setup. The tool
# runs in a copy of the folder, after the commands of setup; what it prints has to
# be what is there. A case without stderr does not look at it.
#
# GOLDEN_UPDATE=1 writes stdout and rc (and stderr where it is) anew: read the
# difference before you keep it.
. "$(dirname "$0")/../lib.sh"

export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
golden=$ROOT/tests/golden

compare() {
	if [ ! -f "$folder/$2" ]; then
		# Nothing is expected on stdout, anything on stderr.
		[ "$2" = stdout ] && [ -s "$T/$1" ] && [ -z "${GOLDEN_UPDATE:-}" ] &&
		    { note_file stdout "$T/$1"; return 1; }
		[ -n "${GOLDEN_UPDATE:-}" ] && [ -s "$T/$1" ] && [ "$2" = stdout ] &&
		    cp "$T/$1" "$folder/$2"
		return 0
	fi
	if [ -n "${GOLDEN_UPDATE:-}" ]; then
		cp "$T/$1" "$folder/$2"
	fi
	cmp -s "$folder/$2" "$T/$1" && return 0
	diag "$2 differs, < wanted, > got:"
	diff "$folder/$2" "$T/$1" | diag_lines 20
	return 1
}

run_case() {
	case=$T/case
	rm -rf "$case"
	cp -R "$folder" "$case"
	[ -f "$case/stdin" ] || : >"$case/stdin"
	if [ -f "$case/setup" ]; then
		(cd "$case" && sh ./setup) >/dev/null 2>&1
	fi
	(cd "$case" && eval "$tool $(cat args 2>/dev/null)") \
	    <"$case/stdin" >"$T/stdout" 2>"$T/stderr"
	got=$?
	[ -z "${GOLDEN_UPDATE:-}" ] || { [ "$got" -eq 0 ] && [ ! -f "$folder/rc" ]; } ||
	    echo "$got" >"$folder/rc"
	want=$(cat "$folder/rc" 2>/dev/null || echo 0)
	same=0
	[ "$got" -eq "$want" ] || { diag "exit code $got, wanted $want"; same=1; }
	[ "$same" -eq 0 ] || note_file stderr "$T/stderr"
	compare stdout stdout || same=1
	compare stderr stderr || same=1
	return "$same"
}

for folder in "$golden"/*/*/; do
	folder=${folder%/}
	tool=$(basename "$(dirname "$folder")")
	name=$tool/$(basename "$folder")
	if run_case; then
		pass "$name"
	else
		fail "$name"
	fi
done
done_testing
