#!/bin/sh
# "SAP sends what was changed, and the customer itself comes behind it." A change
# says nothing of what it leaves out, a full message that is older fills the
# rest in, and what was folded behind a newer full one is over.
. "$(dirname "$0")/customers.sh"

{
	general 00001##### 004 NAME2=New
	area 2000 10 KDGRP=01
} | sap renamed DEBMAS DEBMAS07 20260302080000
{
	general 00001##### 005 'NAME1=Ann|NAME2=Old|LAND1=GB|ANRED=Ms|TELF1=0113 496 0000'
	area 1000 10
	area 1000 20
} | sap full DEBMAS DEBMAS07 20260301080000
{
	general 00001##### 018 'NAME1=/|NAME2=/|LAND1=IE|TELF1=/|ANRED=/|SPRAS=/'
} | sap reduced DEBMAS DEBMAS07 20260303080000
{
	general 00001##### 004 'ANRED=Mrs|LAND1=FR'
} | sap before DEBMAS DEBMAS07 20260228080000
{
	address 00001#####
	mail ann#####@example.com
} | sap address ADRMAS ADRMAS03 20260301080001

configure <<'END'
[sales-area "2000/10"]
store = example.com/ie
END
comes_to <<'END'
contact 1#####: Ms Ann New; mail ann#####@example.com; phone +441134960000; country IE; stores example.com/ie,example.com/leeds,example.com/uk
END
in_every_order
ometria_has <<'END'
contact 1#####: Ann New, ann#####@example.com, null
END
in_the_line
in_the_line backwards
done_testing
