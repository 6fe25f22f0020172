#!/bin/sh
# SAP's XML-HTTP port into the inbox, by the nginx of the distribution.
. "$(dirname "$0")/../lib.sh"

command -v nginx >/dev/null || skip_all 'nginx is not installed'
command -v openssl >/dev/null || skip_all 'openssl is not installed'
cd "$T" || exit 71
mkdir -p in/.http
# The workers of a server that root starts run as www-data.
chmod 755 .
chmod 777 in in/.http
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -days 2 \
    -keyout key.pem -out cert.pem 2>/dev/null
printf 'SAP:%s\n' "$(openssl passwd -apr1 secret)" >htpasswd
chmod 644 htpasswd

# The example with the paths of this test.
site() {
	rm -f put.sock
	sed -e "s:/var/lib/sap-ometria/in:$T/in:" \
	    -e "s:/run/sap-ometria-put.sock:$T/put.sock:" \
	    -e "s:/etc/nginx/sap-ometria.crt:$T/cert.pem:" \
	    -e "s:/etc/nginx/sap-ometria.key:$T/key.pem:" \
	    -e "s:/etc/nginx/sap-ometria.htpasswd:$T/htpasswd:" \
	    -e "s/listen 8443/listen 127.0.0.1:$1/" \
	    "$ROOT/examples/nginx/sap-ometria.conf"
}
nginx_start site
port=$nginx_port

# send METHOD FILE [ARGS...]: prints the status.
send() {
	method=$1
	file=$2
	shift 2
	curl -s --cacert cert.pem -o answer -w '%{http_code}' -X "$method" \
	    --data-binary "@$file" -H 'Content-Type: text/xml' "$@" \
	    "https://127.0.0.1:$port/${path-idoc}"
}
idoc=$ROOT/examples/inbox/07-orders-uk.xml
landed() { find in -type f ! -path '*/.http/*' | wc -l | tr -d ' '; }

is "$(send POST "$idoc" -u SAP:secret)" 201 'POST: taken'
is "$(landed)" 1 'it lies in the inbox'
ok 'byte for byte' cmp "$idoc" in/*.idoc
is "$(find in/.http -type f)" '' 'and nothing is left of how it came'
is "$(send PUT "$idoc" -u SAP:secret)" 201 'PUT: taken'
is "$(landed)" 2 'under another name'
is "$(send POST "$idoc")" 401 'without a password: refused'
is "$(send POST "$idoc" -u SAP:wrong)" 401 'with a wrong one: refused'
is "$(send DELETE "$idoc" -u SAP:secret)" 403 'nothing can be deleted'
is "$(curl -sk -o answer -w '%{http_code}' -u SAP:secret \
    "https://127.0.0.1:$port/idoc")" 403 'nor read'
is "$(path=in/evil.xml send PUT "$idoc" -u SAP:secret)" 404 \
    'a name that SAP would choose is none'
head -c 70000000 /dev/zero >big
is "$(send POST big -u SAP:secret)" 413 'what is too large is refused'
is "$(landed)" 2 'of all that nothing came'
idoc-parse -q --settle 0 in | jq -r .src.docnum | sort -u >got
idoc-parse -q "$idoc" | jq -r .src.docnum | sort -u >want
ok 'the line reads it' cmp got want
is "$(grep -v 'client intended to send too large\|user "SAP": password\|no user/password\|access forbidden' \
    logs/error.log)" '' 'nginx has nothing else to tell'
nginx_stop
done_testing
