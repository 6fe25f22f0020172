#!/bin/sh
# "Husband and wife share an address, and Ometria makes one person of them." Three
# customers had it and one has changed it: one exception stands, at the lowest
# of those who still share it. A one-time account does not count.
. "$(dirname "$0")/customers.sh"

{
	address 00001#####
	mail both#####@example.com
} | sap one ADRMAS ADRMAS03 20260301080000
{
	address 00002#####
	mail Both#####@example.com
} | sap two ADRMAS ADRMAS03 20260301080001
{
	address 00003#####
	mail both#####@example.com
} | sap three ADRMAS ADRMAS03 20260301080002
{
	address 00001#####
	mail own#####@example.com
} | sap changed ADRMAS ADRMAS03 20260302080000
{
	general 00000##### 009 KTOKD=CPD
} | sap once DEBMAS DEBMAS07 20260301080003
{
	address 00000#####
	mail both#####@example.com
} | sap guest ADRMAS ADRMAS03 20260301080004

comes_to <<'END'
contact 1#####: ; mail own#####@example.com
contact 2#####: ; mail Both#####@example.com
contact 3#####: ; mail both#####@example.com
exception customer-shared-email customer 2#####
END
in_every_order
is "$(sqlite3 state.db "SELECT count(*), count(*) FILTER (WHERE message =
    'customer ''' || id || ''' has the same e-mail address as customer ''3' ||
    substr(id, 2) || '''') FROM exception WHERE open")" '720|720' \
    'both numbers are named'
done_testing
