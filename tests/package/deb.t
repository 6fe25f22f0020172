#!/bin/sh
# The Debian package: built twice alike, without errors of lintian, installed
# into a fresh system, upgraded over an older state, and removed.
. "$(dirname "$0")/../lib.sh"

for command in dpkg-buildpackage lintian mmdebstrap; do
	command -v "$command" >/dev/null || skip_all "$command is not installed"
done
[ "$(id -u)" -eq 0 ] || skip_all 'a fresh system needs root'
cd "$ROOT" || exit 71

for n in 1 2; do
	ok "make deb, time $n" make -s BUILD="$T/build-$n" deb
	mv "$T/build-$n/deb" "$T/$n"
done
deb=$(cd "$T/1" && ls sap-ometria_*.deb)
ok 'two builds are the same, byte for byte' cmp "$T/1/$deb" "$T/2/$deb"
ok 'lintian finds no error' lintian --allow-root --fail-on error,warning "$T/1/"*.changes
note_file lintian "$T/out"

root=$T/system
in_root() { chroot "$root" env -i PATH=/usr/bin:/usr/sbin:/bin:/sbin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"; }
needs=$(dpkg-deb -f "$T/1/$deb" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/ //g')
rc_is 0 'a fresh system with what the package needs' mmdebstrap --quiet \
    --variant=apt --include="systemd,$needs" \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$root"
cp "$T/1/$deb" "$root/tmp/package.deb"
ok 'the package is installed' in_root dpkg --install /tmp/package.deb
ok 'a tool runs there' in_root idoc-parse --version
like "$(in_root getent passwd sap-ometria)" '^sap-ometria:' 'the user of the service exists'
is "$(in_root systemctl is-enabled sap-ometria.service)" disabled \
    'nothing is enabled'
is "$(in_root systemd-analyze verify --man=no sap-ometria.service \
    sap-ometria-audit.timer sap-ometria-shop.socket 2>&1 | grep sap-ometria)" '' \
    'the units are in order where they are'

# The line on what came with it; no Ometria, so that it waits in the outbox.
cat >"$T/run" <<'END'
cd /var/lib/sap-ometria
s=/var/lib/sap-ometria/sync.db
export SAP_OMETRIA_CONFIG=/usr/share/doc/sap-ometria/examples/sync.conf
idoc-parse -q -s $s /usr/share/doc/sap-ometria/examples/inbox | sku-normalise -s $s |
    customer-aggregate -s $s | order-aggregate -s $s | stock-aggregate -s $s >/dev/null
sync-audit exceptions -s $s >/dev/null
END
install -d "$root/var/lib/sap-ometria"
sqlite3 "$root/var/lib/sap-ometria/sync.db" <"$ROOT/tests/cli/state-1.sql"
cp "$T/run" "$root/tmp/run"
rc_is 0 'over a state of an older version it runs' in_root sh /tmp/run
is "$(sqlite3 "$root/var/lib/sap-ometria/sync.db" 'PRAGMA user_version')" \
    "$(sed -n 's/^#define SCHEMA_VERSION //p' "$ROOT/lib/state/schema.h")" \
    'and the state is of this version'
ok 'installed again, as an upgrade does' in_root dpkg --install /tmp/package.deb
ok 'removed' in_root dpkg --purge sap-ometria
is "$(find "$root/usr" -name '*sap-ometria*')" '' 'nothing of it is left'
ok 'but the state, which is not the package'\''s to remove' \
    test -s "$root/var/lib/sap-ometria/sync.db"
done_testing
