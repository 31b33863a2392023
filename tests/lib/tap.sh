# For tests in shell: lines of TAP, counted. Read with `.`; $rendez is the program.
n=0 failed=0

# check NAME WANTED-EXIT-CODE PATTERN COMMAND…: exit code, and a line of the output
check() {
  name=$1 want=$2 pattern=$3
  shift 3
  n=$((n + 1))
  out=$("$@" 2>&1 </dev/null)
  code=$?
  if [ "$code" = "$want" ] && printf '%s\n' "$out" | grep -q -e "$pattern"; then
    echo "ok $n - $name"
  else
    failed=$((failed + 1))
    echo "not ok $n - $name"
    printf '%s\n' "exit $code, wanted $want and $pattern; got:" "$out" | sed 's/^/# /'
  fi
}

# try NAME SHELL-TEXT: it succeeds; what it said is in the files out and err
try() {
  n=$((n + 1))
  if sh -c "$2" >out 2>err; then
    echo "ok $n - $1"
  else
    failed=$((failed + 1))
    echo "not ok $n - $1"
    sed 's/^/# /' out err
  fi
}
