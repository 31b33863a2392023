#!/bin/sh
# rendez understand --batch: a line of JSON in, one out. $1 is the rendez program.
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

echo "1..$n"
[ "$failed" = 0 ]
