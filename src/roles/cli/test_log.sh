#!/bin/sh
# `rendez log` on an installation, verified by rendez-verify. usage: test_log.sh RENDEZ RENDEZ-VERIFY
rendez=$(realpath "$1") verify=$(realpath "$2")
. "$(dirname "$0")/../../../tests/lib/tap.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
echo "correct horse battery" >passphrase
own="--dir inst --passphrase-file passphrase"
"$rendez" init --passphrase-file passphrase inst >/dev/null || exit 1
"$rendez" organisation add $own acme >/dev/null || exit 1
"$rendez" person add $own --organisation acme --client "Nora Keller <nora@acme.example>" >/dev/null || exit 1
"$rendez" account add $own --organisation acme --no-mail "Nora Keller <nora@acme.example>" >/dev/null || exit 1
"$rendez" log key $own >key || exit 1
try "what was logged is published" "$rendez log publish $own && test -s inst/log/checkpoint"
try "others verify it" "$verify --key key --save seen inst/log"
try "both logs are in it" "cat inst/log/tile/entries/* inst/log/tile/entries/*/* | grep -a source=store/1 &&
  cat inst/log/tile/entries/* inst/log/tile/entries/*/* | grep -a source=identity/1"
try "nobody is named in it" "! cat inst/log/tile/entries/*/* | grep -a -i nora"
try "nothing new adds nothing" "cp inst/log/position before && $rendez log publish $own && cmp inst/log/position before"
"$rendez" account end $own nora@acme.example >/dev/null || exit 1
try "what comes later continues it" "$rendez log publish $own && ! cmp -s inst/log/position before &&
  $verify --key key --since seen --save seen inst/log"
rm inst/log/position
try "a lost position is found again" "$rendez log publish $own && $verify --key key --since seen inst/log &&
  test \$(cat inst/log/tile/entries/*/* | grep -a -o 'source=store/1\$' | wc -l) -le 1"
try "another key verifies nothing" "sed 's/+[A-Za-z0-9+/=]*\$/+AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g/' key >other; ! $verify --key other inst/log"
try "an entry that was edited is found" "f=\$(ls inst/log/tile/entries/*/* | tail -1) && printf X | dd of=\$f bs=1 seek=40 conv=notrunc 2>/dev/null && ! $verify --key key inst/log"
try "a log that was changed is not continued" "rm -r inst/log/tile && ! $rendez log publish $own"
try "claims are listed" "test \$($rendez trust list --json | grep -o '\"control\"' | wc -l) = 96 && $rendez trust list --fr | grep -q AES-256"
echo "1..$n"
exit "$failed"
