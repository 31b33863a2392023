#!/bin/sh
# What is malformed in a folder of controls ends the build with one line that names file and line.
#   test_embed.sh EMBED-CONTROLS PROGRAM-FOR-TAP
embed=$1
. "$2"
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
cd "$top" || exit 1

good() { # a whole folder, in controls/CHIF-05
  rm -rf controls made
  mkdir -p controls/CHIF-05 made
  cat >controls/CHIF-05/statement <<'END'
kind: by_design
cadence: hourly
deadline: 1h
owner: operator
evidence: what it is
fr: Ce qui est affirmé.
en: What is claimed.
END
  printf 'repeated.fr: Encore ({n}).\nrepeated.en: Again ({n}).\n' >controls/CHIF-05/words
  printf 'return check_fails(c, "repeated");\n' >controls/CHIF-05/check.c
  printf '#!/bin/sh\ncause=repeated\n' >controls/CHIF-05/sabotage
  chmod +x controls/CHIF-05/sabotage
}
table() { "$embed" table controls made/d made/controls.def made/causes.def; }
checks() { "$embed" checks controls made/d made/checks.def made/check_CHIF-05.c; }

good
check "a whole folder is taken" 0 "" table
try "with its digest and causes" "grep -q 'CONTROL(\"CHIF-05\", 5, CONTROL_BY_DESIGN, CADENCE_HOURLY, 3600, .*\"[0-9a-f]\\{16\\}\")' made/controls.def &&
  grep -q 'CAUSE(\"CHIF-05\", \"repeated\", \"Encore.*, \"\")' made/causes.def"
echo 'repeated.do: rendez key rotate' >>controls/CHIF-05/words
check "a command that mends" 0 "" table
try "stands with its cause" "grep -q 'CAUSE(\"CHIF-05\", \"repeated\", .*, \"rendez key rotate\")' made/causes.def"
good
table
check "and its check" 0 "" checks
try "is built under a name of its own" "grep -q 'define control_check check_chif_05' made/check_CHIF-05.c && grep -q check_chif_05 made/checks.def"
before=$(cat made/controls.def)
printf '/* another */\n' >>controls/CHIF-05/check.c
table
try "another check is another digest" "[ '$before' != \"\$(cat made/controls.def)\" ]"
good
rm controls/CHIF-05/check.c controls/CHIF-05/words controls/CHIF-05/sabotage
check "without a check it is not implemented" 0 "" table
try "and has no digest" "grep -q ', \"\")\$' made/controls.def && ! grep -q CAUSE made/causes.def"
checks
try "nothing is built of it" "! grep -q control_check made/check_CHIF-05.c"

refused() { # refused NAME PATTERN SHELL-TEXT
  good
  sh -c "$3"
  check "$1" 1 "$2" table
}
refused "a member that is missing" "statement:1: owner is missing" "sed -i /owner/d controls/CHIF-05/statement"
refused "a member that is none" "statement:8: one each of" "echo 'colour: red' >>controls/CHIF-05/statement"
refused "a cadence that is none" "statement:1: cadence: one of" "sed -i s/hourly/often/ controls/CHIF-05/statement"
refused "a deadline that is none" "statement:1: deadline" "sed -i s/1h/soon/ controls/CHIF-05/statement"
refused "a text that is too long" "statement:6: fr: 1 to 200" "sed -i \"6s/.*/fr: \$(printf %0201d 0)/\" controls/CHIF-05/statement"
refused "a name that is none" "controls/XY-01:1: a control is named" "mkdir controls/XY-01"
refused "a file that is none of it" "notes:1: a control has" "touch controls/CHIF-05/notes"
refused "a check without words" "words:1: a folder with check.c" "rm controls/CHIF-05/words"
refused "a check without saboteur" "sabotage:1: a folder with check.c" "rm controls/CHIF-05/sabotage"
refused "a saboteur that cannot be run" "sabotage:1: must be executable" "chmod -x controls/CHIF-05/sabotage"
refused "a saboteur of another cause" "sabotage:1: must name the cause" "sed -i s/repeated/other/ controls/CHIF-05/sabotage"
refused "a cause in one language" "words:1: repeated is wanted in both" "sed -i /en:/d controls/CHIF-05/words"
refused "a command without words" "words:1: other is wanted in both" "echo 'other.do: rendez x' >>controls/CHIF-05/words"
refused "a cause that is none" "words:3: 'cause_id.fr: text'" "echo 'Repeated.fr: x' >>controls/CHIF-05/words"
refused "a cause without words" "check.c:1: the cause other has no words" "sed -i s/repeated/other/ controls/CHIF-05/check.c"
good
mkdir controls/CHIF-06
cp controls/CHIF-05/statement controls/CHIF-06/
check "a folder that has come" 1 "run meson setup --reconfigure" checks
echo "1..$n"
[ $failed = 0 ]
