#!/bin/sh
# "Passing trade buys on one account, and each parcel has a name of its own." An
# order of a one-time account is a guest's, whether SAP's word on the account
# comes before it or behind it; that of an account which was taken for one by
# mistake is the customer's, who has no name in it.
. "$(dirname "$0")/customers.sh"

shop() {
	message "shop-$1" <<END
{"v":1,"type":"order","id":"$1#####","stage":"provisional","web_order":"$1#####","kind":"order","placed_at":"2026-03-02T08:00:00Z","currency":"GBP","customer":{"email":"$2#####@example.com","first_name":"$3","last_name":"Roe"},"totals":{"subtotal":"10.00","grand_total":"10.00"},"lines":[{"line":"1","sku":"A1","quantity":"1","unit_price":"10.00","subtotal":"10.00","total":"10.00"}]}
END
}
confirmed() {
	{
		sales "$3#####" "$1#####" "$2#####"
		item "$3#####" 000010 A1 1 10.00 10.00
		sums 10.00 0.00 10.00
	} | sap "sap-$1" ORDERS ORDERS05 20260302090000
}

{
	general 00001##### 009 'KTOKD=CPD|NAME1=Passing trade'
} | sap account DEBMAS DEBMAS07 20260301080000
{
	general 00002##### 009 'KTOKD=CPD|NAME1=Bob|NAME2=Doe|TELF1=+442079460000'
} | sap mistaken DEBMAS DEBMAS07 20260301080001
{
	general 00002##### 004 KTOKD=0001
} | sap person DEBMAS DEBMAS07 20260302080001
shop GA gil Gil
confirmed GA 1 31
confirmed BO 2 32

comes_to <<'END'
contact 2#####: Bob Doe; phone +442079460000
order BO#####: confirmed; customer 2#####
order GA#####: confirmed; name Gil Roe
END
permute
every_order_with_a_state
ometria_has <<'END'
contact 2#####: Bob Doe, null, null
order BO#####: {"id":"2#####"}
order GA#####: {"email":"gil#####@example.com","firstname":"Gil","lastname":"Roe"}
END
in_the_line
in_the_line backwards
done_testing
