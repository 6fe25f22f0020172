#!/bin/sh
# "Our SAP tells of a delivery when it is planned, when the goods leave and when
# that is taken back; the warehouse sends the material documents as well."
. "$(dirname "$0")/stock.sh"

cat >>"$T/sync.conf" <<'END'
source = deliveries
END

# tells NAME SECOND [TIME]: the delivery as it stands then, its goods gone at TIME.
tells() {
	{
		delivery 80##### PP1 ${3:+20260302 "$3"}
		goods 000010 S##### 2 5000000001 000010 'WERKS=1100|LGORT=0001'
	} | sap "$1" DESADV DELVRY07 "$2"
}
# The shipments are order-aggregate's.
movements_alone() {
	for file in messages/*; do
		sed -i '/"type":"shipment"/d' "$file"
	done
}

counted count 2026-03-02T06:00:00Z S#####:1100:0001:2
tells planned 20260302080000
tells gone 20260302090000 090000
moved document 20260302090100 601:S#####:1100:0001:2
movements_alone
comes_to <<'END'
S##### out
END
in_every_order
in_the_line
in_the_line backwards
tells taken-back 20260302100000
moved cancelled 20260302100100 602:S#####:1100:0001:2
movements_alone
comes_to <<'END'
S##### in
END
in_every_order
in_the_line
in_the_line backwards
done_testing
