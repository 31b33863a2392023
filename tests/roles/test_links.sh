#!/bin/sh
# What a role cannot do is not in its program: two tables, compared with the built programs.
#   test_links.sh FOLDER…     each with rendezd and rendez-NAME; one without rendezd is skipped
LC_ALL=C
export LC_ALL

# Program: the libraries that it may need (beside libc, and what a sanitizer brings along).
libraries='
rendezd         config
rendez-keyd     config seccomp argon2 crypto oath
rendez-reader   config seccomp gmime-3.0 gobject-2.0 glib-2.0 ical m
rendez-calsync  config seccomp curl xml2 ical
rendez-mailout  config seccomp curl
rendez-planner  config seccomp crypto sqlite3 jansson ical m
rendez-mailin   config seccomp crypto curl
rendez-api      config seccomp microhttpd gnutls jansson
rendez-console  config seccomp microhttpd gnutls jansson crypto argon2
rendez-authd    config seccomp crypto argon2 sqlite3 jansson fido2 cbor unistring
rendez-logd     config seccomp curl crypto sqlite3 jansson
rendez-archive  config seccomp crypto sqlite3 zstd ical jansson m
rendez-sso      config seccomp curl cjose crypto jansson
rendez-trust    config seccomp crypto sqlite3 jansson m
rendez-prober   config seccomp curl ssl crypto
'
# Function: the programs that have it; all others must not. A function that is renamed is
# missing where it belongs, so that no line can hold by accident.
functions='
spawn_role       rendezd
role_process     keyd reader calsync mailout planner mailin api authd sso logd trust prober archive console
sandbox_enter    keyd reader calsync mailout planner mailin api authd sso logd trust prober archive console
root_key_open    keyd
token_open       keyd
vault_open       keyd planner mailin authd trust archive console
vault_seal       keyd planner mailin authd trust archive console
mime_parse       reader
intent_read      reader archive
timex_find       reader archive
ical_parse       reader calsync planner
ical_format      calsync planner archive
mime_format      mailout planner
dav_parse        calsync
net_send         calsync
smtp_send        mailout
lmtp_feed        mailin
imap_parse       mailin
transfer_prepare mailin mailout
spool_open       mailin
store_open       planner archive
monitor_open     logd
identity_open    authd archive
webauthn_verify  authd
password_judge   authd
sso_find_account authd
relying_ask      sso
fetch_begin      sso logd
evidence_open    trust archive
desk_open        trust logd archive
trust_create     trust
prober_run       prober
reach_tls        prober
jws_verify       sso
ledger_append    logd
archive_make     archive
sql_copy         archive
hasher_create    authd
access_decide    authd keyd
code_check       keyd
assertion_verify keyd authd
caller_assertion_verify planner authd logd
assert_caller    authd
callers_decide   planner logd
leases_decide    keyd
meeting_step     planner archive
http_form_parse  api
http_proxied_parse api console
tls_identity_set api console
'
count=0 failed=0
report() { # report GOOD NAME
    count=$((count + 1))
    if [ "$1" = 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; failed=1; fi
}

is_in() { # is_in WORD WORDS…
    word=$1; shift
    case " $* " in *" $word "*) return 0 ;; esac
    return 1
}

look_at_libraries() { # look_at_libraries FOLDER PROGRAM ALLOWED…
    program=$1/$2 name=$2; shift 2
    needed=$(readelf -W -d "$program" | sed -n 's/.*(NEEDED).*\[\(lib\)\{0,1\}\(.*\)\.so.*/\2/p')
    # What a program must have shows that readelf was read rightly.
    is_in config $needed && is_in c $needed; report $? "$name: its libraries can be read"
    surplus=
    for library in $needed; do
        case $library in c | ld-linux* | asan | ubsan) continue ;; esac
        if [ "$library" = m ] && is_in asan $needed; then continue; fi
        is_in "$library" "$@" || surplus="$surplus $library"
    done
    [ -z "$surplus" ]; report $? "$name needs$(printf ' %s' "$@") only${surplus:+, not$surplus}"
}

look_at_function() { # look_at_function SYMBOLS-FOLDER FUNCTION ROLES…
    symbols=$1 function=$2 wrong=; shift 2
    for file in "$symbols"/*; do
        name=$(basename "$file")
        has=no wants=no
        if grep -qx "$function" "$file"; then has=yes; fi
        if is_in "${name#rendez-}" "$@"; then wants=yes; fi
        [ $has = $wants ] || wrong="$wrong $name"
    done
    [ -z "$wrong" ]; report $? "$function is in $* and nowhere else${wrong:+; wrong:$wrong}"
}

look() { # look FOLDER
    symbols=$(mktemp -d)
    while read -r name allowed; do
        [ -n "$name" ] || continue
        look_at_libraries "$1" "$name" $allowed
        nm --defined-only "$1/$name" 2>/dev/null | awk '$2 ~ /[Tt]/ { print $3 }' >"$symbols/$name"
    done <<END
$libraries
END
    if [ -s "$symbols/rendezd" ]; then
        while read -r function roles; do
            [ -n "$function" ] || continue
            look_at_function "$symbols" "$function" $roles
        done <<END
$functions
END
    else
        echo "# $1: stripped, functions not looked at"
    fi
    rm -r "$symbols"
}

for folder in "$@"; do
    if [ ! -f "$folder/rendezd" ]; then echo "# $folder is not built: not looked at"; continue; fi
    look "$folder"
done
echo "1..$count"
[ "$count" -gt 0 ] && exit $failed
exit 1
