#!/bin/sh
# sync-audit report: one page that needs nothing else, whose figures are those of
# the state as SQL tells them, read and measured in a browser.
. "$(dirname "$0")/../lib.sh"

command -v chromium >/dev/null || skip_all 'chromium is not installed'

unset SAP_OMETRIA_STATE
export SAP_OMETRIA_CONFIG="$ROOT/examples/sync.conf"
cd "$T" || exit 71
sql() { sqlite3 -readonly s.db "$1"; }
at() { SAP_OMETRIA_NOW=2026-03-02T$1Z; export SAP_OMETRIA_NOW; }

# --- a morning: files come every three minutes, Ometria takes every other ---

cp -R "$ROOT/examples/inbox" in
sandbox_start --rate 0 --data-rate 0
minute=10
for file in in/*; do
	at "12:$minute:00"
	minute=$((minute + 2))
	idoc-parse -q -s s.db --settle 0 "$file" | sku-normalise -q -s s.db |
	    customer-aggregate -q -s s.db | order-aggregate -q -s s.db |
	    stock-aggregate -q -s s.db >line.out 2>&1
	[ $((minute % 4)) -eq 0 ] || continue
	ometria-push -q -s s.db --drain --rate 0 --confirm none --api-key-file key \
	    --url "$SANDBOX_URL" </dev/null >line.out 2>&1
done
# A SKU that comes and goes beside two of the inbox, a minute each.
minute=40
for quantity in 5 0 4 0 0 3; do
	at "12:$minute:00"
	printf '{"v":1,"type":"stock_level","id":"70001:1100:0001","sku":"70001","plant":"1100","location":"0001","quantity":"%d","as_of":"2026-03-02T12:%d:00Z"}\n' \
	    $quantity $minute | stock-aggregate -q -s s.db >line.out 2>&1
	minute=$((minute + 1))
done
ometria-push -q -s s.db --drain --rate 0 --confirm none --api-key-file key \
    --url "$SANDBOX_URL" </dev/null >line.out 2>&1
sandbox_stop
# One order waits again, and a guest of a hostile name is to be seen.
sqlite3 s.db "UPDATE outbox SET state = 1, rev = rev + 1, last_rev = rev + 1 WHERE kind = 2 AND id = 'W100001';
    UPDATE outbox SET state = 3, refused_rev = rev WHERE n = (SELECT max(n) FROM outbox WHERE kind = 0);
    UPDATE shipment SET reversed = 1 WHERE delivery = (SELECT max(delivery) FROM shipment_line);
    UPDATE orders SET confirmed_at = provisional_at + 300 WHERE confirmed_at >= provisional_at;
    UPDATE orders SET confirmed_at = confirmed_at + 1 WHERE id IN (SELECT id FROM orders WHERE confirmed_at >= provisional_at LIMIT 2);
    INSERT INTO exception(code, severity, owner, subject, id, first_at, last_at)
    VALUES('sku-missing', 2, 'ecommerce', 'sku', '7', 0, 0), ('shipment-over', 1, 'operations', 'delivery', '7', 0, 0);
    INSERT INTO hold(customer, mestyp, seq, set_at) SELECT '<img src=x onerror=alert(1)>\"''&', mestyp, seq, set_at FROM hold LIMIT 1"
at 13:00:00
sync-audit status -q -s s.db >line.out
sync-audit profile -q --json in >profile.json
cat >diff.json <<'END'
{"class":"differs","kind":"product","id":"12345","field":"is_in_stock","sap":"true","ometria":"false"}
{"class":"differs","kind":"product","id":"12345","field":"is_active","sap":"true","ometria":"false"}
{"class":"wrong-customer","kind":"order","id":"W100002","field":"customer.id","sap":"1002","ometria":"1077"}
{"class":"padded-sku","kind":"product","id":"000012345","field":"id","sap":"12345","ometria":"000012345"}
END
cat >>diff.json <<'END'
{"class":"queued","kind":"product","id":"12345","field":"","sap":"","ometria":""}
{"class":"revenue","kind":"order","id":"2026-03-01","field":"GBP shop, online","sap":"120.49","ometria":"120.49"}
{"class":"revenue","kind":"order","id":"2026-03-01","field":"EUR shop, <phone>","sap":"10","ometria":"0"}
{"class":"revenue","kind":"order","id":"2026-03-02","field":"GBP shop, online","sap":"80.5","ometria":"80.49"}
{"class":"revenue","kind":"order","id":"2026-03-03","field":"GBP shop, online","sap":"5","ometria":"5.00"}
END
ok 'a page of all' sync-audit report -s s.db -o page.html --profile profile.json --diff diff.json
is "$(cat out err)" '' 'nothing else is said'
is "$(stat -c %a page.html)" 600 'for its owner alone'
ok 'the same again' sync-audit report -s s.db -o again.html --profile profile.json --diff diff.json
ok 'is the same page' cmp page.html again.html

# --- the figures, by SQL that the tools do not have ---

# figure TEXT: the number behind it in the evidence.
figure() {
	sed -n "s/^<li class=[a-z]*><span>$1<\/span> <b>\([^<]*\)<\/b><\/li>\$/\1/p" page.html
}
# rows ID: the rows of the tables of a section, cells with bars between them.
rows() {
	sed -n "/<h2 id=\"$1\">/,/<h2 id=/p" "${2:-page.html}" |
	    sed -n 's/^<tr><td/<td/p' | sed 's/<td[^>]*>//g; s/<\/td><\/tr>//; s/<\/td>/|/g'
}
# chart ID: the figures of a chart in the same way, durations in seconds.
chart() {
	sed -n "/<figure id=\"$1\">/,/<\/figure>/p" page.html |
	    sed -n 's/^<tr><th>/|/p' |
	    sed 's/<\/th>//; s/<td[^>]*data-v=\([-0-9]*\)>[^<]*<\/td>/|\1/g; s/<\/tr>//; s/^|//'
}
is "$(figure 'orders handed over by the shop at checkout')" \
    "$(sql 'SELECT count(DISTINCT order_id) FROM order_document WHERE document = '"'@shop'")" 'orders of the shop'
is "$(figure 'stock and product changes that took over an hour')" "$(sql "SELECT count(*) FROM (SELECT
    (SELECT min(d.ended_at) FROM delivery_record AS m JOIN delivery AS d ON d.id = m.delivery
	WHERE d.kind = 0 AND d.result = 1 AND m.id = t.id AND m.rev >= t.rev) AS accepted,
    unixepoch(format('%s-%s-%s %s:%s:%s', substr(seq, 1, 4), substr(seq, 5, 2), substr(seq, 7, 2),
	substr(seq, 9, 2), substr(seq, 11, 2), substr(seq, 13, 2))) AS made
    FROM trace AS t JOIN idoc AS i ON i.id = t.idoc WHERE t.kind = 0 AND i.docnum NOT LIKE '#%')
    WHERE accepted - made > 3600")" 'old stock'
is "$(figure 'shipped events, one for each complete order')" \
    "$(sql "SELECT count(*) FROM outbox WHERE id LIKE 'shipped-%'")" 'events'
is "$(figure 'older facts that came behind newer ones')" \
    "$(sync-audit balance -s s.db | awk '$1 == "all" { print $7 }')" 'superseded, as the balance says'
is "$(figure 'records excepted, each with an owner')" \
    "$(sync-audit balance -s s.db | awk '$1 == "all" { print $9 }')" 'excepted, too'
is "$(figure 'customers held, because their master data failed')" "$(sql 'SELECT count(*) FROM hold')" 'held'
is "$(figure 'products with another state in Ometria')" 1 'differing fields of one record count once'
is "$(figure 'orders on the wrong customer')" 1 'an order of somebody else'
is "$(figure 'materials with leading zeros in the extract')" \
    "$(jq '.checks[] | select(.check == "sku-padded").count' profile.json)" 'what the profile counted'
is "$(rows exceptions | cut -d '|' -f 1,4 | sort)" \
    "$(sql 'SELECT code, count(*) FROM exception WHERE open GROUP BY code ORDER BY code')" 'open exceptions'
is "$(rows outbox | cut -d '|' -f 1-3)" \
    "$(sql "SELECT CASE kind WHEN 0 THEN 'products' WHEN 1 THEN 'contacts' WHEN 2 THEN 'orders' ELSE 'events' END,
	sum(state = 0), sum(state = 1) FROM outbox GROUP BY kind")" 'what is accepted and what waits'
is "$(chart owners | awk -F '|' '{ for (i = 2; i < 6; i++) n[$1] += $i } END { for (o in n) print o "|" n[o] }' | sort)" \
    "$(sql 'SELECT owner, count(*) FROM exception WHERE open GROUP BY owner ORDER BY owner')" 'whose they are'
# The rest of the evidence, a line each: its text, and SQL that counts it otherwise.
while IFS='|' read -r text query; do
	is "$(figure "$text")" "$(sql "$query")" "$text"
done <<'END'
of these, confirmed by SAP over five minutes later|SELECT count(*) FROM orders WHERE confirmed_at > provisional_at + 300
materials that came with leading zeros and left without|SELECT count(*) FROM (SELECT value FROM order_line, json_tree(order_line.facts) WHERE key = 'MATERIAL' AND value LIKE '0_%' AND CAST(CAST(value AS INTEGER) AS TEXT) = ltrim(value, '0') GROUP BY value)
deliveries with goods issue|SELECT count(iif(reversed, NULL, posted_at)) FROM shipment
deliveries of only a part of their order|SELECT count(DISTINCT l.delivery || ' ' || l.document) - count(DISTINCT l.document) FROM shipment_line AS l, shipment AS s WHERE s.delivery = l.delivery AND posted_at > 0 AND NOT reversed
customers with a deletion flag|SELECT count(flagged) FROM customer
opt-outs that Ometria has taken|SELECT count(*) FROM outbox WHERE kind = 1 AND NOT state AND accepted_at > 0 AND id IN (SELECT customer FROM customer WHERE flagged NOT NULL)
opt-outs that wait|SELECT count(*) FROM outbox WHERE kind = 1 AND state AND id IN (SELECT customer FROM customer WHERE flagged NOT NULL)
exceptions closed again|SELECT count(closed_at) FROM exception
critical and high exceptions open|SELECT count(*) FROM exception WHERE closed_at IS NULL AND severity IN (2, 3)
records refused by Ometria|SELECT count(*) FROM outbox WHERE refused_rev = rev
shop orders not confirmed in time|SELECT count(*) FROM exception WHERE code = 'order-unconfirmed' AND closed_at IS NULL
open exceptions about stock|SELECT count(*) FROM exception WHERE substr(code, 1, 6) = 'stock-' AND closed_at IS NULL
open exceptions about product numbers|SELECT count(*) FROM exception WHERE substr(code, 1, 4) = 'sku-' AND closed_at IS NULL
open exceptions about deliveries|SELECT count(*) FROM exception WHERE substr(code, 1, 9) = 'shipment-' AND closed_at IS NULL
product changes accepted by Ometria|SELECT count(*) FROM delivery_record WHERE delivery IN (SELECT id FROM delivery WHERE kind = 0 AND result = 1)
END
# revenue STATE: by channel, in whole units.
revenue() {
	sh "$ROOT/examples/shell/revenue-by-channel" "$1" | awk -F '\t' '
	{ sum[$4 " " ($2 == "-" ? "no store" : $2) ", " ($3 == "-" ? "online" : $3)] += $6 }
	END { for (c in sum) printf "%s|%d\n", c, sum[c] + 0.5 }' | sort
}
is "$(chart revenue | cut -d '|' -f 1,2 | sort)" "$(revenue s.db)" 'revenue by channel'
# What has left is the revenue of a state without the order that waits.
sql '.backup part.db'
sqlite3 part.db "DELETE FROM outbox WHERE id = 'W100001'"
is "$(chart revenue | cut -d '|' -f 1,3 | sort)" "$(revenue part.db)" 'accepted is all but what waits'
# What diff has read from Ometria is a chart of its own, and says so.
is "$(chart match)" 'GBP shop, online|206|206
EUR shop, &lt;phone&gt;|10|0' 'revenue of both sides by channel'
is "$(rows revenue-match)" '2026-03-01|EUR shop, &lt;phone&gt;|10|0
2026-03-02|GBP shop, online|80.5|80.49' 'the days that do not match'
like "$(cat page.html)" '<p>2 of 4 days of channels are the same to the cent' 'the others are counted'
is "$(rows diff | grep -cE '2026-03-0|queued')" 0 'they are no differing records'
like "$(sed -n '/<figure id="revenue">/,/<svg/p' page.html)" 'read by sync-audit diff --revenue' 'the other one says what it is'
like "$(sed -n '/<figure id="match">/,/<svg/p' page.html)" 'read from Ometria' 'and this one, too'
is "$(chart freshness | awk -F '|' '{ n += $2 } END { print n }')" \
    "$(sql 'SELECT count(*) FROM outbox WHERE kind = 1')" 'each contact is fresh or stale'
is "$(chart flips | awk -F '|' '$2 + $3 > 0 { printf "%s %d %d;", $1, $2, $3 }')" \
    '12:32 1 1;12:41 0 1;12:42 1 0;12:43 0 1;12:45 1 0;' \
    'flips of a SKU, each at its time and in its direction; what has not changed is none'
is "$(figure 'times a SKU came back in stock, in 90 days')" 3 'back in stock'
is "$(chart backlog | tail -n 1 | cut -d '|' -f 2-5)" '0|0|0|0' 'nothing that an IDoc brought waits at the end'
# 95 of 100 of few are all of them: the greatest way tops the upper line.
is "$(chart latency | cut -d '|' -f 3 | sort -n | tail -n 1)" \
    "$(sql "SELECT max(d.ended_at - unixepoch(substr(i.seq, 1, 4) || '-' || substr(i.seq, 5, 2) || '-' || substr(i.seq, 7, 2) || ' ' ||
	substr(i.seq, 9, 2) || ':' || substr(i.seq, 11, 2) || ':' || substr(i.seq, 13, 2))) FROM trace AS t
	JOIN idoc AS i ON i.id = t.idoc JOIN delivery_record AS m ON m.id = t.id AND m.rev >= t.rev
	JOIN delivery AS d ON d.id = m.delivery AND d.kind = t.kind WHERE i.docnum NOT LIKE '#%' AND NOT EXISTS(SELECT 1
	FROM delivery_record AS b JOIN delivery AS c ON c.id = b.delivery AND c.kind = t.kind WHERE b.id = t.id AND b.rev >= t.rev AND b.delivery < d.id)")" \
    'the longest way from SAP'
like "$(cat page.html)" '>It holds\.<' 'the balance'
like "$(cat page.html)" "class=\"verdict $(sync-audit status -s s.db --json | jq -r .verdict)\"" 'the verdict of status'
is "$(rows profile | wc -l)" "$(jq '[.checks[] | select(.count > 0)] | length' profile.json)" 'what the profile found'

# --- nothing of a person, nothing that is not text ---

is "$(grep -c '<img' page.html)" 0 'a hostile number is text'
like "$(rows holds)" '&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;' 'all of it'
ok 'a masked page' sync-audit report -s s.db -o masked.html --mask --profile profile.json --diff diff.json
is "$(sed '/<svg/d' masked.html | grep -cE '@example|W1000|[^0-9]10[01][0-9][^0-9]|Amelia|Hart')" 0 'no number of a person or order, no name'
is "$(rows holds masked.html | cut -d '|' -f 1 | sort -u)" masked 'they are masked'
like "$(cat masked.html)" '000012345' 'products are nobody'

# --- parts alone, and what is refused ---

ok 'of files alone' sync-audit report -o files.html --profile profile.json
is "$(grep -c '<h2 id="charts"' files.html)" 0 'no state, no charts of it'
like "$(cat files.html)" '<figure id="volumes">' 'but what the files say'
ok 'of a state alone' sync-audit report -s s.db -o state.html
# Two orders were seen in Ometria, of which one waits again.
sqlite3 s.db "UPDATE outbox SET verified_rev = iif(id IN ('W100001', 'W100002'), rev, 0)"
sql '.backup part.db'
sqlite3 part.db "DELETE FROM outbox WHERE kind = 2 AND id <> 'W100002'"
sync-audit report -s s.db -o page.html
is "$(chart revenue | awk -F '|' '$4 > 0 { print $1 "|" $4 }')" "$(revenue part.db)" \
    'revenue that read-back has seen'
sync-audit report -s s.db -o page.html --profile profile.json --diff diff.json
is "$(grep -cE '<h2 id="(profile|diff)"' state.html)" 0 'no files, no tables of them'
rc_is 64 'without a name for it' sync-audit report -s s.db
rc_is 66 'a profile that is not there' sync-audit report -o x.html --profile nothing
rc_is 65 'what is no profile' sync-audit report -o x.html --profile diff.json
rc_is 65 'what is no diff' sync-audit report -o x.html --diff "$ROOT/README"
rc_is 66 'a state that is not there' sync-audit report -s nothing.db -o x.html
rc_is 73 'a folder that is not there' sync-audit report -s s.db -o nothing/x.html
is "$(ls x.html 2>/dev/null)" '' 'no page then'

# --- in a browser ---

# browse PAGE WIDTH [SCHEME]: the page as it became goes to dom, messages of its console to
# console, addresses that were asked for to asked.
browse() {
	HOME=$T/home timeout 120 chromium --headless --no-sandbox --disable-gpu \
	    --blink-settings=preferredColorScheme="${3:-1}" --disable-dev-shm-usage --disable-background-networking \
	    --disable-component-update --disable-sync --no-first-run \
	    --disable-extensions --hide-scrollbars --window-size="$2,900" \
	    --user-data-dir="$T/home/chromium" --log-net-log="$T/net.json" \
	    --enable-logging=stderr --dump-dom "file://$T/$1" >dom 2>browser.err </dev/null
	grep ':CONSOLE' browser.err >console
	# Whose initiator is no origin is asked for by the browser itself.
	jq -r '.events[].params | objects |
	    select(.url != null and .initiator != null and .initiator != "not an origin") | .url' \
	    net.json | grep -v '^file:' | sort -u >asked
}
# What the page is like, told by a script in a copy of it.
cat >measure <<'END'
<script>
const q=s=>[...document.querySelectorAll(s)];
const text=id=>document.getElementById(id)?.textContent.trim()||'';
const first=t=>t.tBodies[0].rows[0].cells[3].textContent;
const t=document.querySelector('#exceptions~.wide table.sort');
const before=first(t);t.tHead.rows[0].cells[3].querySelector('button').click();
const once=first(t);t.tHead.rows[0].cells[3].querySelector('button').click();
parent.document.body.dataset.measured=[
 innerWidth,document.documentElement.scrollWidth<=innerWidth,
 q('svg').length,q('svg').filter(s=>s.getAttribute('role')=='img'&&
  s.getAttribute('aria-labelledby').split(' ').every(text)).length,
 q('th button').length==q('table.sort th').length,
 t.tHead.rows[0].cells[3].getAttribute('aria-sort'),
 q('[id]').length==new Set(q('[id]').map(e=>e.id)).size].join(' ');
</script></body></html>
END
sed '$d' page.html >whole.html
printf '</script>' >>whole.html
cat measure >>whole.html
# A window has at least 500 pixels, a frame as many as it is given.
framed() {
	printf '<!DOCTYPE html><body><iframe width=%d height=900 style="border:0" srcdoc="' "$1"
	sed 's/&/\&amp;/g; s/"/\&quot;/g' whole.html
	printf '"></iframe></body>'
}
for width in 360 1440; do
	framed "$width" >measured.html
	browse measured.html 1600
	is "$(sed -n 's/.*data-measured="\([^"]*\)".*/\1/p' dom)" \
	    "$width true 8 8 true ascending true" \
	    "$width pixels: nothing sticks out, each chart has a name and words, tables sort"
	is "$(cat console)" '' "$width pixels: the console is silent"
	is "$(cat asked)" '' "$width pixels: nobody is asked for anything"
done
# Whether all can be read: 4.5 to 1 for text, 3 to 1 for what charts draw (WCAG
# 2.1, 1.4.3 and 1.4.11).
cat >contrast <<'END'
<script>
const light=c=>c.match(/[\d.]+/g).slice(0,3).map(v=>(v/=255)<=.03928?v/12.92:
 ((v+.055)/1.055)**2.4).reduce((sum,v,i)=>sum+v*[.2126,.7152,.0722][i],.05);
const ratio=(a,b)=>{a=light(a);b=light(b);return a>b?a/b:b/a};
const behind=e=>{const c=getComputedStyle(e).backgroundColor;
 return /, 0\)$/.test(c)?e.parentElement?behind(e.parentElement):'rgb(0,0,0)':c};
const ink=e=>{const s=getComputedStyle(e);return e.ownerSVGElement?
 s.fill=='none'?s.stroke:s.fill:s.color};
const said=e=>[...e.childNodes].some(n=>n.nodeType==3&&n.data.trim());
const all=[...document.querySelectorAll('body *')];
const read=all.filter(e=>said(e)&&!/SCRIPT|STYLE|TITLE|DESC/i.test(e.tagName));
const drawn=all.filter(e=>e.ownerSVGElement&&/\bs[0-3]\b/.test(e.getAttribute('class')));
const weak=[...read.filter(e=>ratio(ink(e),behind(e))<4.5),
 ...drawn.filter(e=>ratio(ink(e),behind(e.ownerSVGElement))<3)];
document.body.dataset.measured=[getComputedStyle(document.body).backgroundColor,
 read.length>200,drawn.length>20,...new Set(weak.map(e=>e.tagName+'.'+e.getAttribute('class')))].join(' ');
</script></body></html>
END
for scheme in '0 20, 24, 29' '1 255, 255, 255'; do
	{
		sed '$d' page.html
		printf '</script>'
		cat contrast
	} >measured.html
	browse measured.html 1440 "${scheme%% *}"
	is "$(sed -n 's/.*data-measured="\([^"]*\)".*/\1/p' dom)" \
	    "rgb(${scheme#* }) true true" "all stands out from rgb(${scheme#* })"
done
# On paper the charts are as they are, without their figures.
HOME=$T/home timeout 120 chromium --headless --no-sandbox --disable-gpu \
    --disable-dev-shm-usage --user-data-dir="$T/home/chromium" \
    --blink-settings=preferredColorScheme=0 --no-pdf-header-footer \
    --print-to-pdf="$T/page.pdf" "file://$T/page.html" >line.out 2>&1
pages=$(grep -ac '/Type /Page$' page.pdf)
is "$([ "$pages" -ge 3 ] && [ "$pages" -le 20 ] && echo printed)" printed \
    'it prints on a few pages'
# The same eyes see what is wrong.
sed 's|</main>|<img src="http://127.0.0.1:9/x.png"><script>boom()</script></main>|; /Content-Security-Policy/d' page.html >wrong.html
browse wrong.html 1440
like "$(cat console)" 'boom' 'a fault of a script would be seen'
like "$(cat asked)" '^http://127\.0\.0\.1:9/x\.png$' 'and a request, too'
is "$(grep -E '(src|href)=|url\(|@import|//[a-z]' state.html | grep -vE '^<link rel=icon href="data:,">$|&lt;img src=x')" '' \
    'no address in the page'
done_testing
