#!/bin/sh
# "She no longer buys in Leeds, only online": the sales area is flagged. Its
# store goes, and nobody is opted out. When the flag goes the store is back.
. "$(dirname "$0")/deletion.sh"

sap created DEBMAS DEBMAS07 20260301080000 <<'END'
 E1KNA1M.005 MSGFN=009|KUNNR=00001#####|NAME1=Annabel|NAME2=Doe|LAND1=GB|TELF1=0113 496 0000
 E1KNVVM.007 MSGFN=009|VKORG=1000|VTWEG=10|SPART=00
 E1KNVVM.007 MSGFN=009|VKORG=1000|VTWEG=20|SPART=00
END
sap flagged DEBMAS DEBMAS07 20260302090000 <<'END'
 E1KNA1M.005 MSGFN=004|KUNNR=00001#####
 E1KNVVM.007 MSGFN=004|VKORG=1000|VTWEG=20|SPART=00|LOEVM=X
END
message address <<'END'
{"v":1,"type":"contact_point","id":"KNA1:00001#####","seq":"20260301080001.0000000000000002","object":"KNA1","object_id":"00001#####","customer":"1#####","emails":[{"address":"annabel#####@example.com","default":true}]}
END
deletion_in_every_order
contacts_come_to 'contact 1#####: no word; named; example.com/uk'
exceptions_come_to ''

sap taken-back DEBMAS DEBMAS07 20260303090000 <<'END'
 E1KNA1M.005 MSGFN=004|KUNNR=00001#####
 E1KNVVM.007 MSGFN=004|VKORG=1000|VTWEG=20|SPART=00
END
deletion_in_every_order
contacts_come_to 'contact 1#####: no word; named; example.com/leeds,example.com/uk'
exceptions_come_to ''
done_testing
