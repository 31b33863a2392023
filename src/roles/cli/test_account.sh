#!/bin/sh
# rendez account on a fresh installation. $1 is the rendez program.
rendez=$1
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
export RENDEZ_DIR="$dir/inst"
. "$(dirname "$0")/../../../tests/lib/tap.sh"
id_of() { "$rendez" account show --json "$1" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p'; }

alice=alice.moreau@atelier-boreal.example
nora=nora@atelier-boreal.example
check 'an installation' 0 'made' "$rendez" init --demo "$dir/inst"
check 'it has a folder for accounts' 0 'identity' ls "$dir/inst"
check 'nobody has an account yet' 0 '^\[\]$' "$rendez" account list --json
check 'a person is added, and invited' 0 'account/enrol#[A-Za-z0-9_-]\{43\}' "$rendez" account add "Nora Keller <$nora>" --function administrator
check 'they are not here yet' 0 'invited' "$rendez" account show "$nora"
check 'the file is private' 0 '^0$' sh -c "find '$dir/inst/identity' -perm /077 | wc -l"
check 'an address has one account' 1 'somebody has' "$rendez" account add "Nora K <$nora>"
check 'no shared account' 1 'function' "$rendez" account add 'Nora Keller <support@atelier-boreal.example>'
check 'and none by name' 1 'function' "$rendez" account add "L'équipe <x@atelier-boreal.example>"
check 'a name is needed' 1 'name' "$rendez" account add "x@atelier-boreal.example"
check 'a function is one of ours' 1 'function' "$rendez" account add 'Max Roth <max@atelier-boreal.example>' --function king
check 'and of that kind of organisation' 1 'function' "$rendez" account add 'Max Roth <max@atelier-boreal.example>' --function operator
check 'an end is a day' 1 'until' "$rendez" account add 'Max Roth <max@atelier-boreal.example>' --until soon
check 'that has not been' 1 'already' "$rendez" account add 'Max Roth <max@atelier-boreal.example>' --until 2001-01-01
check 'operators have an organisation of their own' 0 'operators' "$rendez" account add 'Olga Penn <olga@service.example>' \
  --kind operator --organisation operators --function operator --until 2099-12-31
check 'with an end' 0 '2100-01-01' "$rendez" account show olga@service.example
check 'a person of the directory keeps their id' 0 "$("$rendez" person show --json $alice | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')" \
  "$rendez" account add "Alice Moreau <$alice>" --no-mail
check 'a service account needs an owner here' 3 'no account' "$rendez" account add backup --owner p_nobody
check 'who is a person' 0 '^kind *service' "$rendez" account add 'Annuaire' --owner "$(id_of "$nora")"
service=$("$rendez" account list --json | tr '{' '\n' | sed -n 's/.*"id":"\(s_[^"]*\)".*/\1/p')
check 'it has tokens' 0 'rdz_[A-Za-z0-9_-]\{43\}' "$rendez" account tokens "$service" --make scim --scopes scim --days 30
check 'that are listed without it' 0 'scim' "$rendez" account tokens "$service"
check 'never shown again' 1 '^0$' sh -c "'$rendez' account tokens '$service' | grep -c rdz_"
check 'of scopes that it may have' 3 'scope' "$rendez" account tokens "$service" --make x --scopes meetings
check 'that there are' 1 'scope' "$rendez" account tokens "$service" --make x --scopes all
check 'and end' 1 'days' "$rendez" account tokens "$service" --make x --scopes scim --days 367
check 'it is not invited' 1 'tokens only' "$rendez" account invite "$service"
check 'a function changes' 0 '^function *auditor' "$rendez" account function "$nora" auditor
check 'but not to that of a service' 1 'service' "$rendez" account function "$nora" service
check 'sessions are listed' 0 '^\[\]$' "$rendez" account sessions --json "$nora"
check 'a reset makes another link' 0 'account/enrol#' "$rendez" account reset "$nora"
check 'an account ends' 0 '^state *ended' "$rendez" account end "$nora"
check 'with what it owned' 0 '^state *ended' "$rendez" account show "$service"
check 'and its tokens' 0 '^\[\]$' "$rendez" account tokens --json "$service"
check 'once' 3 'no account' "$rendez" account end "$nora"
check 'its address is free again' 0 'invited' "$rendez" account add "Nora Keller <$nora>"
check 'all are listed' 0 'operators' "$rendez" account list --json
check 'of one organisation' 1 '^0$' sh -c "'$rendez' account list --organisation operators | grep -c $nora"
check 'nobody of that address' 3 'no account' "$rendez" account show nobody@atelier-boreal.example
check 'a verb is needed' 2 'see --help' "$rendez" account
echo "1..$n"
[ $failed = 0 ]
