#!/bin/sh
# make install and uninstall, and the shape of the tree.
. "$(dirname "$0")/../lib.sh"

cd "$ROOT" || exit 71
install_to() {
	make -s BUILD="$BUILD" CC="${CC:-cc}" SAN="${SAN:-}" DESTDIR="$T/root" PREFIX="$2" "$1"
}
ok 'make install' install_to install /usr
is "$(ls "$T/root/usr/bin" | tr '\n' ' ')" \
    'customer-aggregate idoc-parse ometria-push order-aggregate sku-normalise stock-aggregate sync-audit ' \
    'seven tools'
is "$(find "$T/root/usr/share/man" -name '*.1' | wc -l | tr -d ' ')" 7 'a page each'
ok 'an installed tool runs' "$T/root/usr/bin/idoc-parse" --version
is "$(jq -r '.metadata.component.version' "$T/root/usr/share/doc/sap-ometria/sbom.json")" \
    "$(idoc-parse --version | cut -d ' ' -f 2)" 'the bill of materials is of this version'
is "$(jq -r '[.components[] | select(.version == "")] | length' \
    "$T/root/usr/share/doc/sap-ometria/sbom.json")" 0 'and has one of each library'

share=$T/root/usr/share
for tool in "$T"/root/usr/bin/*; do
	tool=${tool##*/}
	bash -n "$share/bash-completion/completions/$tool" || echo "$tool bash"
	zsh -n "$share/zsh/vendor-completions/_$tool" || echo "$tool zsh"
	fish -n "$share/fish/vendor_completions.d/$tool.fish" || echo "$tool fish"
done >"$T/wrong" 2>&1
is "$(cat "$T/wrong")" '' 'every shell takes its completions'
# complete WORD...: what bash offers for the last word.
complete_bash() {
	bash -c '. "$0"; shift 0; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
	    _sync_audit; printf "%s\n" "${COMPREPLY[@]}"' \
	    "$share/bash-completion/completions/sync-audit" "$@"
}
is "$(complete_bash sync-audit st)" status 'bash: a command'
is "$(complete_bash sync-audit status --js)" --json 'bash: an option'
is "$(complete_bash sync-audit status -s "$ROOT/READ")" "$ROOT/README" 'bash: a file'
is "$(fish -c "source '$share/fish/vendor_completions.d/idoc-parse.fish'
    complete -C 'idoc-parse --arch'" | cut -f 1)" --archive 'fish: an option'
like "$(cat "$share/zsh/vendor-completions/_idoc-parse")" "'--archive\\[.*:DIR:_files -/'" \
    'zsh: an option that takes a folder'
ok 'make uninstall' install_to uninstall /usr
is "$(find "$T/root" -type f)" "" 'leaves nothing'
is "$(find "$T/root" -name 'sap-ometria*')" "" 'and no folder of its own'
ok 'below another prefix' install_to install /opt/sync
is "$(grep -h '^ExecStart=' "$T"/root/opt/sync/lib/systemd/system/*.service |
    grep -c '/usr/bin/sync-audit\|/usr/lib/sap-ometria')" 0 'units name the programs where they are'
is "$(grep -h '^ExecStart=' "$T"/root/opt/sync/lib/systemd/system/*.service |
    grep -c '/opt/sync/')" 5 'all of them'
is "$(find . -mindepth 1 -maxdepth 1 ! -name '.*' ! -name build | sort | tr '\n' ' ')" \
    './LICENSE ./Makefile ./README ./cmd ./examples ./lib ./man ./tests ' \
    'the top level holds what it is to hold'
ok 'the Makefile stays short' test "$(wc -l <Makefile)" -lt 200
done_testing
