#!/bin/sh
# What runs the line unattended: units, the cron line, the shop's hand-over.
. "$(dirname "$0")/../lib.sh"

examples=$ROOT/examples
export SAP_OMETRIA_NOW=2026-03-02T12:00:00Z
command -v systemd-analyze >/dev/null ||
    skip_all 'systemd-analyze is not installed'
cd "$T" || exit 71

# --- systemd ---

mkdir -p root/etc/systemd/system root/usr/lib/sap-ometria root/usr/bin
cp "$examples"/systemd/*.service "$examples"/systemd/*.timer \
    "$examples"/systemd/*.socket root/etc/systemd/system
cp "$examples/line" "$examples/shop-take" root/usr/lib/sap-ometria
cp "$BUILD/bin/sync-audit" root/usr/bin
cp /bin/true root/usr/bin/mkdir
mkdir -p root/bin
cp /bin/true root/bin/sh
# Units of the system itself are not in that root: what is said of them
# is not about ours.
systemd-analyze verify --man=no --recursive-errors=no --root="$T/root" \
    sap-ometria.service sap-ometria-drain.service \
    sap-ometria-drain.timer sap-ometria-audit.service \
    sap-ometria-audit.timer sap-ometria-shop.socket \
    sap-ometria-shop@1.service >verify 2>&1
is "$(grep 'sap-ometria' verify)" '' 'systemd-analyze verify finds nothing'
sed -i 's/^Restart=always/Restart=allways/' \
    root/etc/systemd/system/sap-ometria.service
systemd-analyze verify --man=no --recursive-errors=no --root="$T/root" \
    sap-ometria.service >verify 2>&1
like "$(cat verify)" 'allways' 'and it would find a mistake'
is "$(grep -L '^SuccessExitStatus=1 75' "$examples"/systemd/*.service |
    sed 's:.*/::' | tr '\n' ' ')" \
    'sap-ometria-audit.service sap-ometria-shop@.service ' \
    'findings and a busy state are no failure of the line'

# --- the line ---

export SAP_OMETRIA_CONFIG="$examples/sync.conf"
export SAP_OMETRIA_STATE="$T/sync.db"
export SAP_OMETRIA_INBOX="$T/in"
export SAP_OMETRIA_ARCHIVE="$T/done"
export CREDENTIALS_DIRECTORY="$T"
cp -R "$examples/inbox" in
mkdir done
# The sample files were written long ago: they are quiet at once.
touch -d 2026-03-01 in/*
sandbox_start
export SAP_OMETRIA_URL="$SANDBOX_URL"
mv key ometria-api-key
rc_is 1 'the line from a timer: done, with findings' "$examples/line" -q
is "$(ls in)" '' 'the inbox is empty'
is "$(ls done | wc -l | tr -d ' ')" 20 'the archive has it all'
is "$(sandbox_dump | grep -c '^order ')" 29 'Ometria has the orders'
ok 'again: nothing to do' "$examples/line" -q
is "$(cat out err)" '' 'and nothing is said, so that cron mails nothing'
(unset SAP_OMETRIA_INBOX && exec "$examples/line" 2>err)
is "$?" 1 'without an inbox it says so'
like "$(cat err)" SAP_OMETRIA_INBOX 'and names it'

# --- cron ---

line=$(sed -n 's/^\*\/5 \* \* \* \* sap-ometria //p' "$examples/cron/sap-ometria" |
    sed "s:/usr/lib/sap-ometria/line:$examples/line:")
like "$line" "$examples/line" 'the cron line was read'
is "$(printf '%s' "$line" | grep -c '%')" 0 'without a percent sign, which cron would cut at'
is "$(bash -c "$line" 2>&1)" '' 'cron: nothing to mail'
cp "$examples/inbox/19-broken.xml" in/20-broken.xml
touch -d 2026-03-01 in/20-broken.xml
sed -i 's/1015/1016/g; s/0000000000700[0-9]*/0000000000799999/' in/20-broken.xml
bash -c "$line" >mail 2>&1
like "$(cat mail)" '^exit code 1$' 'cron: findings are mailed'
like "$(cat mail)" 'customer-malformed.*1016' 'with what they are'
# Two at once, as when a run takes longer than five minutes.
cp "$examples/inbox"/0*.xml in
touch -d 2026-03-01 in/*
bash -c "$line" >mail.1 2>&1 &
first=$!
bash -c "$line" >mail.2 2>&1
wait "$first"
is "$(cat mail.1 mail.2 | grep 'exit code' | grep -v 'exit code 1$')" '' \
    'two lines at once do no harm'
is "$(sandbox_dump | grep -c '^order ')" 29 'and send nothing twice'
sandbox_stop

# --- the shop's hand-over ---

mkdir shop
hand() { SAP_OMETRIA_INBOX="$T/shop" "$examples/shop-take"; }
is "$(hand <"$examples/inbox/06-shop-orders.jsonl")" \
    "ok $(wc -l <"$examples/inbox/06-shop-orders.jsonl")" 'the shop is told that it is safe'
is "$(cat shop/*.jsonl)" "$(cat "$examples/inbox/06-shop-orders.jsonl")" \
    'and it is in the inbox, byte for byte'
rm shop/*
is "$(printf '{"v":1,"type":"order","id":"1"}' | hand)" \
    'error the last line has no end' 'cut off: refused'
is "$(hand </dev/null)" 'error no record came' 'empty: refused'
is "$(echo '{"id":1}' | hand | cut -c 1-5)" error 'no record: refused'
is "$(awk 'BEGIN { for (i = 0; i < 1001; i++)
    print "{\"v\":1,\"type\":\"order\",\"id\":\"" i "\"}" }' | hand)" \
    'error more than 1000 records' 'too many: refused'
is "$(find shop -type f)" '' 'what was refused leaves nothing'
rc_is 1 'no inbox: no answer' env SAP_OMETRIA_INBOX="$T/none" "$examples/shop-take"
is "$(cat out)" '' 'and nothing that could be taken for one'
done_testing
