#!/bin/sh
# The committed inputs of the fuzz targets: each holds what the targets require.
. "$(dirname "$0")/../lib.sh"

for target in "$ROOT"/tests/fuzz/fuzz_*.c; do
	target=${target##*/fuzz_}
	target=${target%.c}
	inputs=$ROOT/tests/fuzz/corpus/$target
	ok "$target: every input" "$BUILD/tests/fuzz/replay_$target" "$inputs"/*
	is "$(grep -c '^ok ' "$T/out")" "$(find "$inputs" -type f | grep -c .)" \
	    "$target: none is left out"
done
done_testing
