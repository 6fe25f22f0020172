#!/bin/sh
# "The flag was a mistake, we took it back." Nobody is opted in by that, in
# whatever order the messages come, and somebody is told.
. "$(dirname "$0")/deletion.sh"

sap created DEBMAS DEBMAS07 20260301080000 <<'END'
 E1KNA1M.005 MSGFN=009|KUNNR=00001#####|NAME1=Annabel|NAME2=Doe|LAND1=GB|TELF1=0113 496 0000
END
sap deleted DEBMAS DEBMAS07 20260302090000 <<'END'
 E1KNA1M.005 MSGFN=004|KUNNR=00001#####|LOEVM=X
END
sap taken-back DEBMAS DEBMAS07 20260303090000 <<'END'
 E1KNA1M.005 MSGFN=009|KUNNR=00001#####|NAME1=Annabel|NAME2=Doe|LAND1=GB|TELF1=0113 496 0000
END
message address <<'END'
{"v":1,"type":"contact_point","id":"KNA1:00001#####","seq":"20260304080001.0000000000000002","object":"KNA1","object_id":"00001#####","customer":"1#####","emails":[{"address":"annabel#####@example.com","default":true}]}
END
deletion_in_every_order
contacts_come_to 'contact 1#####: EXPLICITLY_OPTEDOUT at 2026-03-02T09:00:00Z'
exceptions_come_to 'customer-flag-cleared 1#####'
done_testing
