#!/bin/sh
# sync-audit exceptions --notify: each new, reopened or escalated exception is
# told of once, whatever the command does and whoever dies when.
. "$(dirname "$0")/../lib.sh"

command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'

cd "$T" || exit 71
export SAP_OMETRIA_STATE="$T/sync.db" SAP_OMETRIA_NOW=2026-03-02T09:00:00Z
cat >sync.conf <<'END'
[exception "record-invalid"]
escalate-after = 1h
escalate-to = duty
[owner "operator"]
address = operator@example.com
END
export SAP_OMETRIA_CONFIG="$T/sync.conf"

# A command that notes what it was told, and ends as the file says.
cat >tell <<END
#!/bin/sh
cat >>"$T/told"
echo "\$# arguments"
exit "\$(cat "$T/ends" 2>/dev/null || echo 0)"
END
chmod +x tell
# fault LINE...: a line each that is no record.
fault() {
	printf '%s\n' "$@" | order-aggregate -q >/dev/null
}
tell() { sync-audit exceptions --notify ./tell "$@"; }
told() {
	jq -r '"\(.notice) \(.severity) \(.owner) \(.address // "-")"' told
	: >told
}
: >told

fault one two
ok 'two are told of' tell
like "$(cat err)" '^sync-audit: told of: 2$' 'which is said'
is "$(cat out)" '' 'nothing is on standard output'
like "$(cat err)" '^0 arguments$' 'what the command prints is on the other'
is "$(head -n 1 told | jq -r '.meaning, .action, .subject.type, .type')" \
    'A line in a pipe is no record: not JSON, cut off, too long, or without the keys that every record has
look at the tool or script in front that wrote the line
line
exception' 'it is the record and what is to be done'
is "$(told)" 'new medium operator operator@example.com
new medium operator operator@example.com' 'to whom it is'
ok 'again' tell
fault one
ok 'and when it was met again' tell
is "$(told)" '' 'tells nothing'

# --- who is told of what ---

name=$(sync-audit exceptions | sed -n 2p | cut -f 1,4 | tr '\t' :)
sync-audit resolve -q "$name"
fault three
sync-audit ack -q record-invalid
SAP_OMETRIA_NOW=2026-03-02T09:10:00Z
fault one four
tell -q 2>>log
is "$(told)" 'reopened medium operator operator@example.com
new medium operator operator@example.com' \
    'what is open again and new, not what somebody knows of'
SAP_OMETRIA_NOW=2026-03-02T10:20:00Z
fault five
tell -q --severity critical 2>>log
is "$(told)" 'escalated critical duty -
escalated critical duty -' 'what escalated, of those chosen'
tell -q 2>>log
is "$(told)" 'new medium operator operator@example.com' 'the others later'
tell -q 2>>log
is "$(told)" '' 'once'

# --- how the command ends ---

fault six
echo 75 >ends
rc_is 69 'nobody could be told' tell
like "$(cat err)" 'nobody could be told of 1, the next run tries again' 'is said'
echo 69 >ends
rc_is 69 'nor at the next run' tell
: >told
is "$(sync-audit show --json record-invalid | grep -c notified)" 4 \
    'the history tells only what was told'
echo 3 >ends
rc_is 1 'a command that fails' tell
like "$(cat err)" 'the command failed, and is not run again for: 1' 'is said'
is "$(told | wc -l)" 1 'it has been run'
rc_is 0 'and is not again' tell
is "$(told)" '' 'for that'
rm ends
fault seven
rc_is 66 'a command that is not there' sync-audit exceptions --notify ./nobody
rc_is 77 'one that cannot be run' sync-audit exceptions --notify ./told
rc_is 66 'no shell looks at it' sync-audit exceptions --notify './tell; true'
tell -q 2>>log
is "$(told | wc -l)" 1 'have told nobody'

# --- the command brings its caller down ---

fault eight
mv tell good
cat >tell <<END
#!/bin/sh
cat >>"$T/told"
kill -KILL \$PPID
END
chmod +x tell
tell -q 2>killed
is "$?" 137 'the tool dies while the command runs'
mv good tell
tell -q 2>>log
is "$(told | wc -l)" 1 'the next run does not tell it twice'
like "$(sync-audit show record-invalid)" \
    'notified: new, and it is not known whether that arrived$' 'and says so'

# --- many at once ---

seq -f 'many %g' 25 | order-aggregate -q >/dev/null
echo '{"v":1,"type":"order","id":"x","stage":"provisional","web_order":"a@b"}' |
    order-aggregate -q >/dev/null
rc_is 64 'a digest of nothing' sync-audit exceptions --digest 3
rc_is 64 'one of no number' tell --digest 0
echo 75 >ends
rc_is 69 'a digest that cannot be told' tell --digest 5
like "$(cat err)" 'nobody could be told of 26, the next run' 'counts what it has'
: >told
echo 3 >ends
sqlite3 sync.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp sync.db before.db
rc_is 1 'one that fails' tell --digest 24
: >told
rm -f sync.db*
cp before.db sync.db
rm ends
ok 'more than so many of an owner' tell --digest 24
like "$(cat err)" '^sync-audit: told of: 26$' 'all are told of'
is "$(jq -r '"\(.notice) \(.owner) \(.address // "-") \(.count)"' told)" \
    'new operations - 1
digest operator operator@example.com 25' 'one call for its owner, and others as ever'
is "$(jq -r 'select(.type == "digest").groups[] | "\(.code) \(.severity) \(.notice) \(.count) \(.subjects | length)", .action' \
    told)" 'record-invalid medium new 25 10
look at the tool or script in front that wrote the line' 'of what and how many'
: >told
ok 'again' tell --digest 1
is "$(cat told)" '' 'tells nothing'
is "$(sqlite3 sync.db "SELECT count(*) FROM notice WHERE NOT EXISTS (SELECT 1
    FROM exception_history WHERE exception = notice.exception
    AND what = 'notified')")" 0 'the history of each has it'
fault a b
ok 'no more than so many' tell --digest 2
is "$(told | wc -l)" 2 'are told of one by one'

# --- killed at each write ---

# killed CALLS OPTION...: killed anywhere, the command is run at most that often.
killed() {
	most=$1
	shift
	sqlite3 sync.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	cp sync.db start.db
	point=1
	rc=137
	twice=0
	lost=0
	while [ "$rc" -eq 137 ] && [ "$point" -lt 100 ]; do
		rm -f sync.db* count
		cp start.db sync.db
		: >told
		KILLPOINT_COUNTER=$T/count KILLPOINT_AT=$point \
		    KILLPOINT_ONLY=sync-audit \
		    LD_PRELOAD=$BUILD/tests/killpoint.so \
		    sync-audit exceptions -q --notify ./tell "$@" 2>>killed
		rc=$?
		tell -q "$@" 2>>log
		times=$(told | wc -l)
		[ "$times" -le "$most" ] || twice=$((twice + 1))
		[ "$times" -eq "$most" ] ||
			sync-audit show record-invalid |
			grep -q 'not known whether that arrived' ||
			lost=$((lost + 1))
		point=$((point + 1))
	done
	note "$point points"
	ok 'the run has several points' test "$point" -gt 5
	is "$rc $twice" '0 0' 'killed anywhere, nobody is told twice'
	is "$lost" 0 'and what was perhaps not told is marked so'
}
if [ -z "${SAN:-}" ]; then
	sqlite3 sync.db "DELETE FROM exception_history WHERE text LIKE '%not known%'"
	fault nine
	killed 1
	fault eleven twelve
	killed 1 --digest 1
fi

# --- the mail ---

sqlite3 sync.db "INSERT INTO exception(code, subject, id, severity, owner,
    message, first_at, last_at) VALUES('push-limit', 'order',
    'x' || char(10) || 'Bcc: all@example.com', 2, 'operator', 'too long',
    1772442000, 1772442000)"
cat >sendmail <<END
#!/bin/sh
cat >>"$T/mail"
END
chmod +x sendmail
SENDMAIL=$T/sendmail sync-audit exceptions -q --code push-limit \
    --notify "$ROOT/examples/notify/mail"
is "$(sed '/^$/,$d' mail)" 'To: operator@example.com
Subject: [SAP to Ometria] high: push-limit (new)
Content-Type: text/plain; charset=utf-8' 'its header has nothing from outside'
like "$(cat mail)" '^Next:    shorten the field that the message names' 'it says what to do'
fault m n
: >mail
SENDMAIL=$T/sendmail sync-audit exceptions -q --code record-invalid --digest 1 \
    --notify "$ROOT/examples/notify/mail"
is "$(sed '/^$/,$d' mail)" 'To: operator@example.com
Subject: [SAP to Ometria] 2 exceptions
Content-Type: text/plain; charset=utf-8' 'a digest is one mail'
like "$(cat mail)" '^2 of record-invalid \(medium, new\): A line in a pipe' \
    'with what it is about'
mkdir bin
cat >bin/curl <<END
#!/bin/sh
cat >"$T/post"
[ ! -e "$T/down" ]
END
chmod +x bin/curl

# --- the chat ---

fault ten
: >down
chat() {
	env PATH="$T/bin:$PATH" NOTIFY_URL=https://chat.example/x sync-audit \
	    exceptions --code record-invalid --notify "$ROOT/examples/notify/chat"
}
rc_is 69 'a chat that cannot be reached' chat
rm down
ok 'is told later' chat
like "$(jq -r .text post)" \
    '^medium: record-invalid about line #[0-9a-f]*, for operator \(new\)$' \
    'what it is and whose'
fault o p
ok 'and of many at once' env PATH="$T/bin:$PATH" \
    NOTIFY_URL=https://chat.example/x sync-audit exceptions \
    --code record-invalid --digest 1 --notify "$ROOT/examples/notify/chat"
like "$(jq -r .text post)" '^2 of record-invalid \(medium, new\)' 'how many'
done_testing
