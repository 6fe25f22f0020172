#!/bin/sh
# "We took the wrong German text out of the material": its title is that of the
# next language, in the product and in the shop of that language.
. "$(dirname "$0")/products.sh"

cat >>sync.conf <<'END'
language = DE EN
[sales-area "1000/10"]
language = DE
END
body_told='"\(.sku) \(.title) \(.listings | map(.title) | join("/"))"'
product_told='"\(.id) \(.title) \(.listings | map(.title) | join("/"))"'

material new 20260302080000 A#####
priced price 20260302080100 A##### 9.90
changed german 20260302090000 A##### '' '  E1MAKTM.001 MSGFN=009|SPRAS=D|SPRAS_ISO=DE|MAKTX=Hund'
changed gone 20260302100000 A##### '' '  E1MAKTM.001 MSGFN=003|SPRAS=D|SPRAS_ISO=DE|MAKTX=Hund'
changed french 20260302110000 A##### '' '  E1MAKTM.001 MSGFN=009|SPRAS=F|SPRAS_ISO=FR|MAKTX=Chapeau'
comes_to <<'END'
A##### Hat Hat
END
in_every_order
in_the_line
in_the_line backwards
done_testing
