#!/bin/sh
# make install and uninstall, and the shape of the tree.
. "$(dirname "$0")/../lib.sh"

cd "$ROOT" || exit 71
ok 'make install' make -s BUILD="$BUILD" CC="${CC:-cc}" SAN="${SAN:-}" DESTDIR="$T/root" PREFIX=/usr install
is "$(ls "$T/root/usr/bin" | tr '\n' ' ')" \
    'customer-aggregate idoc-parse ometria-push order-aggregate sku-normalise stock-aggregate sync-audit ' \
    'seven tools'
is "$(find "$T/root/usr/share/man" -name '*.1' | wc -l | tr -d ' ')" 7 'a page each'
ok 'an installed tool runs' "$T/root/usr/bin/idoc-parse" --version
ok 'make uninstall' make -s BUILD="$BUILD" DESTDIR="$T/root" PREFIX=/usr uninstall
is "$(find "$T/root" -type f)" "" 'leaves nothing'
is "$(find . -mindepth 1 -maxdepth 1 ! -name '.*' ! -name build | sort | tr '\n' ' ')" \
    './LICENSE ./Makefile ./README ./cmd ./examples ./lib ./man ./tests ' \
    'the top level holds what it is to hold'
ok 'the Makefile stays short' test "$(wc -l <Makefile)" -lt 200
done_testing
