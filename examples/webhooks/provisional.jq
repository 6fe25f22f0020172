# What the shops' filters share. Money is counted in hundredths, as integers, so
# that no sum of it is off; the amounts of the record are decimal strings.

def money:
  if . == null then 0 else (tonumber * 100 | round) end;

def amount:
  (if . < 0 then "-" else "" end) as $sign
  | (if . < 0 then -. else . end)
  | "\($sign)\(. / 100 | floor).\(. % 100 | tostring
      | if length < 2 then "0" + . else . end)";

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
