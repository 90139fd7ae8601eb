# OpenSSL's own command line judges what our authority issues: an implementation path that is not ours.
set -eu
command -v openssl >/dev/null || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
CHATHAM_CERT_SAMPLES=$folder "${CHATHAM_BUILD:?}/test_crypto_ca" >/dev/null 2>&1
cd "$folder"
at=1780000000

fail() { echo "failed: $*"; exit 1; }
verify() { openssl verify -x509_strict -attime "$at" -CAfile ca.pem "$@" >/dev/null 2>&1; }
text() { openssl x509 -in "$1" -noout -text; }
has() { text "$1" | grep -q "$2" || fail "$1 lacks $2"; }

verify -purpose sslclient device.pem || fail "device as client"
verify -purpose sslserver -verify_hostname localhost server.pem || fail "server by name"
verify -purpose sslserver -verify_ip 127.0.0.1 server.pem || fail "server by address"
verify -purpose sslserver -verify_ip ::1 server.pem || fail "server by IPv6 address"
# What must be refused.
verify -purpose sslserver device.pem && fail "device taken for a server"
verify -purpose sslclient server.pem && fail "server taken for a client"
verify -purpose sslserver -verify_hostname elsewhere server.pem && fail "wrong name"
at=1980000000
verify device.pem && fail "expired"

has ca.pem 'CA:TRUE, pathlen:0'
has ca.pem 'Certificate Sign, CRL Sign'
has device.pem 'Version: 3'
has device.pem 'CA:FALSE'
has device.pem 'TLS Web Client Authentication'
has device.pem 'ecdsa-with-SHA256'
has device.pem 'NIST CURVE: P-256'
has device.pem 'Authority Key Identifier'
has server.pem 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1'
openssl x509 -in device.pem -noout -subject -nameopt RFC2253 | grep -qx 'subject=CN=00ff,O=acme' || fail "subject"
openssl req -in request.pem -noout -verify >/dev/null 2>&1 || fail "request"
# The PEM that we write for the key is the key of the certificate.
[ "$(openssl pkey -in server.key -pubout)" = "$(openssl x509 -in server.pem -noout -pubkey)" ] || fail "key"
echo ok
