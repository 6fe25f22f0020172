#!/bin/sh
# "That is the account for passing trade." A one-time account is nobody, also
# when SAP made it one later, and its orders leave as a guest's; an account that
# was taken for one by mistake is a person again.
. "$(dirname "$0")/customers.sh"

{
	general 00001##### 009 'KTOKD=CPD|NAME1=Ann|NAME2=Doe'
} | sap created DEBMAS DEBMAS07 20260301080000
{
	general 00001##### 004 KTOKD=0001
} | sap mistaken DEBMAS DEBMAS07 20260302080000
{
	general 00002##### 009 'KTOKD=0001|NAME1=Bob|NAME2=Doe'
	area 1000 10
} | sap person DEBMAS DEBMAS07 20260301080001
{
	general 00002##### 004 KTOKD=CPDA
} | sap turned DEBMAS DEBMAS07 20260302080001
{
	address 00001#####
	mail ann#####@example.com
} | sap ann ADRMAS ADRMAS03 20260301080002
{
	address 00002#####
	mail bob#####@example.com
} | sap bob ADRMAS ADRMAS03 20260301080003

comes_to <<'END'
contact 1#####: Ann Doe; mail ann#####@example.com
END
in_every_order
done_testing
