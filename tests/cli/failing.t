#!/bin/sh
# A check that fails is named on stderr with its reason, where prove shows it.
. "$(dirname "$0")/../lib.sh"

mkdir "$T/tests"
cp "$ROOT/tests/lib.sh" "$T/tests"
cat >"$T/tests/failing.t" <<'END'
. "$(dirname "$0")/lib.sh"
is one two 'the first'
ok 'the second' sh -c 'echo "no such thing" >&2; exit 3'
like here there 'the third'
pass 'the fourth'
done_testing
END
rc_is 1 'a test with failed checks fails' sh "$T/tests/failing.t"
is "$(cat "$T/err")" "#   Failed test 1 of $T/tests/failing.t: the first
# difference, < wanted, > got:
#   1c1
#   < two
#   ---
#   > one
#   Failed test 2 of $T/tests/failing.t: the second
# exit code 3, wanted 0: sh -c echo \"no such thing\" >&2; exit 3
# stderr:
#   no such thing
#   Failed test 3 of $T/tests/failing.t: the third
# no line matches /there/ in:
#   here
# 3 of 4 failed" 'each of them is named, with its reason'
is "$(cat "$T/out")" 'not ok 1 - the first
not ok 2 - the second
not ok 3 - the third
ok 4 - the fourth
1..4' 'and counted'
done_testing
