#!/bin/sh
# "Her data are blocked in SAP: erase her everywhere." She is opted out, Ometria
# is asked to erase every address known of her, six a minute, and neither a late
# order with her address in another spelling nor a new DEBMAS brings her back.
. "$(dirname "$0")/deletion.sh"

configure 'request = on'
message created <<'END'
{"v":1,"type":"customer","id":"1#####","seq":"20260301080000.0000000000000001","function":"009","first_name":"Annabel","last_name":"Doe","country":"GB","sales_areas":[{"sales_org":"1000","channel":"10","division":"00"}]}
END
message address <<'END'
{"v":1,"type":"contact_point","id":"KNA1:00001#####","seq":"20260301080001.0000000000000002","object":"KNA1","object_id":"00001#####","customer":"1#####","emails":[{"address":"annabel#####@example.com","default":true}]}
END
message blocked <<'END'
{"v":1,"type":"customer","id":"1#####","seq":"20260302090000.0000000000000003","function":"004","privacy_block":true}
END
message again <<'END'
{"v":1,"type":"customer","id":"1#####","seq":"20260304080000.0000000000000004","function":"004","first_name":"Annabel","last_name":"Doe","privacy_block":true}
END
message shop <<'END'
{"v":1,"type":"order","id":"W10#####","stage":"provisional","web_order":"W10#####","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"email":" Annabel#####@Example.COM ","first_name":"Annabel"},"lines":[{"line":"1","sku":"12345","title":"Shirt","quantity":"2","unit_price":"20.00"}],"shipping_address":{"city":"Leeds","postcode":"LS1 1AA","country":"GB"},"totals":{"subtotal":"40.00","tax":"8.00","grand_total":"48.00"}}
END
deletion_in_every_order
contacts_come_to 'contact 1#####: EXPLICITLY_OPTEDOUT at 2026-03-02T09:00:00Z'
exceptions_come_to ''
orders_behind_are nobody
forgotten annabel
is "$(grep -c -F /data-deletion-requests journal)" 120 'each person is asked for once'
is "$(awk '/deletion-requests/ && ++n == 7 { exit } /deletion-requests/' journal |
    wc -l | tr -d ' ')" 6 'six at first'
done_testing
