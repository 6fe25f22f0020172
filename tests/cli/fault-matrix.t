#!/bin/sh
# Every kind of misbehaviour at several places of a run ends with the same
# holdings, no event twice, and a balance that holds.
#
# FAULT_PLACES: "all" for every push of the run; otherwise the first one, one in
# the middle, and the first with events.
. "$(dirname "$0")/../lib.sh"
. "$ROOT/tests/cli/faults.sh"

places="1 $((event / 2)) $event"
if [ "${FAULT_PLACES:-}" = all ]; then
	places=$(seq "$(sandbox_dump --journal | grep -c '/push	')")
fi

# matrix PLACES: codes of the run that meets it; one that is not 0 is followed by
# another run.
matrix() {
	while read -r codes kinds; do
		for kind in $kinds; do
			for at in $1; do
				plan=${kind%:*}@$at
				[ "$kind" = "${kind%:*}" ] || plan=$plan:${kind#*:}
				fresh --fault "$plan"
				push --drain >out 2>err
				like $? "^($codes)\$" "$plan: it ends with $codes"
				[ "$codes" = 0 ] || push --drain >out 2>err
				same "$plan"
			done
		done
	done <<'END'
0 408 429 500 503 reset reset-after slow:50 short gzip 200-after 504-after
0|1 empty html truncated uncounted
76 207 307 404 207-after 302-after large garbage
77 401 403
END
}
matrix "$places"

# The other reading of what Ometria does with a record.
reading=merge
fresh
rc_is 0 'records that are merged' push --drain
reference=$(sandbox_dump)
[ "${FAULT_PLACES:-}" = all ] || places=$event
matrix "$places"
ok 'the sandbox ends cleanly' sandbox_stop
done_testing
