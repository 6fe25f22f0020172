#!/bin/sh
# "He has a new e-mail address; he is still the same customer." The contact keeps
# its id, the address is the newest one that is valid, and one that begins next
# week or is not to be used is not taken.
. "$(dirname "$0")/customers.sh"

{
	general 00001##### 009 'NAME1=Bob|NAME2=Doe|LAND1=GB|ANRED=Mr'
} | sap created DEBMAS DEBMAS07 20260228080000
{
	address 00001#####
	mail first#####@example.com STD_NO=X
	mail other#####@example.com
} | sap first ADRMAS ADRMAS03 20260228080001
{
	address 00001#####
	mail next#####@example.com 'STD_NO=X|VALID_FROM=20260310000000'
	mail no#####@example.com 'FLG_NOUSE=X|CONSNUMBER=001'
	mail over#####@example.com 'CONSNUMBER=002|VALID_TO=20260301000000'
	mail second#####@example.com CONSNUMBER=003
} | sap second ADRMAS ADRMAS03 20260302080000
{
	address 00001#####
	mail wrong#####@example STD_NO=X
} | sap between ADRMAS ADRMAS03 20260301080000

comes_to <<'END'
contact 1#####: Mr Bob Doe; mail second#####@example.com; country GB
END
in_every_order
ometria_has <<'END'
contact 1#####: Bob Doe, second#####@example.com, null
END
in_the_line
in_the_line backwards
done_testing
