#!/bin/sh
# Two thousand histories of stock in any order of arrival against a model that
# knows each history by its times: snapshots, movements, transfers, reversals,
# duplicates, one number with two contents, movements that a snapshot covers,
# stock that is not sold, hysteresis, safety stock, units. At the end of each run
# Ometria has what the model says.
. "$(dirname "$0")/stock.sh"

cat >>"$T/sync.conf" <<'END'
threshold = 2
restock = 5
safety = 1
special-stock = K
[plant "1200"]
locations = 0001
safety = 3
[unit "PAA"]
base = PCE
factor = 2
END

# HISTORIES SEED: lines "KEY TAB record" in the file events, "SKU in|out" in the
# file model. The model keeps whole units and reads nothing of the tool.
histories() {
	awk -v most="$1" -v seed="$2" '
	BEGIN {
		srand(seed)
		split("1100 1200 1900", plants)
		split("0001 0002", locations)
		for (history = 1; history <= most; history++)
			one()
	}
	function pick(n) { return 1 + int(rand() * n) }
	function clock(minute) {
		return sprintf("2026-03-02T%02d:%02d:00Z", int(minute / 60),
		    minute % 60)
	}
	function send(line) { print rand() "\t" line >"events" }
	function level(place, minute, units,  at) {
		split(place, at)
		send(sprintf("{\"v\":1,\"type\":\"stock_level\",\"id\":\"%s:%s:%s\",\"seq\":\"20260302060000.0000000000000000\",\"sku\":\"%s\",\"plant\":\"%s\",\"location\":\"%s\",\"quantity\":\"%d\",\"as_of\":\"%s\"}",
		    sku, at[1], at[2], sku, at[1], at[2], units,
		    clock(minute)))
	}
	# One line of a document; with the same ID again it is another content.
	function movement(id, place, minute, change, type, special,
	    at, line, pairs) {
		split(place, at)
		pairs = change % 2 == 0 && rand() < 0.5
		number++
		line = sprintf("{\"v\":1,\"type\":\"stock_movement\",\"id\":\"2026-%s\",\"seq\":\"20260302060000.%016d\",\"src\":{\"sys\":\"E\",\"client\":\"100\",\"docnum\":\"%016d\",\"mestyp\":\"MBGMCR\",\"r\":1},\"material\":\"%s\",\"plant\":\"%s\",\"location\":\"%s\",\"movement_type\":\"601\",\"sign\":\"%s\",\"stock_type\":\"%s\",\"special_stock\":\"%s\",\"quantity\":\"%d.000\",\"unit\":\"%s\",\"posted_at\":\"%s\"}",
		    id, number, number, sku, at[1], at[2],
		    change < 0 ? "-" : "+", type, special,
		    (change < 0 ? -change : change) / (pairs ? 2 : 1),
		    pairs ? "PAA" : "PCE", clock(minute))
		send(line)
		if (rand() < 0.2)
			send(line)
	}
	function a_place() { return plants[pick(3)] " " locations[pick(2)] }
	# A minute at which nothing has happened yet, 0 when it is hard to find.
	function a_minute(  tries, minute) {
		for (tries = 0; tries < 9; tries++) {
			minute = 4 * pick(300) + pick(3)
			if (minute in taken)
				continue
			taken[minute] = 1
			return minute
		}
		return 0
	}
	# What the model takes of it.
	function happens(minute, step, place, change) {
		if (place in from && from[place] >= minute)
			return
		delta[minute, step] = change
		where[minute, step] = place
	}
	function posts(  minute, place, change, special) {
		minute = a_minute()
		if (minute == 0)
			return
		place = a_place()
		change = rand() < 0.55 ? -pick(4) : pick(4)
		if (rand() < 0.1) {
			movement(number "-1", place, minute, change, "quality", "")
			return
		}
		special = rand() < 0.2 ? (rand() < 0.5 ? "K" : "E") : ""
		movement(number "-1", place, minute, change, "unrestricted",
		    special)
		if (special == "E")
			return
		happens(minute, 1, place, change)
		# The same number with other goods: the earlier one counts.
		if (rand() < 0.1)
			movement((number - 1) "-1", place, minute, change + 7,
			    "unrestricted", special)
		# Reversed, as a document of its own.
		if (rand() < 0.2 && (minute = a_minute()) > 0) {
			movement(number "-1", place, minute, -change,
			    "unrestricted", special)
			happens(minute, 1, place, -change)
		}
	}
	# The two sides of a transfer are posted at one time.
	function transfers(  minute, from_place, to_place, units, id) {
		minute = a_minute()
		from_place = a_place()
		to_place = a_place()
		if (minute == 0 || from_place == to_place)
			return
		units = pick(4)
		id = number
		movement(id "-1-from", from_place, minute, -units, "unrestricted", "")
		movement(id "-1-to", to_place, minute, units, "unrestricted", "")
		happens(minute, 1, from_place, -units)
		happens(minute, 2, to_place, units)
	}
	# What a plant gives: 1100 all, 1200 what is beyond 3, 1900 nothing.
	function gives(plant, units) {
		if (plant == 1100)
			return units
		if (plant == 1900)
			return 0
		return units > 3 ? units - 3 : (units < 0 ? units : 0)
	}
	function sum(plant, total) {
		total = 0
		for (plant in known)
			total += gives(plant, held[plant])
		return total
	}
	function one(  i, p, l, place, minute, step, units, at, in_stock) {
		sku = "H" history
		split("", base); split("", from); split("", known)
		split("", held); split("", delta); split("", where)
		split("", taken)
		for (p = 1; p <= 3; p++)
			for (l = 1; l <= 2; l++) {
				place = plants[p] " " locations[l]
				for (i = pick(4) - 2; i > 0; i--) {
					minute = 4 * pick(300)
					units = int(rand() * 7)
					if (place in from && from[place] == minute)
						continue
					level(place, minute, units)
					if (place in from && from[place] > minute)
						continue
					from[place] = minute
					base[place] = units
				}
			}
		for (i = pick(12); i > 0; i--)
			posts()
		for (i = pick(4) - 2; i > 0; i--)
			transfers()
		for (place in from) {
			split(place, at)
			if (at[1] != 1900 && counts(place))
				known[at[1]] = 1
			else if (at[1] == 1200)
				known[1200] = 1
			if (counts(place))
				held[at[1]] += base[place]
		}
		# A place beside the one that is sold makes its plant known only
		# where something of what is sold has stock.
		for (step in where)
			if (counts(where[step]))
				seen[substr(where[step], 1, 4)] = history
		for (place in from)
			if (counts(place))
				seen[substr(place, 1, 4)] = history
		for (p in known)
			if (seen[p] != history)
				delete known[p]
		i = 0
		for (p in known)
			i++
		if (i == 0)
			return
		in_stock = sum() >= 3
		for (minute = 0; minute <= 1300; minute++)
			for (step = 1; step <= 2; step++) {
				if (!((minute, step) in delta) ||
				    !counts(where[minute, step]))
					continue
				p = substr(where[minute, step], 1, 4)
				held[p] += delta[minute, step]
				in_stock = sum() >= (in_stock ? 3 : 6)
			}
		print sku, in_stock ? "in" : "out" >"model.raw"
	}
	function counts(place) {
		return place ~ /^1100/ || place == "1200 0001"
	}'
	sort model.raw >model
	sort -n events | cut -f2- >mixed
}

told_of() {
	jq -r '"\(.sku) \(if .in_stock then "in" else "out" end)"' | sort
}

for seed in 3 14 159; do
	rm -f events model.raw state.db* sandbox.db*
	histories 700 "$seed"
	: >out.records
	folds folding <mixed
	jq -c 'select(.type == "desired").body' out.records | told_of >ends
	ok "seed $seed: as a filter" cmp model ends
	split -n l/3 mixed part.
	sandbox_start --rate 0 --data-rate 0
	for part in part.*; do
		folds folding -s state.db <"$part"
		ok "seed $seed: $part is delivered" ometria-push -q -s state.db \
		    --url "$SANDBOX_URL" --api-key-file key
	done
	sqlite3 state.db 'SELECT body FROM outbox' | told_of >ends
	ok "seed $seed: with a state" cmp model ends
	sandbox_dump | grep '^product ' | sed 's/^[^{]*//' | jq -r '
	    "\(.id) \(if .is_in_stock then "in" else "out" end)"' | sort >holds
	ok "seed $seed: Ometria has what the model says" cmp model holds
	sandbox_stop
	is "$(sqlite3 state.db "SELECT count(*) > 20 FROM exception
	    WHERE code = 'stock-conflict'")" 1 'numbers with two contents were met'
done
is "$(grep -c '"unit":"PAA"' mixed | awk '{ print ($1 > 100) }')" 1 \
    'many came in pairs'
is "$(cut -d' ' -f2 model | sort -u | tr '\n' ' ')" 'in out ' \
    'the model has both'
is "$(cut -f2- events | sort -u | grep -c -e '-to"')" \
    "$(cut -f2- events | sort -u | grep -c -e '-from"')" \
    'and transfers, of two sides'
done_testing
