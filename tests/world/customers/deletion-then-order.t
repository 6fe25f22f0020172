#!/bin/sh
# "We deleted her in SAP, and then a last order came in." The deletion flag opts
# her out in Ometria by force, whatever else comes before or after; orders that
# leave later say whose they are, and nothing more.
. "$(dirname "$0")/deletion.sh"

sap created DEBMAS DEBMAS07 20260301080000 <<'END'
 E1KNA1M.005 MSGFN=009|KUNNR=00001#####|NAME1=Annabel|NAME2=Doe|LAND1=GB
 E1KNVVM.007 MSGFN=009|VKORG=1000|VTWEG=10|SPART=00
END
message address <<'END'
{"v":1,"type":"contact_point","id":"KNA1:00001#####","seq":"20260301080001.0000000000000002","object":"KNA1","object_id":"00001#####","customer":"1#####","emails":[{"address":"annabel#####@example.com","default":true}]}
END
sap deleted DEBMAS DEBMAS07 20260302090000 <<'END'
 E1KNA1M.005 MSGFN=004|KUNNR=00001#####|LOEVM=X
END
{
	sales 005#####01 W10##### 00001#####
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00
	sums 40.00 8.00 48.00
} | sap ordered ORDRSP ORDERS05 20260302080500
message shop <<'END'
{"v":1,"type":"order","id":"W10#####","stage":"provisional","web_order":"W10#####","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"email":" Annabel#####@Example.com"},"lines":[{"line":"1","sku":"12345","title":"Shirt","quantity":"2","unit_price":"20.00"}],"totals":{"subtotal":"40.00","tax":"8.00","grand_total":"48.00"}}
END
deletion_in_every_order
contacts_come_to 'contact 1#####: EXPLICITLY_OPTEDOUT at 2026-03-02T09:00:00Z'
exceptions_come_to ''
orders_behind_are 'the number alone'
done_testing
