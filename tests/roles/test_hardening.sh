#!/bin/sh
# Reads built binaries back: are the hardening flags of meson.build in them?
#   test_hardening.sh [--sanitized] BINARY…
# With --sanitized FORTIFY is not looked for (sanitizers replace what it would call). A
# binary that does not exist is skipped, so that the optimised build can be named always.
LC_ALL=C
export LC_ALL
sanitized=no
if [ "$1" = --sanitized ]; then sanitized=yes; shift; fi
count=0 failed=0

report() { # report GOOD NAME
    count=$((count + 1))
    if [ "$1" = 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; failed=1; fi
}

has() { # has FILE PATTERN
    grep -Eq -- "$2" "$1"
}

look() { # look BINARY FORTIFY
    name=$(basename "$1") facts=$(mktemp)
    readelf -W -h -l -d -n --dyn-syms "$1" >"$facts" 2>/dev/null
    has "$facts" 'Type: +DYN'; report $? "$name is position independent"
    has "$facts" 'FLAGS_1.* PIE'; report $? "$name is marked PIE"
    has "$facts" 'GNU_RELRO'; report $? "$name has RELRO"
    has "$facts" 'BIND_NOW|FLAGS.* NOW'; report $? "$name binds at start: RELRO is full"
    has "$facts" 'GNU_STACK.* RW '; report $? "$name has no executable stack"
    ! has "$facts" 'LOAD.* RWE'; report $? "$name has no segment to write and execute"
    has "$facts" '__stack_chk_fail'; report $? "$name has stack canaries"
    ! has "$facts" 'RPATH|RUNPATH|TEXTREL'; report $? "$name has no library path, no text relocation"
    if [ "$(uname -m)" = x86_64 ]; then
        has "$facts" 'x86 feature: IBT, SHSTK'; report $? "$name is built for CET"
    fi
    if [ "$2" = yes ]; then
        has "$facts" '__[a-z_]+_chk@'; report $? "$name calls fortified functions"
        ! has "$facts" '__asan_|__ubsan_'; report $? "$name has no sanitizer in it"
    fi
    rm -f "$facts"
}

for binary in "$@"; do
    if [ ! -f "$binary" ]; then echo "# $binary is not built: not looked at"; continue; fi
    fortify=yes
    # Only what comes from this (sanitizer) build is excused.
    if [ "$sanitized" = yes ] && readelf -W --dyn-syms "$binary" | grep -q __asan_; then fortify=no; fi
    look "$binary" "$fortify"
done
echo "1..$count"
exit $failed
