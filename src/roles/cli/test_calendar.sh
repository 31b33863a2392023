#!/bin/sh
# rendez occurrences, freebusy and slots on small calendars. $1 is the rendez program.
rendez=$1
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
n=0 failed=0

# check NAME WANTED-EXIT-CODE WANTED-OUTPUT COMMAND…
check() {
  name=$1 want=$2 text=$3
  shift 3
  n=$((n + 1))
  out=$("$@" 2>&1)
  code=$?
  if [ "$code" = "$want" ] && [ "$out" = "$text" ]; then
    echo "ok $n - $name"
  else
    failed=$((failed + 1))
    echo "not ok $n - $name"
    printf '%s\n' "exit $code, wanted $want:" "$text" "got:" "$out" | sed 's/^/# /'
  fi
}
# batch COMMAND LINE: one line of JSON through the batch form
batch() { printf '%s\n' "$2" | "$rendez" "$1" --batch; }

cat >"$dir/anne.ics" <<'ICS'
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:a@atelier.example
DTSTART;TZID=Romance Standard Time:20260309T090000
DTEND;TZID=Romance Standard Time:20260309T120000
RRULE:FREQ=DAILY;COUNT=2
SUMMARY:Atelier
END:VEVENT
BEGIN:VEVENT
UID:b@atelier.example
DTSTART;VALUE=DATE:20260310
TRANSP:TRANSPARENT
SUMMARY:Anniversaire
END:VEVENT
BEGIN:VEVENT
UID:c@atelier.example
DTSTART:20260309T130000Z
DTEND:20260309T170000Z
STATUS:TENTATIVE
ATTENDEE;PARTSTAT=DECLINED:mailto:leo@atelier.example
END:VEVENT
END:VCALENDAR
ICS
week="--from 2026-03-09 --to 2026-03-11 --zone Europe/Paris"

# shellcheck disable=SC2086 # the words of $week are options
{
check 'occurrences of a series and a day' 0 \
'2026-03-09T09:00:00+01:00  2026-03-09T12:00:00+01:00  busy  Atelier
2026-03-09T14:00:00+01:00  2026-03-09T18:00:00+01:00  busy  
2026-03-10T00:00:00+01:00  2026-03-11T00:00:00+01:00  free  Anniversaire
2026-03-10T09:00:00+01:00  2026-03-10T12:00:00+01:00  busy  Atelier' \
  "$rendez" occurrences $week "$dir/anne.ics"
check 'busy times' 0 \
'2026-03-09T09:00:00+01:00  2026-03-09T12:00:00+01:00
2026-03-09T14:00:00+01:00  2026-03-09T18:00:00+01:00  tentative
2026-03-10T09:00:00+01:00  2026-03-10T12:00:00+01:00' \
  "$rendez" freebusy $week "$dir/anne.ics"
check 'what the owner declined is free' 0 \
'{"start":"2026-03-09T09:00:00+01:00","end":"2026-03-09T12:00:00+01:00","tentative":false}
{"start":"2026-03-10T09:00:00+01:00","end":"2026-03-10T12:00:00+01:00","tentative":false}' \
  "$rendez" freebusy --json --owner LEO@atelier.example $week "$dir/anne.ics"
check 'slots beside them' 0 \
'2026-03-10T14:00:00+01:00  2026-03-10T15:00:00+01:00
2026-03-10T15:00:00+01:00  2026-03-10T16:00:00+01:00
2026-03-10T17:00:00+01:00  2026-03-10T18:00:00+01:00' \
  "$rendez" slots $week "$dir/anne.ics"
check 'no slot is an answer' 1 '' "$rendez" slots --duration 300 $week "$dir/anne.ics"
}
check 'a file that is not there' 3 'rendez freebusy: no.ics: No such file or directory' \
  "$rendez" freebusy no.ics
check 'a wrong zone' 2 'rendez slots: no such time zone; use an IANA name as Europe/Paris' \
  "$rendez" slots --zone Paris "$dir/anne.ics"
check 'a wrong kind' 2 \
  'rendez slots: kind is call, video, meeting, lunch, breakfast, coffee, drinks or dinner' \
  "$rendez" slots --kind party "$dir/anne.ics"

check 'one rule a line' 0 '{"id":"r1","occurrences":["2026-03-02","2026-03-09"]}' \
  batch occurrences '{"id":"r1","dtstart":"2026-03-02","rrule":"FREQ=WEEKLY;COUNT=2"}'
check 'in UTC' 0 '{"id":"r1","occurrences":["2026-03-02T08:00:00Z","2026-03-09T08:00:00Z"]}' \
  batch occurrences '{"id":"r1","dtstart":"2026-03-02T08:00:00Z","rrule":"FREQ=WEEKLY;COUNT=2"}'
check 'a rule that is none' 0 '{"id":"r2","error":"recurrence rule: FREQ cannot be read"}' \
  batch occurrences '{"id":"r2","dtstart":"2026-03-02","rrule":"FREQ=OFTEN"}'
check 'a skipped reading is the hour after' 0 \
  '{"id":"r3","occurrences":["2026-03-28T02:30:00","2026-03-29T03:30:00"]}' batch occurrences \
  '{"id":"r3","dtstart":"2026-03-28T02:30:00","tz":"Europe/Paris","rrule":"FREQ=DAILY;COUNT=2"}'
check 'what lies before and after' 0 '{"id":"r4","occurrences":["2026-03-03T09:00:00"]}' \
  batch occurrences '{"id":"r4","dtstart":"2026-03-02T09:00:00","rrule":"FREQ=DAILY","query":{"kind":"before","dt":"2026-03-04T09:00:00","inc":false}}'
check 'sets of rules and dates' 0 '{"id":"r5","occurrences":["2026-03-02","2026-03-04","2026-03-20"]}' \
  batch occurrences '{"id":"r5","dtstart":"2026-03-02","rrule":"FREQ=DAILY;COUNT=3","exdate":["2026-03-03"],"rdate":["2026-03-20"]}'
check 'free/busy lines' 0 \
  '{"id":"f1","freebusy":["FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260101T110000Z/20260101T120000Z"]}' \
  batch freebusy '{"id":"f1","from":"20260101T110000Z","to":"20260102T000000Z","objects":["BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSTATUS:TENTATIVE\nDTSTART:20260101T100000Z\nDTEND:20260101T120000Z\nEND:VEVENT\nEND:VCALENDAR"],"tz":null}'
check 'a search with wishes' 0 \
  '{"id":"s1","slots":[{"start":"2026-03-09T18:30:00+01:00","end":"2026-03-09T19:00:00+01:00"}]}' \
  batch slots '{"id":"s1","now":"2026-03-02T10:00:00+01:00","until":"2026-03-13T00:00:00+01:00","kind":"call","count":1,"people":[{"time_zone":"Europe/Paris"}],"allowed":[["2026-03-09T18:30:00+01:00","2026-03-09T19:15:00+01:00"]],"hours_named":true}'
check 'nobody' 0 '{"id":"s2","error":"a search needs people and a duration"}' \
  batch slots '{"id":"s2","now":"2026-03-02T10:00:00+01:00","until":"2026-03-13T00:00:00+01:00","kind":"call","people":[]}'

echo "1..$n"
[ "$failed" = 0 ]
