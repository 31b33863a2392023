#!/bin/sh
# rendez understand: with --batch a line of JSON in, one out; with --explain a tree. $1 is the
# rendez program.
rendez=$1
n=0 failed=0

# check NAME WANTED-EXIT-CODE WANTED-OUTPUT INPUT OPTION…
check() {
  name=$1 want=$2 text=$3 input=$4
  shift 4
  n=$((n + 1))
  out=$(printf '%s\n' "$input" | "$rendez" understand --batch "$@" 2>&1)
  code=$?
  if [ "$code" = "$want" ] && [ "$out" = "$text" ]; then
    echo "ok $n - $name"
  else
    failed=$((failed + 1))
    echo "not ok $n - $name"
    printf '%s\n' "exit $code, wanted $want:" "$text" "got:" "$out" | sed 's/^/# /'
  fi
}

ref='"ref":"2026-03-04T09:00"'
day='{"kind":"instant","grain":"day","start":"2026-03-05T00:00:00"}'
check 'a day' 0 "{\"id\":\"a\",\"expect\":$day,\"all\":[$day]}" \
  "{\"id\":\"a\",\"lang\":\"en\",\"text\":\"tomorrow\",$ref}"
check 'no time' 0 '{"id":"b","expect":{"kind":"none"},"all":[]}' \
  "{\"id\":\"b\",\"lang\":\"fr\",\"text\":\"merci\",$ref}"
check 'without a text' 0 '{"id":"c","expect":{"kind":"none"},"all":[]}' '{"id":"c"}'
length='{"kind":"duration","duration":"PT2H"}'
check 'the longest is what is expected' 0 \
  "{\"id\":\"d\\\"\\\\\",\"expect\":$day,\"all\":[$length,$day]}" \
  "{\"more\":[1,{\"id\":\"x\"}],\"id\":\"d\\\"\\\\\",\"lang\":\"fr\",\"text\":\"pendant 2h, le jeudi 5 mars 2026\",$ref}"
check 'an open interval' 0 \
  '{"id":"e","expect":{"kind":"interval","grain":"hour","start":"2026-03-04T14:00:00","open":"after"},"all":[{"kind":"interval","grain":"hour","start":"2026-03-04T14:00:00","open":"after"}]}' \
  "{\"id\":\"e\",\"lang\":\"fr\",\"text\":\"après 14h\",$ref}"
check 'a set' 0 \
  '{"id":"f","expect":{"kind":"set","rrule":"FREQ=WEEKLY;BYDAY=MO"},"all":[{"kind":"set","rrule":"FREQ=WEEKLY;BYDAY=MO"}]}' \
  "{\"id\":\"f\",\"lang\":\"en\",\"text\":\"every monday\",$ref}"
zoned='{"kind":"instant","grain":"hour","start":"2026-03-05T16:00:00"}'
check 'a zone said, for a writer by name' 0 "{\"id\":\"g\",\"expect\":$zoned,\"all\":[$zoned]}" \
  "{\"id\":\"g\",\"lang\":\"fr\",\"text\":\"demain à 15h heure de Londres\",\"tz\":\"Europe/Paris\",$ref}"
check 'and for one by offset' 0 "{\"id\":\"g\",\"expect\":$zoned,\"all\":[$zoned]}" \
  "{\"id\":\"g\",\"lang\":\"fr\",\"text\":\"demain \\u00e0 15h heure de Londres\",\"tz\":\"+01:00\",$ref}"
check 'a group' 0 '{"id":"h","group":"meeting.cancel"}' \
  '{"id":"h","lang":"en","text":"cancel my meeting tomorrow"}' --intents
check 'wishes' 0 \
  '{"id":"i","allowed":[["2026-03-05T00:00:00","2026-03-06T00:00:00"]],"preferred":[],"doubt":null}' \
  "{\"id\":\"i\",\"lang\":\"fr\",\"text\":\"demain\",\"horizon_days\":7,$ref}" --wishes
check 'a bad line is told, the next is read' 1 \
  'rendez understand: line 1: JSON: malformed at line 1, column 8
{"id":"c","expect":{"kind":"none"},"all":[]}' 'nonsense
{"id":"c"}'

# explain NAME TEXT LINE… OPTIONS: each line stands in the answer
explain() {
  name=$1 sentence=$2 options=$3
  shift 3
  # shellcheck disable=SC2086 # the words are options
  out=$("$rendez" understand --explain --at 2026-11-24T09:00 $options "$sentence" 2>&1)
  n=$((n + 1)) missing=
  for line; do
    printf '%s\n' "$out" | grep -qF -e "$line" || missing=$line
  done
  if [ -z "$missing" ]; then
    echo "ok $n - $name"
  else
    failed=$((failed + 1))
    echo "not ok $n - $name"
    printf '%s\n' 'wanted:' "$missing" 'got:' "$out" | sed 's/^/# /'
  fi
}
explain 'a tree, plain into a pipe' \
  'Mardi à 9h, pas possible. Le 10/12 plutôt. Mon numéro : 06 12 34 56 78.' '--lang fr' \
  '"Mardi à 9h"  instant 2026-12-01T09:00' '  excluded: negation "pas possible"' \
  '  moment tuesday 09:00 → 2026-12-01 09:00  "Mardi à 9h"  [moment.date-time]' \
  '  ├─ date tuesday → 2026-12-01  "Mardi"  [date.wd]' '  │  └─ weekday tuesday  "Mardi"' \
  '  lost (the 6 strongest at most):' 'reads fewer words' \
  '  preferred: preference "plutôt"' '    ✗ "06 12 34 56 78"  looks like a phone number' \
  '  excluded  2026-12-01T09:00 to 2026-12-01T10:00'
explain 'what could be meant as well' 'See you 10/12' '--lang en --tz Europe/London' \
  'doubt: day_or_month' '→ 2027-10-12  "10/12"  could be meant as well'
explain 'the intent and what speaks for it' 'Could you find us 30 minutes on Friday?' '--lang en' \
  'intent request, confidence' '    ● request'
explain 'the same as JSON' 'Any day but Friday' '--lang en --json' \
  '"negated":true' '"stance":"excluded","cause":"exception"' '"cue":"Any day but"' \
  '"tree":{"rule":"date.wd","text":"Friday"' '"parts":[{"rule":"","text":"Friday"' \
  '"intent":{"intent":'
n=$((n + 1))
if "$rendez" understand --explain "$(printf 'mardi\033[31m \a 9h')" | grep -q "$(printf '\033')"; then
  failed=$((failed + 1))
  echo "not ok $n - no control byte of the text reaches the terminal"
else
  echo "ok $n - no control byte of the text reaches the terminal"
fi

echo "1..$n"
[ "$failed" = 0 ]
