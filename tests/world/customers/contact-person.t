#!/bin/sh
# "Dear Acme Limited, ...": a company bears the name of its contact person. Who
# left is not written to, and the next one is; the order in which SAP says so
# does not matter.
. "$(dirname "$0")/customers.sh"

configure <<'END'
[customer]
company-groups = Z001
END
{
	general 00001##### 009 'KTOKD=Z001|NAME1=Acme|NAME2=Limited|LAND1=GB'
	person 0000000003 Carl Left
	person 0000000012 Ann Hart ANRED=Ms
} | sap created DEBMAS DEBMAS07 20260301080000
{
	general 00001##### 004
	person 0000000003 Carl Left MSGFN=003
} | sap left DEBMAS DEBMAS07 20260302080000
{
	general 00001##### 004
	person 0000000012 Ann Marsh ANRED=Mrs
} | sap married DEBMAS DEBMAS07 20260303080000
{
	general 00001##### 004
	person 0000000100 Zoe Late
} | sap joined DEBMAS DEBMAS07 20260304080000
{
	address 00001#####
	mail office#####@example.com
} | sap address ADRMAS ADRMAS03 20260301080001

comes_to <<'END'
contact 1#####: Mrs Ann Marsh; mail office#####@example.com; country GB
END
in_every_order
ometria_has <<'END'
contact 1#####: Ann Marsh, office#####@example.com, null
END
in_the_line
in_the_line backwards
done_testing
