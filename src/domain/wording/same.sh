#!/bin/sh
# same.sh PROGRAM ARGUMENT FILE: is FILE what PROGRAM prints? RENDEZ_UPDATE=1 rewrites it.
set -eu
if [ "${RENDEZ_UPDATE:-}" = 1 ]; then
    "$1" "$2" > "$3"
    exit 0
fi
"$1" "$2" | cmp - "$3" || { echo "$3 is old: RENDEZ_UPDATE=1 $0 $1 $2 $3" >&2; exit 1; }
