#!/bin/sh
# "SAP sends the deletion, and the customer itself comes a day later": a message
# that deletes (MSGFN 003) may be the first that is heard of somebody.
. "$(dirname "$0")/deletion.sh"

sap deleted DEBMAS DEBMAS07 20260302090000 <<'END'
 E1KNA1M.005 MSGFN=003|KUNNR=00001#####
END
sap full DEBMAS DEBMAS07 20260301080000 <<'END'
 E1KNA1M.005 MSGFN=009|KUNNR=00001#####|NAME1=Annabel|NAME2=Doe|LAND1=GB|TELF1=0113 496 0000
 E1KNVVM.007 MSGFN=009|VKORG=1000|VTWEG=10|SPART=00
END
message address <<'END'
{"v":1,"type":"contact_point","id":"KNA1:00001#####","seq":"20260301080001.0000000000000002","object":"KNA1","object_id":"00001#####","customer":"1#####","emails":[{"address":"annabel#####@example.com","default":true}]}
END
deletion_in_every_order
contacts_come_to 'contact 1#####: EXPLICITLY_OPTEDOUT at 2026-03-02T09:00:00Z'
exceptions_come_to ''
done_testing
