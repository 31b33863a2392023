#!/bin/sh
# `rendez pki` in a folder of its own; openssl(1) reads what it makes. usage: test_pki.sh RENDEZ
rendez=$(realpath "$1")
. "$(dirname "$0")/../../../tests/lib/tap.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
refuse() { # EXIT-CODE NAME COMMAND
  n=$((n + 1))
  sh -c "$3" >out 2>err
  code=$?
  if [ "$code" = "$1" ] && [ "$(wc -l <err)" = 1 ]; then
    echo "ok $n - $2"
  else
    failed=$((failed + 1))
    echo "not ok $n - $2 (exit $code)"
    sed 's/^/# /' out err
  fi
}
pki() { # the words of a command, as text for try and refuse
  echo "$rendez pki $* --dir inst --passphrase-file passphrase"
}
serial() { sed -n 's/.*"serial":"\([0-9a-f]*\)".*/\1/p' "$1"; }

echo "correct horse battery" >passphrase
echo "the root's own words" >root-passphrase
echo "the key's own words" >key-passphrase
"$rendez" init --passphrase-file passphrase inst >/dev/null || exit 1
refuse 3 "nothing is signed before there is an authority" "$(pki export --ca)"
try "authorities are made" "$(pki init --root-passphrase-file root-passphrase)"
try "the root's key is a file of its own, sealed" \
  "[ \$(stat -c %a inst/pki-root.key) = 600 ] && grep -q 'ENCRYPTED PRIVATE KEY' inst/pki-root.key"
refuse 1 "once" "$(pki init --root-passphrase-file root-passphrase --root-key other)"
try "and leaves no other file" "[ ! -e other ]"
try "lists are there for everybody" "[ \$(stat -c %a inst/pki/crl.pem) = 644 ] && grep -c 'BEGIN X509 CRL' inst/pki/crl.pem | grep -qx 2"
sqlite3 inst/identity/identity.db "
insert into organisation (id, kind, state, created) values ('o', 'client', 'active', 1);
insert into account (id, organisation, kind, function, state, version, created, address_hash, sealed)
  values ('p_1', 'o', 'person', 'organizer', 'active', 1, 1, x'01', x'00'), ('p_2', 'o', 'person', 'organizer', 'invited', 1, 1, x'02', x'00')"

refuse 3 "nobody gets a certificate" "$(pki issue p_9 --plain --out x.pem)"
refuse 3 "nor an address of nobody" "$(pki issue nobody@acme.example --plain --out x.pem)"
refuse 1 "nor an account that is not active" "$(pki issue p_2 --plain --out x.pem)"
refuse 1 "for 90 days at most" "$(pki issue p_1 --plain --days 91 --out x.pem)"
refuse 2 "a key goes into a file" "$(pki issue p_1 --plain)"
refuse 2 "of a known form" "$(pki issue p_1 --plain --out x.pem --format zip)"
refuse 2 "OpenVPN's with its server" "$(pki issue p_1 --plain --out x.pem --format openvpn)"
refuse 1 "of a name that is one" "$(pki issue p_1 --plain --server '*.acme.example' --out x.pem)"
try "none of these left a file" "[ ! -e x.pem ]"

try "a person's, under a passphrase" "$(pki issue p_1 --key-passphrase-file key-passphrase --out p.pem --json) | tee p.json &&
  [ \$(stat -c %a p.pem) = 600 ] && openssl pkey -in p.pem -passin file:key-passphrase -noout && ! openssl pkey -in p.pem -passin pass: -noout"
refuse 1 "over no file" "$(pki issue p_1 --plain --out p.pem)"
try "a device's, as PKCS#12" "$(pki issue p_1 --device --key-passphrase-file key-passphrase --format pkcs12 --out d.p12 --json) &&
  openssl pkcs12 -in d.p12 -passin file:key-passphrase -nokeys | grep -q 'subject=CN = d_'"
try "a server's, of several names" "$(pki issue p_1 --server vpn.acme.example,192.0.2.7 --plain --out s.pem --json) | tee s.json"
try "settings of a client" "$(pki issue p_1 --plain --format openvpn --remote vpn.acme.example:443 --days 3 --out c.ovpn) &&
  grep -qx 'remote vpn.acme.example 443 udp' c.ovpn && grep -A1 '<auth-user-pass>' c.ovpn | grep -qx p_1"
try "settings of a server" "$(pki export --openvpn-server --out server.conf) && grep -q \"crl-verify .*/inst/pki/crl.pem\" server.conf"
try "share their tunnel key" "sed -n '/<tls-crypt>/,/<.tls-crypt>/p' c.ovpn >1; sed -n '/<tls-crypt>/,/<.tls-crypt>/p' server.conf >2; cmp 1 2"
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -subj /CN=somebody -out k.csr 2>/dev/null
openssl req -new -newkey rsa:2048 -nodes -keyout r.pem -subj /CN=somebody -out r.csr 2>/dev/null
try "one for a key that its owner keeps" "$(pki issue p_1 --csr k.csr) >k.crt && openssl x509 -in k.crt -noout -subject | grep -qx 'subject=CN = p_1'"
refuse 1 "but no other kind of key" "$(pki issue p_1 --csr r.csr)"
try "all are listed" "$(pki list --json) | grep -c '\"state\":\"good\"' | grep -qx 5"
try "and those of one account" "$(pki list --of p_1) | wc -l | grep -qx 5"

verify="$(pki export --ca) >ca && $(pki export --crl) >lists && openssl verify -x509_strict -crl_check_all -CAfile ca -CRLfile lists"
try "openssl agrees about a server" "$verify -purpose sslserver -verify_hostname vpn.acme.example -untrusted s.pem s.pem"
try "and about a person" "$verify -purpose sslclient -untrusted p.pem p.pem"
try "renewing gives another serial number and another key" "$(pki renew "$(serial s.json)" --plain --out t.pem --json) >t.json &&
  ! grep -q $(serial s.json) t.json && $verify -untrusted t.pem t.pem && $verify -untrusted s.pem s.pem"
try "what is revoked" "$(pki revoke "$(serial s.json)" --cause superseded)"
refuse 1 "is revoked once" "$(pki revoke "$(serial s.json)")"
refuse 2 "for a cause that is one" "$(pki revoke "$(serial t.json)" --cause boredom)"
try "stands in the list at once" "grep -q . inst/pki/crl.pem && cp inst/pki/crl.pem lists && ! openssl verify -crl_check_all -CAfile ca -CRLfile lists -untrusted s.pem s.pem && grep -q 'certificate revoked' err"
try "and the one after it does not" "openssl verify -crl_check_all -CAfile ca -CRLfile lists -untrusted t.pem t.pem"
try "it is shown with its cause" "$(pki show "$(serial s.json)") | grep -q '^cause *superseded'"
try "and as it is" "$(pki show "$(serial s.json)" --pem) | openssl x509 -noout -serial | grep -qi $(serial s.json)"
try "a list is made when asked for" "$(pki crl --json) | grep -q '\"kind\":\"issuing\",\"number\":3,'"

refuse 3 "another issuing authority wants the root's passphrase" "$(pki renew-authority --root-passphrase-file passphrase)"
try "with it, it is made" "$(pki renew-authority --root-passphrase-file root-passphrase)"
try "what the one before signed is good" "$verify -untrusted t.pem t.pem"
try "unless its key is known to others" "$(pki renew-authority --root-passphrase-file root-passphrase --compromised) &&
  $(pki issue p_1 --plain --out n.pem) && $verify -untrusted n.pem n.pem"
try "then it counts no more" "$(pki renew-authority --root-passphrase-file root-passphrase --compromised) && ! ($verify -untrusted n.pem n.pem)"
try "nothing personal is in a certificate" "! openssl x509 -in p.pem -noout -text | grep -qi '@\|acme'"
echo "1..$n"
exit $failed
