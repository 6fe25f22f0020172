#!/bin/sh
# sync-audit config: what holds, and where each value comes from; what is wrong
# in a configuration is told with what was meant.
. "$(dirname "$0")/../lib.sh"

cd "$T" || exit 71
XDG_CONFIG_HOME=$T/none
export XDG_CONFIG_HOME
unset SAP_OMETRIA_CONFIG SAP_OMETRIA_STATE SAP_OMETRIA_RATE SAP_OMETRIA_URL

values() { grep -v '^#' "$1" | grep -v '^$'; }

ok 'config, with no file' sync-audit config
cp out defaults
like "$(cat defaults)" '^# no configuration file: defaults$' 'says that there is none'
is "$(grep -A 1 'how long a drain retries' defaults)" \
    '# default: how long a drain retries before it gives up with exit 69
timeout = 5m' 'a default, with what it is for'
is "$(grep -A 1 'further segments' defaults)" \
    '# not set: reports of transaction WE60 with further segments, beside this file
#segments =' 'a key that has none'

cat >sync.conf <<'END'
[sku]
strip = " -."

[ometria]
rate = 2
[plant "1100"]
sellable = no
[plant "1200"]
locations = 0001,0002
[map "DEBMAS"]
customer.email = Z1KNA1E/SMTP_ADDR
END
ok 'config, with a file' sync-audit config -c sync.conf
cp out effective
is "$(head -n 1 effective)" '# sync.conf' 'names it'
is "$(grep -B 1 '^rate' effective)" \
    '# line 5: requests in any second, over all tools on one state; 0 = no limit
rate = 2' 'a value with its line'
is "$(sed -n '/^\[plant "1200"\]/,/^$/p' effective)" '[plant "1200"]
# default: whether its stock can be sold online
sellable = yes
# default: quantity of each SKU that the plant keeps back
safety = 0
# line 9: storage locations that count; absent = all
locations = 0001,0002' 'every section of a label, with its defaults'
like "$(cat effective)" '^strip = " -\."$' 'blanks stand in quotes'
like "$(cat effective)" '^customer.email = Z1KNA1E/SMTP_ADDR$' 'and rows of the field map'
ok 'what it prints is a configuration' sync-audit config -c effective
values out >again
values effective >first
ok 'that says the same' cmp first again
ok 'as JSON' sync-audit config -c sync.conf --json
is "$(jq -c 'select(.key == "sellable") | [.label, .value, .from]' out)" \
    '["1100","no","line 7"]
["1200","yes","default"]' 'a line each'
is "$(jq -s 'length' out)" "$(grep -c '^#*[^ #[].* =' effective)" 'of the same keys'
is "$(SAP_OMETRIA_RATE=1 sync-audit config -c sync.conf | grep -B 1 '^rate')" \
    '# environment, SAP_OMETRIA_RATE: requests in any second, over all tools on one state; 0 = no limit
rate = 1' 'the environment wins over the file'

# --- the sample, which documents every key ---

# section.key of each line that sets one, remarks (which say defaults) included.
keys_of() {
	awk '/^#?\[/ { gsub(/^#?\[|[ \]].*/, ""); section = $0 }
	    /^#?[a-z*][a-zA-Z0-9.*-]* =/ { sub(/^#/, ""); print section "." $1 }' "$1" |
	    sort -u
}
awk -F '"' '/^\t\{"/ && $4 != "*" { print $2 "." $4 }' "$ROOT/lib/base/config_keys.c" |
    sort -u >want
keys_of "$ROOT/examples/sync.conf" | grep -v '^map\.' >got
is "$(comm -3 want got)" '' 'examples/sync.conf has every key, and no other'
# What is remarked with a value says the default: with the remarks taken away the
# configuration is the same.
sed 's/^#\(\[\)/\1/; s/^#\([a-z][a-z0-9-]* = .\)/\1/' "$ROOT/examples/sync.conf" >all.conf
ok 'all of it at once is a configuration' sync-audit config -c all.conf
values out | grep -v '^\[' | sort -u >with
sync-audit config -c "$ROOT/examples/sync.conf" | grep -v '^#' | grep -v '^\[' | sort -u >without
is "$(comm -13 with without)" '' 'in which nothing has another value'

# wrong TEXT MESSAGE
wrong() {
	printf '%b' "$1" >wrong.conf
	sync-audit config -c wrong.conf >out 2>err
	is "$?: $(cat err)" "78: sync-audit: wrong.conf:$2" "$2"
}
wrong '[ometria]\nrte = 4\n' "2: key 'rte' is unknown in its section; did you mean 'rate'?; see sap-ometria.conf(5)"
wrong '[ometria]\nbtach = 4\n' "2: key 'btach' is unknown in its section; did you mean 'batch'?; see sap-ometria.conf(5)"
wrong '[order]\nrate = 4\n' "2: key 'rate' is unknown in its section; it belongs into [ometria]; see sap-ometria.conf(5)"
wrong '[order]\nxyzzy = 4\n' "2: key 'xyzzy' is unknown in its section; see sap-ometria.conf(5)"
wrong '[ometia]\nrate = 4\n' "1: section 'ometia' is unknown; did you mean 'ometria'?; see sap-ometria.conf(5)"
wrong '[plant]\nsellable = yes\n' "1: section 'plant' takes a label in quotes"
wrong '[stock "1"]\nthreshold = 1\n' "1: section 'stock \\x221\\x22' takes no label"
wrong '[ometria]\nbatch = 500\n' "2: value of key 'batch' is not a whole number from 1 to 100"
wrong '[ometria]\nconnections = 0\n' "2: value of key 'connections' is not a whole number from 1 to 8"
wrong '[stock]\nflips = many\n' "2: value of key 'flips' is not a whole number"
wrong '[sap]\ntimezone = Europe/Lundon\n' "2: value of key 'timezone' is not in the zone database (package tzdata)"
wrong '[deletion]\ndeleted = opt_out\n' "2: value of key 'deleted' is none of nothing, store-removal, opt-out, erase; did you mean 'opt-out'?"
rc_is 64 'a command that does not exist' sync-audit stauts
is "$(cat err)" "sync-audit: unknown command; did you mean 'status'?; try 'sync-audit --help'" \
    'is told with the nearest'
rc_is 64 'an option that does not exist' sync-audit config --jsn
is "$(cat err)" "sync-audit: unknown option '--jsn'; did you mean '--json'?; try 'sync-audit --help'" \
    'too'
rc_is 64 'an option of another command' sync-audit config --by me
is "$(cat err)" "sync-audit: 'config' takes no option '--by'" 'is refused'
done_testing
