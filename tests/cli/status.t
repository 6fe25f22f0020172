#!/bin/sh
# sync-audit status: its figures against SQL that is written otherwise, the
# thresholds of [alert], the terminal, --watch, and who may read what.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'
command -v jq >/dev/null || skip_all 'jq is not installed'

unset SAP_OMETRIA_STATE NO_COLOR
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
cd "$T" || exit 71
sql() { sqlite3 s.db "$1"; }
at() { SAP_OMETRIA_NOW=2026-03-02T$1Z; export SAP_OMETRIA_NOW; }
line() {
	sku-normalise -q -s s.db | customer-aggregate -q -s s.db |
	    order-aggregate -q -s s.db | stock-aggregate -q -s s.db >>line.out 2>&1
}

# --- some hours of a line, in two runs ---

cp -R "$ROOT/examples/inbox" in
mkdir later
mv in/1[0-9]* in/2[0-9]* later 2>/dev/null
at 12:00:00
idoc-parse -q -s s.db in >a.rec 2>err
at 12:01:10
line <a.rec
sandbox_start --rate 0 --data-rate 0
at 12:05:00
ometria-push -q -s s.db --rate 0 --api-key-file key --url "$SANDBOX_URL" --drain
at 12:08:20
idoc-parse -q -s s.db later >b.rec 2>err
at 12:09:00
line <b.rec
at 12:30:00
ometria-push -q -s s.db --rate 0 --api-key-file key --url "$SANDBOX_URL" --drain
sandbox_stop
# The clock stood still while requests were on their way.
sql 'UPDATE delivery SET ended_at = began_at + id % 7;
    UPDATE delivery_record SET confirmed_at = confirmed_at + 10 + delivery % 90'

at 13:06:40
rc_is 1 'a customer is held' sync-audit status -s s.db --json
cp out status.json

jq -r 'keys[], (.runs[0], .alerts[0] | keys[])' status.json | while read -r key; do
	grep -Eq "(^|[ (])$key([ ,.)]|\$)" "$ROOT/man/sync-audit.1" || echo "$key"
done >unknown
is "$(cat unknown)" '' 'the manual has the keys of --json'

# --- the figures ---

# mestyp, stage, seconds: each record once, with the first delivery of it.
cat >stages.sql <<'END'
CREATE TEMP TABLE way AS SELECT mestyp, t.idoc, t.kind, t.id,
    iif(docnum LIKE '#%', NULL, unixepoch(substr(seq, 1, 4) || '-' ||
	substr(seq, 5, 2) || '-' || substr(seq, 7, 2) || ' ' ||
	substr(seq, 9, 2) || ':' || substr(seq, 11, 2) || ':' ||
	substr(seq, 13, 2))) AS created,
    first_at AS parsed, folded_at AS folded, began_at AS sent,
    ended_at AS accepted, min(d.id) AS delivery
    FROM trace t JOIN idoc i ON i.id = t.idoc
    LEFT JOIN (delivery_record m JOIN delivery d
	ON d.id = m.delivery AND d.result = 1 AND m.refused = 0)
    ON m.id = t.id AND d.kind = t.kind AND m.rev >= t.rev
    GROUP BY t.idoc, t.kind, t.id;
CREATE TEMP TABLE stage AS
    SELECT mestyp, 'parsed' AS stage, parsed - created AS s FROM way
    UNION ALL SELECT mestyp, 'folded', folded - parsed FROM way
    UNION ALL SELECT mestyp, 'sent', sent - folded FROM way
    UNION ALL SELECT mestyp, 'accepted', accepted - sent FROM way
    UNION ALL SELECT mestyp, 'verified', (SELECT min(confirmed_at) FROM
	delivery_record m JOIN delivery d ON d.id = m.delivery
	AND d.kind = way.kind WHERE m.id = way.id AND m.delivery >= way.delivery
	AND confirmed_at NOT NULL) - accepted FROM way
    UNION ALL SELECT mestyp, 'all', accepted - ifnull(created, parsed) FROM way;
WITH n AS (SELECT *, count(*) OVER (PARTITION BY mestyp, stage) AS n,
	row_number() OVER (PARTITION BY mestyp, stage ORDER BY s) AS k
	FROM stage WHERE s NOT NULL),
    p(p) AS (VALUES(50), (95), (99))
SELECT mestyp, stage, n, 'p' || p, s FROM n JOIN p
    ON k = (n * p + 99) / 100 ORDER BY 1, 2, 4;
END
sqlite3 -separator ' ' s.db <stages.sql >want
jq -r '.latency[] | .message as $m | del(.message) | to_entries[] |
    .key as $s | .value | select(.count > 0) | .count as $n |
    to_entries[] | select(.key != "count") |
    "\($m) \($s) \($n) \(.key) \(.value)"' status.json | sort >got
sort want | sed 's/ [0-9]*$//' >want.keys
is "$(sed 's/ [0-9]*$//' got)" "$(cat want.keys)" \
    'latency has the message types, stages and counts that SQL finds'
# Beyond 511 seconds a figure may be 0.4 % low.
sort want | paste -d ' ' - got |
    awk '$10 > $5 || $5 - $10 > ($5 > 511 ? $5 * 0.004 : 0)' >wrong
is "$(cat wrong)" '' 'and the percentiles'
like "$(cat want)" '^ORDRSP sent [0-9]* p95 [1-9]' 'which are some'
slow=$(sqlite3 s.db "$(sed '/^WITH/,$d' stages.sql)
    SELECT stage FROM stage WHERE stage NOT IN ('verified', 'all')
    GROUP BY stage ORDER BY sum(max(s, 0)) DESC LIMIT 1")
is "$(jq -r .bottleneck.stage status.json)" "$slow" 'the stage that takes longest'

hour=$(date -u -d 2026-03-02T12:06:40Z +%s)
is "$(jq -c '[.last_hour.idocs, .last_hour.records, .last_hour.requests]' status.json)" \
    "[$(sql "SELECT count(*) FROM idoc WHERE first_at >= $hour"),$(sql "SELECT
	count(*) FROM delivery_record WHERE delivery IN (SELECT id FROM delivery
	WHERE result = 1 AND ended_at >= $hour)"),$(sql "SELECT count(*)
	FROM delivery WHERE result = 1 AND ended_at >= $hour")]" 'throughput'
is "$(jq '.last_day.idocs' status.json)" "$(sql 'SELECT count(*) FROM idoc')" 'of the day as well'
is "$(jq -c '.event_age | [.count, (.p99 / 100 | round)]' status.json)" \
    "[$(sql "SELECT count(*) || ',' || ((max(ended_at -
	unixepoch(body ->> 'at')) + 50) / 100) FROM outbox o
	JOIN delivery_record m ON m.id = o.id
	JOIN delivery d ON d.id = m.delivery AND d.kind = o.kind
	WHERE o.kind = 3")]" 'the age of events when they were accepted'
is "$(jq -r '.runs[] | select(.tool == "ometria-push").good_at' status.json)" \
    2026-03-02T12:30:00Z 'the last good run'
sql "UPDATE run SET result = 69 WHERE id = (SELECT max(id) FROM run WHERE tool = 'ometria-push')"
is "$(sync-audit status -s s.db --json | jq -r '.runs[] | select(.tool == "ometria-push").good_at')" \
    2026-03-02T12:05:00Z 'is the one before when it failed'
sql 'UPDATE run SET result = 0 WHERE result = 69'
sql "UPDATE run SET wait_rate = 400000, started_at = ended_at - 500,
    wait_network = 50000 WHERE id = (SELECT max(id) FROM run WHERE tool = 'ometria-push')"
sync-audit status -s s.db >out
like "$(cat out)" '^ometria-push .* rate [78][0-9]%$' 'what a tool waited for'

is "$(jq -r '.latency[].message' status.json)" \
    "$(jq -r '.latency[].message' status.json | sort)" 'message types by name'

# Who is at work, asked by who only reads.
mkdir landing
idoc-parse --watch landing -q -s w.db >/dev/null 2>&1 &
watcher=$!
until [ "$(sqlite3 w.db 'SELECT count(*) FROM run' 2>/dev/null)" = 1 ]; do
	kill -0 $watcher || break
	sleep 0.05
done
run() { sync-audit metrics -s w.db w.prom; sync-audit status -s w.db --json | jq -r '.runs[0].result'; }
first() { sync-audit status -s w.db | head -n 1; }
is "$(run)" running 'a run that goes on'
is "$(first)" healthy 'is as it should be'
is "$(grep -c '^sap_ometria_run_good' w.prom)" 1 'counts as good'
kill -KILL $watcher
wait $watcher 2>/dev/null
is "$(run)" killed 'one that was killed'
is "$(first)" 'attention: the last run of idoc-parse was killed: run it again' 'is not'
is "$(grep -c '^sap_ometria_run_good' w.prom)" 0 'does not'

# --- thresholds ---

# Everything is wrong: what had left waits again, for an hour and more.
at 14:00:00
sql "UPDATE outbox SET state = 1, confirmed_rev = 0;
    UPDATE outbox SET lane = 1 WHERE n = (SELECT min(n) FROM outbox WHERE kind = 0);
    UPDATE outbox SET state = 3, queued_at = queued_at - 700
	WHERE n = (SELECT max(n) FROM outbox WHERE kind = 2);
    UPDATE outbox SET withheld = queued_at + 90000, queued_at = queued_at - 900
	WHERE n = (SELECT max(n) FROM outbox WHERE kind = 3);
    UPDATE outbox SET queued_at = queued_at - 500 WHERE kind = 2
	AND customer IN (SELECT customer FROM hold);
    UPDATE outbox SET confirmed_rev = accepted_rev, accepted_at = accepted_at - 900000
	WHERE n = (SELECT min(n) FROM outbox WHERE accepted_rev > 0);
    UPDATE idoc SET settled = 0 WHERE id = 3;
    INSERT INTO idoc(sys, client, docnum, first_at, last_at) VALUES('of', 'a pipe', 1, 1, 1);
    INSERT INTO exception(code, severity, owner, subject, id, first_at, last_at)
    VALUES('sku-missing', 3, 'x', 'x', 3, 0, 0), ('sku-missing', 2, 'x', 'x', 2, 0, 0),
	('sku-missing', 1, 'x', 'x', 1, 0, 0), ('sku-missing', 0, 'x', 'x', 0, 0, 0)"
cp s.db before.db
sync-audit status -s s.db --json >status.json
keys=$(jq -r '.alerts[].key' status.json)
# shellcheck disable=SC2086
is "$(printf '%s\n' $keys)" \
    "$(sync-audit config | sed -n '/^\[alert\]/,/^\[[^a]/s/^\([a-z-]*\) = .*/\1/p')" \
    'each key of [alert] is looked at'
value() { jq -r --arg key "$1" '.alerts[] | select(.key == $key).value' status.json; }
now=$(date -u -d 2026-03-02T14:00:00Z +%s)
age() { sql "SELECT $now - min($1) FROM $2"; }
is "$(value oldest-flip)" "$(age queued_at 'outbox WHERE kind = 0 AND lane = 0')" \
    'the age of availability flips'
is "$(value oldest-contact)" "$(age queued_at 'outbox WHERE kind = 1')" 'of contacts'
is "$(value oldest-order)" "$(age queued_at "outbox WHERE kind = 2 AND state <> 3
    AND customer NOT IN (SELECT customer FROM hold)")" 'of orders that nothing keeps back'
is "$(value oldest-event)" "$(age queued_at 'outbox WHERE kind = 3 AND withheld IS NULL')" \
    'of events whose time has come'
is "$(value event-age)" "$(age "unixepoch(body ->> 'at')" 'outbox WHERE kind = 3')" 'of events'
is "$(value opt-out)" "$(age 'max(queued_at, flagged_at)' "outbox JOIN customer AS c
    ON c.customer = id WHERE kind = 1 AND flagged IS NOT NULL AND one_time = 0")" 'of opt-outs'
is "$(value unsettled)" "$(age last_at 'idoc WHERE id = 3')" 'of an IDoc without an outcome'
is "$(value unconfirmed)" "$(age 'accepted_at / 1000' 'outbox WHERE accepted_rev > 0 AND confirmed_rev = 0')" \
    'of what is not confirmed'
is "$(value no-run)" "$(sql "SELECT $now - max(ended_at) FROM run WHERE tool = 'idoc-parse'")" 'and of the last good run'
is "$(value backlog)" "$(sql 'SELECT count(*) FROM outbox WHERE state > 0')" 'what waits'
is "$(value low)" 1 'exceptions are counted by severity'
is "$(value latency)" "$(jq '[.latency[].all.p95] | max' status.json)" \
    'and the slowest message type'

printf '#!/bin/sh\ncat >>"%s/told"\n' "$T" >tell
chmod +x tell
# Each alone: what is above the limit is attention, what is at the limit is not.
limits() {
	echo '[alert]'
	for other in $keys; do
		limit=off
		[ "$other" != "$1" ] || limit=$2
		echo "$other = $limit"
	done
}
for key in $keys; do
	value=$(value "$key")
	unit=s
	jq -e --arg key "$key" '.alerts[] | select(.key == $key).unit == "seconds"' \
	    status.json >/dev/null || unit=
	[ "$value" -gt 0 ] || echo "$key: nothing is measured"
	limits "$key" "$((value - 1))$unit" >above.conf
	limits "$key" "$value$unit" >at.conf
	cp before.db limit.db
	sync-audit status -s limit.db -c above.conf >above 2>&1
	[ $? -eq 1 ] || echo "$key: exit code above the limit"
	head -n 1 above | grep -q "^attention: .*($key = " || echo "$key: not named"
	cp before.db limit.db
	sync-audit status -s limit.db -c at.conf >at 2>&1 || echo "$key: exit code at the limit"
	[ "$(head -n 1 at)" = healthy ] || echo "$key: verdict at the limit"
done >wrong
is "$(cat wrong)" '' 'each limit is crossed by what is above it, and named on the first line'
printf '[alert]\nlatency = soon\n' >bad.conf
rc_is 78 'what is no limit' sync-audit status -s s.db -c bad.conf
sync-audit status -s s.db -c at.conf >/dev/null
sync-audit status -s s.db -c above.conf >/dev/null
is "$(sync-audit exceptions -s s.db --code latency | cut -f 1,4,8 | tail -n +2)" \
    "latency	alert:latency	$(sed -n '1s/^attention: //p' above)" 'one is an exception'
sync-audit status -s s.db -c at.conf >/dev/null
is "$(sync-audit exceptions -s s.db --code latency | tail -n +2)" '' \
    'until it is crossed no more'
sync-audit exceptions -s s.db -c above.conf --notify ./tell >out 2>&1
is "$(jq -r '.id' told | grep -c '^latency:alert:latency$')" 1 \
    'also when people are told, once'
sync-audit exceptions -s s.db -c above.conf --notify ./tell >out 2>&1
is "$(jq -r '.id' told | grep -c '^latency:alert:latency$')" 1 'and not again'
sql "UPDATE exception SET acked_at = 1 WHERE code = 'sku-missing'"
is "$(sync-audit status -s s.db --json | jq '.alerts[] | select(.key == "low").value')" 0 \
    'what is acknowledged crosses nothing'
ends() { # EXIT-CODE
	sql "INSERT INTO run(tool, pid, started_at, ended_at, result)
	    VALUES('ometria-push', 1, $now, $now, $1)"
}
# Only what a run says by itself.
limits none >off.conf
for code in 69 75; do
	ends $code
	is "$(sync-audit status -s s.db -c off.conf | sed 's/: [A-Za-z; ]*$//; q')" \
	    "attention: the last run of ometria-push ended with exit code $code" \
	    'a run that another one may make good'
done
for code in 0 1; do
	ends $code
	is "$(sync-audit status -s s.db -c off.conf | head -n 1)" healthy \
	    "a run that ended with $code has done its work"
done
# An end of the line that was tried and never came to a good end.
sqlite3 s.db 'VACUUM INTO "never.db"'
sqlite3 never.db "DELETE FROM run;
    INSERT INTO run(tool, pid, started_at, ended_at, result)
    VALUES('ometria-push', 1, $now - 7300, $now - 7300, 69),
    ('ometria-push', 1, $now - 60, $now - 60, 69)"
is "$(sync-audit status -s never.db --json | jq '.alerts[] | select(.key == "no-run").value')" \
    7300 'a tool that never ended well is measured from its first try'
sql "UPDATE outbox SET state = 3 WHERE n = (SELECT min(n) FROM outbox WHERE kind = 2
    AND customer IN (SELECT customer FROM hold))"
is "$(sync-audit status -s s.db --json | jq -r '[.holds[].waiting] | add')" \
    "$(sql 'SELECT count(*) FROM outbox JOIN hold USING(customer) WHERE kind IN (2, 3) AND state IN (1, 2)')" \
    'what waits behind a hold'
sql "INSERT INTO exception(code, severity, owner, subject, id, first_at, last_at, acked_at)
    VALUES('push-refused-key', 3, 'operator', 'key', '1', $now, $now, $now)"
is "$(sync-audit status -s s.db -c off.conf | head -n 1)" 'broken: Ometria refuses the API key' \
    'a key that is refused, acknowledged or not'
sql "DELETE FROM exception WHERE code = 'push-refused-key';
    UPDATE run SET result = 75 WHERE tool = 'idoc-parse'"
ends 77
rc_is 1 'a failed run' sync-audit status -s s.db
like "$(head -n 1 out)" '^broken: the last run of ometria-push ended with exit code 77' \
    'comes before all that is attention'

# --- a terminal, and --watch ---

tty_status() { script -qec "$1 sync-audit status -s s.db" /dev/null </dev/null; }
escape=$(printf '\033')
has() { case $1 in *"$escape"*) echo yes ;; *) echo no ;; esac }
if command -v script >/dev/null; then
	is "$(has "$(tty_status 'TERM=xterm')")" yes 'a terminal has colours'
	is "$(has "$(tty_status 'TERM=xterm NO_COLOR=1')")" no 'unless NO_COLOR is set'
	is "$(has "$(tty_status 'TERM=xterm NO_COLOR=')")" yes 'to something'
	is "$(has "$(tty_status 'TERM=dumb')")" no 'a dumb one has none'
fi
is "$(has "$(TERM=xterm sync-audit status -s s.db)")" no 'nor has a pipe'
for seconds in 0 x 86401 1.5; do
	rc_is 64 "--watch $seconds" sync-audit status -s s.db --watch "$seconds"
done
sync-audit status -s s.db --json --watch 1 >watched &
watcher=$!
told_twice() { [ "$(grep -c verdict watched)" -ge 2 ]; }
wait_for told_twice
kill -TERM "$watcher"
wait "$watcher" 2>/dev/null
is $? 143 'it watches until it is told to end'
is "$(head -n 2 watched | jq -r .verdict | tr '\n' ' ')" 'broken broken ' \
    'and says each time what it saw'

# --- who only reads ---

# A deadline has passed that nobody has noted.
at 16:00:00
sql "DELETE FROM exception WHERE code = 'order-unconfirmed';
    UPDATE orders SET confirmed_at = NULL, provisional_at = 1 WHERE id = (SELECT min(id) FROM orders);
    PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
late() { sql "SELECT count(*) FROM exception WHERE code = 'order-unconfirmed'"; }
read_all() {
	for command in balance exceptions export 'show customer:1015' \
	    'metrics m.prom' 'diff --ometria empty.jsonl --kind product' \
	    "backup copy.db"; do
		rm -f copy.db
		# shellcheck disable=SC2086
		$1 sync-audit $command -s "$2" >read.out 2>read.err
		rc=$?
		[ "$rc" -le 1 ] || echo "$command: exit code $rc: $(cat read.err)"
	done
}
: >empty.jsonl
before=$(cksum <s.db)
is "$(read_all '' s.db)" '' 'commands that only read'
is "$(cksum <s.db)" "$before" 'leave each byte of the state as it was'
is "$(late)" 0 'and note no deadline'

mkfifo hold held
sqlite3 s.db <hold >held &
exec 3>hold 4<held
echo "BEGIN IMMEDIATE; DELETE FROM outbox; SELECT 'held';" >&3
read -r word <&4
is "$word" held 'somebody writes'
is "$(read_all '' s.db)" '' 'they wait for no writer'
echo 'ROLLBACK;' >&3
exec 3>&- 4<&-
wait

# In a folder in which nothing can be made: a user who is none of ours.
mkdir sealed
cp s.db sealed/s.db
cp "$BUILD/bin/sync-audit" .
touch m.prom
mkdir open
user=
if [ "$(id -u)" = 0 ]; then
	user='setpriv --reuid=65534 --regid=65534 --clear-groups env PATH=.:/usr/bin:/bin'
	chown -R 65534:65534 sealed open
	chmod 755 .
fi
chmod 500 sealed
chmod 400 sealed/s.db
before=$(cksum <sealed/s.db)
is "$(cd open && cp ../sync-audit ../empty.jsonl . && read_all "$user" ../sealed/s.db)" '' \
    'a folder and a state that cannot be written'
$user sync-audit status -s sealed/s.db >out 2>err
is $? 1 'status tells what it can'
like "$(cat out)" '^broken: ' 'with its verdict'
is "$(cksum <sealed/s.db; ls sealed)" "$before
s.db" 'nothing was changed, and nothing made'
chmod 700 sealed
sync-audit status -s s.db >out
is "$(($(late) > 0))" 1 'status notes deadlines where it may write'
sql 'PRAGMA user_version = 6'
rc_is 75 'a state of an earlier version' sync-audit balance -s s.db
like "$(cat err)" 'is of an earlier version' 'is not touched'
done_testing
