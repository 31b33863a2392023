#!/bin/sh
# The commands of administration on a fresh installation. $1 is the rendez program.
rendez=$1
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
export RENDEZ_DIR="$dir/inst"
. "$(dirname "$0")/../../../tests/lib/tap.sh"

alice=alice.moreau@atelier-boreal.example
check 'a demo is made without a question' 0 'made' "$rendez" init --demo "$dir/inst"
check 'it is made once' 1 'already' "$rendez" init --demo "$dir/inst"
check 'a bad address makes none' 1 'assistant.address' "$rendez" init --demo --assistant camille "$dir/two"
check 'and leaves nothing in the way' 0 'made' "$rendez" init --demo --listen 127.0.0.1:9 "$dir/two"
(umask 077; echo word >"$dir/word")
check 'a mailbox is set up' 0 'made' "$rendez" init --mode mailbox --passphrase-file "$dir/word" \
  --assistant camille@boite.example --imap imap.boite.example --smtp smtp.boite.example \
  --password-file "$dir/word" "$dir/three"
check 'with TLS both ways' 0 '^8$' sh -c "grep -c -E '^  (host = \"(imap|smtp).boite.example\"|port = 465|\
tls = \"implicit\"|user = \"camille@boite.example\"|password_file = \"$dir/word\");' '$dir/three/rendez.conf'"
check 'without a server it is refused' 2 '--imap HOST' "$rendez" init --mode mailbox \
  --passphrase-file "$dir/word" --assistant camille@boite.example "$dir/four"
check 'doctor wants an installation' 3 'rendez init' "$rendez" doctor --dir "$dir/nowhere"
check 'its files are private' 0 '^0$' sh -c "find '$dir/inst' -perm /077 | wc -l"
check 'a passphrase keeps its root key' 0 '^{"kept_by":"passphrase"}$' "$rendez" key status --json
check 'it moves only to where it is not' 1 'already' "$rendez" key move --to-passphrase
check 'and into a token that is named' 1 'keys.pkcs11_module' "$rendez" key move --to-token
check 'one of the two' 2 'to-token or' "$rendez" key move
check 'a pause is lifted in a service that runs' 3 'no service runs' "$rendez" key lift
check 'no token, no installation' 3 'cannot be loaded' "$rendez" init --pkcs11-module "$dir/none.so" \
  --passphrase-file "$dir/word" "$dir/five"
check 'its path is whole' 2 'whole path' "$rendez" init --pkcs11-module none.so "$dir/five"
check 'and nothing is left of it' 0 '^0$' sh -c "find '$dir/five' -type f | wc -l"
check 'it has one organisation' 0 '^atelier-boreal ' "$rendez" organisation list
check 'of five people' 0 '"people":5' "$rendez" organisation show --json atelier-boreal
check 'three of them with calendars' 0 '^3$' sh -c "'$rendez' calendar list | wc -l"
check 'which can be read' 0 '"events":13,"unreadable":0' "$rendez" calendar check --json $alice
check 'a guest has none' 3 'no calendar' "$rendez" calendar check marc.delattre@noroit.example

check 'doubts are what a person decides' 0 '"policy":"doubt"' "$rendez" organisation show --json atelier-boreal
check 'or whatever there is' 0 '^{"id":"atelier-boreal","policy":"always"}$' "$rendez" organisation policy --json atelier-boreal always
check 'which stays' 0 '"policy":"always"' "$rendez" organisation show --json atelier-boreal
check 'other words are none' 1 'never, doubt or always' "$rendez" organisation policy atelier-boreal perhaps
check 'nobody has that organisation' 3 'no such organisation' "$rendez" organisation policy nowhere never
check 'nothing waits for a person' 0 '^0$' sh -c "'$rendez' supervise list | wc -l"
check 'a supervisor speaks both' 0 '"languages":\["fr","en"\],"skills":\[\],"seen":null' "$rendez" supervise person --json a_1
check 'or is good at something' 0 '"languages":\["fr"\],"skills":\["complaint","technical"\]' \
  "$rendez" supervise person --json a_1 --languages fr --skills complaint,technical
check 'which stays, too' 0 '"languages":\["fr"\],"skills":\["complaint","technical"\]' "$rendez" supervise person --json a_1
check 'no other words' 1 'none of its words' "$rendez" supervise person a_1 --languages de
check 'no figures yet' 0 '"breached":0,"sampled":0,"sampled_wrong":0,"sampled_low":0,"sampled_high":1000' "$rendez" supervise stats --json
check 'figures since a day' 0 'since 2026-11-01; deadlines missed: 0' "$rendez" supervise stats --since 2026-11-01
check 'doubts, agreement' 0 'doubts: 0 of 0 messages (-)' "$rendez" supervise stats
check 'second looks with their interval' 0 'second looks: 0, wrong: 0 (-; 0.0 to 100.0 % of 95 %)' "$rendez" supervise stats
check 'that is none' 1 'a date is like' "$rendez" supervise stats --since soon
check 'no door log yet' 0 '"imported":null,"as_of":null' "$rendez" supervise door --json
printf 'time,person,direction,method\n2026-01-02T08:00:00Z,4711,in,face\nsoon,4711,in,face\n' >"$dir/door.csv"
check 'whose lines are of nobody' 0 '"taken":0,"unknown":0,"refused":1,"first_refused":3' "$rendez" supervise door import "$dir/door.csv" --json
check 'or none' 1 'names its columns' sh -c "echo a,b | '$rendez' supervise door import -"
check 'nor what is no word' 2 'see --help' "$rendez" supervise door "$dir/door.csv" import
check 'nor no file' 3 'none.csv' "$rendez" supervise door import none.csv
check 'it is known' 0 '"refused":1}' "$rendez" supervise door --json
check 'a badge is of an account' 3 'account' "$rendez" supervise person a_1 --badge 4711
check 'no devices yet' 0 '^0$' sh -c "'$rendez' supervise devices | wc -l"
check 'no lessons yet' 0 '^0$' sh -c "'$rendez' supervise lessons | wc -l"
check 'nor words' 0 '^0$' sh -c "'$rendez' supervise words --json | wc -l"
check 'a lesson that is none' 3 'no lesson of that id' "$rendez" supervise lessons accept l_none
check 'nothing to export' 0 '"scenarios":0' "$rendez" supervise lessons export --json "$dir/lessons"
check 'no other ids' 1 'id of an account' "$rendez" supervise person 'a b'

check 'an organisation is added' 0 '' "$rendez" organisation add --name 'Étude Blum' etude
check 'once' 1 'already' "$rendez" organisation add etude
check 'now one must say which' 1 'say which' "$rendez" person add nora@blum.example
check 'a person is added' 0 '^p_' "$rendez" person add nora@blum.example \
  --organisation etude --name 'Nora Blum' --client --time-zone Europe/Zurich --language fr
check 'an address belongs to one person' 1 'already' "$rendez" person add NORA@blum.example \
  --organisation etude
check 'or written as in a mail' 0 '"address":"ida@blum.example","name":"Ida Blum"' \
  "$rendez" person add --json --organisation etude 'Ida Blum <ida@blum.example>'
check 'a preference is set' 0 '' "$rendez" person set nora@blum.example \
  --preference 'working_hours={"mon":["08:00-12:30"]}'
check 'options stand where they like' 0 '' "$rendez" person set --language fr \
  nora@blum.example --preference proposals=4
check 'and shown' 0 '"working_hours":{"mon":\["08:00-12:30"\]}' \
  "$rendez" person show --json nora@blum.example
check 'an unknown preference is refused' 1 'unknown' "$rendez" person set nora@blum.example \
  --preference colour=1
check 'a value that is no JSON too' 1 'JSON' "$rendez" person set nora@blum.example \
  --preference proposals=many

cp "$dir/inst/calendars/chiara.rossi.ics" "$dir/nora.ics"
check 'a calendar is taken over' 0 '' "$rendez" calendar add nora@blum.example \
  --ics "$dir/nora.ics"
rm "$dir/nora.ics"
check 'as a copy' 0 'events  *9' "$rendez" calendar check nora@blum.example
echo 'no calendar' >"$dir/bad.ics"
check 'what is no calendar is not' 1 '' "$rendez" calendar add nora@blum.example \
  --ics "$dir/bad.ics"
check 'the old one stays' 0 'events  *9' "$rendez" calendar check nora@blum.example
printf 'pass-word\n' >"$dir/pw"
check 'a CalDAV calendar is noted' 0 '' "$rendez" calendar add nora@blum.example \
  --caldav http://127.0.0.1:9/nora/ --user nora --password-file "$dir/pw"
check 'which is tried when it is checked' 3 '' timeout 60 "$rendez" calendar check nora@blum.example
check 'its password is never shown' 1 '' sh -c \
  "{ '$rendez' person show --json nora@blum.example; '$rendez' calendar list --json; } | grep pass-word"
check 'nor kept in clear' 1 '' grep -r pass-word "$dir/inst"
check 'what is held of somebody unknown is nothing' 0 '"meetings":\[\]' \
  "$rendez" person export --json ida@nowhere.example
check 'an account is part of what is held' 0 '"account":' "$rendez" person export --json nora@blum.example
check 'who has an account is not erased' 1 'person remove' "$rendez" person erase nora@blum.example
check 'nor kept from their mail' 3 'account' "$rendez" person stop nora@blum.example
check 'anybody else wants no mail' 0 '' "$rendez" person stop guest@nowhere.example
check 'which is held, too' 0 '"wants_no_mail":true' "$rendez" person export --json Guest@nowhere.example
check 'and outlives erasure' 0 'meetings_destroyed *0' "$rendez" person erase guest@nowhere.example
check 'until it is lifted' 0 '' "$rendez" person allow guest@nowhere.example
check 'once' 3 'refused mail' "$rendez" person allow guest@nowhere.example
check 'an address is needed for these' 2 'address' "$rendez" person erase p_1
check 'a person is removed' 0 '' "$rendez" person remove nora@blum.example
check 'and gone' 3 'no person' "$rendez" person show nora@blum.example

check 'what is stored is whole' 0 '^ok *store.values .* 0 faults' "$rendez" check
check 'nothing waits' 0 '14 ok, 0 warnings, 0 failed' "$rendez" check
base="$dir/inst/store/rendez.db"
if command -v sqlite3 >/dev/null; then
  cp -a "$dir/inst" "$dir/bent"
  base="$dir/bent/store/rendez.db"
  # Two people's sealed records change places, and an hour is held by a meeting that is not there.
  sqlite3 "$base" 'update person set sealed = (select sealed from person order by seq desc limit 1)
    where seq = (select min(seq) from person); drop trigger log_update; update log_entry set at = at + 1 where seq = 1;
    pragma foreign_keys = off; insert into retention values ("m_none", 1);'
  check 'a value in another place is found' 1 '^failed *person.record' "$rendez" check --dir "$dir/bent"
  check 'and a changed log' 1 '^failed *store.log .* entry 1 ' "$rendez" check --dir "$dir/bent"
  check 'and a reference to nothing' 1 '^failed *store.references *1 ' "$rendez" check --dir "$dir/bent"
  check 'for scripts too' 1 '"check":"store.values","finding":"failed"' "$rendez" check --json --dir "$dir/bent"
  dd if=/dev/zero of="$base" bs=1 seek=8192 count=3000 conv=notrunc 2>/dev/null
  check 'a damaged file is said' 1 'damaged\|malformed' "$rendez" check --dir "$dir/bent"
fi
check 'a wrong passphrase opens nothing' 3 'wrong passphrase' \
  "$rendez" person list --passphrase-file "$dir/pw"
check 'elsewhere there is no installation' 3 'rendez init' "$rendez" person list --dir "$dir"
check 'a verb is needed' 2 'see --help' "$rendez" person
check 'a known one' 2 'no verb' "$rendez" person paint
check 'an operand is needed' 2 'needed' "$rendez" person show
check 'no option besides' 2 'option' "$rendez" person show a --b
check 'one operand' 2 'needed' "$rendez" person show a b
check 'unknown options are refused' 2 'option' "$rendez" person list --colour
check 'help is given' 0 'organisation' "$rendez" organisation --help
check 'also for a verb' 0 'preference' "$rendez" person set --help
echo "1..$n"
[ $failed = 0 ]
