#!/bin/sh
# "She moved and married, told us, and then an order came that the shop had
# taken before: the mail went to her old name again." What an order says of a
# person, in SAP's document as in the shop's, never reaches the contact, and the
# order leaves with the address that the master has.
. "$(dirname "$0")/customers.sh"

{
	general 00001##### 009 'NAME1=Ann|NAME2=Old|LAND1=GB|ORT01=Leeds'
} | sap created DEBMAS DEBMAS07 20260228080000
{
	general 00001##### 018 'NAME1=Ann|NAME2=New|LAND1=IE|ORT01=Cork'
} | sap moved DEBMAS DEBMAS07 20260303080000
{
	address 00001#####
	mail new#####@example.com STD_NO=X
} | sap address ADRMAS ADRMAS03 20260303080001
message shop <<'END'
{"v":1,"type":"order","id":"W10#####","stage":"provisional","web_order":"W10#####","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"id":"1#####","email":"old#####@example.com","first_name":"Ann","last_name":"Old"},"shipping_address":{"city":"Leeds","country":"GB"},"lines":[{"line":"1","sku":"12345","title":"Shirt","quantity":"2","unit_price":"20.00"}],"totals":{"subtotal":"40.00","tax":"8.00","grand_total":"48.00"}}
END
{
	sales 005#####01 W10##### 00001#####
	printf '  E1EDKA3.001 QUALP=001|STDPN=old#####@example.com\n'
	item 005#####01 000010 000000000000012345 2.000 20.00 40.00
	sums 40.00 8.00 48.00
} | sed 's/PARVW=AG|PARTN=00001#####/&|NAME1=Ann|NAME2=Old|ORT01=Leeds|LAND1=GB/' |
	sap confirmed ORDRSP ORDERS05 20260302080500

comes_to <<'END'
contact 1#####: Ann New; mail new#####@example.com; country IE
order W10#####: confirmed; customer 1#####
END
in_every_order
ometria_has <<'END'
contact 1#####: Ann New, new#####@example.com, null
order W10#####: {"email":"new#####@example.com","id":"1#####"}
END
in_the_line
done_testing
