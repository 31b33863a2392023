# For controls/ID/sabotage: the words in which a control is broken and mended in a test installation
# (controls/README.md). The suite gives SABOTAGE_LIB, BUILD, TOP, DIR (the installation), STATE (a folder of this
# saboteur's own) and PARENT (rendezd's process).
set -eu

# database NAME: its file
database() {
  case $1 in
    store) echo "$DIR/store/rendez.db" ;;
    keys) echo "$DIR/store/rendez.keys" ;;
    identity) echo "$DIR/identity/identity.db" ;;
    trust) echo "$DIR/trust/trust.db" ;;
    logd) echo "$DIR/log/logd.db" ;;
    *) echo "$DIR/$1" ;;
  esac
}

# sql DATABASE STATEMENTS: as an intruder with root; what is selected is printed, a row a line
sql() {
  python3 - "$(database "$1")" "$2" <<'END'
import sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True, timeout=10, isolation_level=None)
db.execute("pragma foreign_keys = off")
db.execute("begin immediate")
statements, part = [], ""
for piece in sys.argv[2].split(";"):  # those of a trigger have some in them
    part += piece + ";"
    if sqlite3.complete_statement(part):
        statements.append(part)
        part = ""
for statement in statements:
    for row in db.execute(statement):
        print("|".join("" if cell is None else str(cell) for cell in row))
db.execute("commit")
END
}

# save DATABASE QUERY: what is there now, for the repair; saved: says it
save() { sql "$1" "$2" >"$STATE/saved"; }
saved() { cat "$STATE/saved"; }

# pid ROLE
pid() {
  ps --ppid "$PARENT" -o pid=,args= | awk -v role="$1" '{ for (i = 2; i < NF; i++) if ($i == "--role" && $(i + 1) == role) { print $1; exit } }'
}

# patch ROLE FUNCTION NUMBER: the function of the running role returns that from now on; several, each once
patch() { "$TOP/tests/tools/patch" "$(pid "$1")" "$2" "$3" "$STATE/patch.$1.$2"; }
# patch_bytes ROLE FUNCTION HEX: these bytes in place of its first ones, where it returns no number
patch_bytes() { "$TOP/tests/tools/patch" --bytes "$(pid "$1")" "$2" "$3" "$STATE/patch.$1.$2"; }
# patch_text ROLE OLD NEW: a text of its program, as long as before
patch_text() { "$TOP/tests/tools/patch" --text "$(pid "$1")" "$2" "$3" "$STATE/patch.$1.text"; }
# unpatch ROLE: all of it
unpatch() {
  for patched in "$STATE/patch.$1".*; do
    if [ -e "$patched" ]; then "$TOP/tests/tools/patch" --undo "$patched"; fi
  done
}

# program ROLE: the file that its process runs
program() { readlink "/proc/$(pid "$1")/exe"; }
# end_role ROLE: gone when this returns; the parent, unless it is stopped, starts it again
end_role() {
  ended=$(pid "$1")
  kill -KILL "$ended"
  while [ -e "/proc/$ended" ] && ! grep -q '^State:.Z' "/proc/$ended/status" 2>/dev/null; do sleep 0.02; done
}

# patch_program ROLE --file FUNCTION NUMBER, or --text-file OLD NEW: in the program's file, from which the role is started
# again. The parent is stopped meanwhile: else it would start it before. unpatch_program ROLE: the same backwards
patch_program() {
  file=$(program "$1")
  kill -STOP "$PARENT"
  end_role "$1"
  "$TOP/tests/tools/patch" "$2" "$file" "$3" "$4" "$STATE/patch.file" || { kill -CONT "$PARENT"; return 1; }
  kill -CONT "$PARENT"
}
unpatch_program() {
  kill -STOP "$PARENT"
  end_role "$1"
  "$TOP/tests/tools/patch" --undo "$STATE/patch.file"
  kill -CONT "$PARENT"
}

# stop ROLE, go_on ROLE: it does nothing meanwhile
stop() { kill -STOP "$(pid "$1")"; }
go_on() { kill -CONT "$(pid "$1")"; }

# days_ago N: an instant as databases have it
days_ago() { echo "$((($(date +%s) - $1 * 86400) * 1000000))"; }
# digest TEXT: SHA-256 in hex
digest() { printf %s "$1" | sha256sum | cut -d' ' -f1; }

# entry: a value of a sealed column that has the form of one and opens under no key, in hex
entry() { printf '0100000001%s' "$(od -An -tx1 -N 72 /dev/urandom | tr -d ' \n')"; }

# a_person: the id of an account that could sign in, of the operator; made if it is not there
a_person() {
  id=$(sql identity "select id from account where organisation = 'saboteurs' order by seq limit 1")
  if [ -z "$id" ]; then
    rendez account add "Ada Lorrain <ada.lorrain@saboteurs.example>" --organisation saboteurs --kind operator \
      --function operator >/dev/null
    sql identity "update account set state = 'active' where organisation = 'saboteurs'"
    id=$(sql identity "select id from account where organisation = 'saboteurs' order by seq limit 1")
  fi
  echo "$id"
}

# a_device KIND: a gateway or recorder of that kind that is enrolled, and says every few seconds what $STATE/says has; until the
# installation is gone
a_device() {
  if [ ! -s "$STATE/$1.pem" ]; then
    rendez pki issue "$(a_person)" --device --kind "$1" --plain --out "$STATE/$1.pem" >/dev/null
  fi
  digest=$(openssl x509 -in "$STATE/$1.pem" -outform DER | sha256sum | cut -d' ' -f1)
  echo "$2" >"$STATE/says"
  (while [ -s "$STATE/says" ] && [ -d "$DIR" ]; do
     sql identity "insert into device_report values ('$digest', $(days_ago 0), '$(cat "$STATE/says")')
       on conflict (device) do update set at = excluded.at, items = excluded.items" || true
     sleep 2
   done) >/dev/null 2>&1 &
}
# says TEXT: what that device says from now on
says() { echo "$1" >"$STATE/says"; }

# rendez COMMAND WORD…: on this installation
rendez() { command=$1; shift; "$BUILD/src/roles/cli/rendez" "$command" "$@" --dir "$DIR"; }

# What a control needs to be green at all; most need nothing.
prepare_it() { :; }

sabotage() {
  case $1 in
    prepare) prepare_it ;;
    break) break_it ;;
    repair) repair_it ;;
    *) echo "sabotage: prepare, break or repair" >&2; exit 2 ;;
  esac
}
