#!/bin/sh
# "It is Monday, SAP is slow again. She has paid at eight; SAP's confirmation is
# there at five to nine. Nobody may write to her in between that her basket
# waits for her, and half an hour after eight somebody must look at it." The
# shop's word leaves at once, its silence is an exception, the confirmation ends
# it and enriches the same order; coupon, payment and app stay what the shop
# said.
. "$(dirname "$0")/../lib.sh"

message shop <<'END'
{"v":1,"type":"order","id":"W10#####","stage":"provisional","web_order":"W10#####","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"email":"ann#####@example.com"},"coupon":"SPRING","payment_method":"card","channel":"mobile app","lines":[{"line":"1","sku":"12345","title":"Shirt","quantity":"2","unit_price":"20.00"},{"line":"2","sku":"SCARF-RED","title":"Scarf","quantity":"1","unit_price":"15.00"}],"totals":{"subtotal":"55.00","tax":"11.00","grand_total":"66.00"}}
END
{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00
	item 005#####01 000020 SCARF-RED 1.000 15.00 15.00
	sums 55.00 11.00 66.00
} | sap confirmed ORDRSP ORDERS05 20260302085500
comes_to <<'END'
order W10#####: confirmed, 66.00; customer 1#####; mail ann#####@example.com; coupon SPRING; paid by card; store example.com/uk; channel mobile app; documents 5#####01
  10 12345 x2 40.00
  20 SCARF-RED x1 15.00
END
in_every_order
in_the_line

# The same by the clock.
state() { final_of_state clock.db | by_permutation | cut -f2 | told | sed '/^  /d; s/;.*//'; }
at() {
	SAP_OMETRIA_NOW=2026-03-02T$1:00Z
	shift
	"$@" >out.clock 2>&1 || [ $? -eq 1 ]
}
fold() { sed 's/#####/70000/g' "$1" | order-aggregate -q -s clock.db; }
ok '08:00, the shop' at 08:00 fold messages/1-shop
is "$(state)" 'order W10#####: pending, 66.00' 'the order leaves before SAP knows it'
is "$(sqlite3 clock.db 'SELECT lane FROM outbox')" 0 'and is urgent'
ok '08:29, still silence' at 08:29 order-aggregate -q -s clock.db
is "$(state)" 'order W10#####: pending, 66.00' 'it is early'
ok '08:31' at 08:31 order-aggregate -q -s clock.db
is "$(state)" 'exception order-unconfirmed order W10#####
order W10#####: pending, 66.00' 'somebody is told'
ok '08:55, SAP' at 08:55 fold messages/2-confirmed
is "$(state)" 'order W10#####: confirmed, 66.00' 'all is well'
done_testing
