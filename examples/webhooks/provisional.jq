# What the shops' filters share. Money is counted in thousandths, as integers, so
# that no sum of it is off; the amounts of the record are decimal strings with
# the decimals of the currency (ISO 4217).

def money:
  if . == null then 0 else (tonumber * 1000 | round) end;

def decimals($currency):
  if ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"] | index($currency)
  then 3
  elif ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF",
    "UGX", "VND", "VUV", "XAF", "XOF", "XPF"] | index($currency)
  then 0 else 2 end;

def amount_in($currency):
  decimals($currency) as $decimals
  | ([1, 10, 100, 1000][$decimals]) as $unit
  | (if . < 0 then "-" else "" end) as $sign
  | ((if . < 0 then -. else . end) * $unit / 1000 | round)
  | if . == 0 then "" else $sign end
    + (. / $unit | floor | tostring)
    + if $decimals == 0 then "" else
        "." + ("000" + (. % $unit | tostring))[-$decimals:] end;

# Without the keys that have no value: what is absent is unknown.
def compact:
  with_entries(select(.value != null and .value != "" and .value != {}));

# "2026-03-02T09:01:07+01:00" in UTC; fractions of a second fall off.
def utc:
  capture("^(?<time>[0-9-]+T[0-9:]+)([.][0-9]+)?(?<zone>Z|[+-][0-9:]+)$")
  | (.zone | if . == "Z" then 0 else
      capture("^(?<sign>[+-])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2})$")
      | ((.hours | tonumber) * 3600 + (.minutes | tonumber) * 60)
      * (if .sign == "-" then -1 else 1 end) end) as $offset
  | (.time + "Z" | fromdate) - $offset
  | todate;

def provisional($id; $placed):
  { v: 1, type: "order", id: $id, stage: "provisional", web_order: $id,
    kind: "order", placed_at: ($placed | utc) };

# A customer number of SAP in a free text.
def sap_customer:
  (capture("(^|\\s)sap:(?<id>[0-9]+)") // {})
  | if .id then { id: (.id | sub("^0+(?=.)"; "")) } else {} end;

# Of an address only what Ometria takes: no street, no name.
def shopify_address:
  { city: .city, region: .province_code, postcode: .zip,
    country: .country_code } | compact;

def magento_address:
  { city: .city, region: .region_code, postcode: .postcode,
    country: .country_id } | compact;

def cloud_address:
  { city: .city, region: .stateCode, postcode: .postalCode,
    country: .countryCode } | compact;
