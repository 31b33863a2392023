#!/bin/sh
# rendez-log-fetch against a log on loopback: a whole copy that rendez-verify proves, only what is new the next time,
# nothing half after a break. usage: test_log_fetch.sh RENDEZ RENDEZ-VERIFY RENDEZ-LOG-FETCH
rendez=$(realpath "$1") verify=$(realpath "$2") fetch=$(realpath "$3")
. "$(dirname "$0")/../../../tests/lib/tap.sh"
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill $server 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder" || exit 1
echo "correct horse battery" >passphrase
own="--dir inst --passphrase-file passphrase"

# Requests are told in a file; whose path is in `broken` is refused.
cat >server.py <<'END'
import http.server, pathlib
class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args):
        super().__init__(*args, directory="inst/log")
    def do_GET(self):
        with open("asked", "a") as asked:
            asked.write(self.path + "\n")
        if self.path in pathlib.Path("broken").read_text().split():
            self.send_error(404)
        else:
            super().do_GET()
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
pathlib.Path("port.new").write_text(str(server.server_port))
pathlib.Path("port.new").rename("port")
server.serve_forever()
END

"$rendez" init --passphrase-file passphrase inst >/dev/null || exit 1
"$rendez" organisation add $own acme >/dev/null || exit 1

# More entries of the store's log: so many at once are made by no command.
add_entries() {
  python3 - "$1" <<'END'
import sqlite3, sys
db = sqlite3.connect("inst/store/rendez.db")
seq, at = db.execute("select max(seq), max(at) from log_entry").fetchone()
db.executemany("insert into log_entry (seq, at, kind, ids, digest) values (?, ?, 'person.record.saved', ?, ?)",
               [(seq + i, at + i, f"person=p_{seq + i}", bytes(32)) for i in range(1, int(sys.argv[1]) + 1)])
db.commit()
END
}
add_entries 300 # a tile that is full, and one that is not
"$rendez" log key $own >key || exit 1
"$rendez" log publish $own >/dev/null || exit 1
: >broken
: >asked
python3 server.py &
server=$!
while [ ! -s port ]; do sleep 0.05; kill -0 $server || exit 1; done
url=http://127.0.0.1:$(cat port)

try "a copy is whole" "$fetch $url/ copy && $verify --key key --save seen copy"
try "it is the same log" "diff -r inst/log/tile copy/tile && cmp inst/log/checkpoint copy/checkpoint"
try "it has a full tile and a part of one" "test -s copy/tile/0/000 && test -n \"\$(ls copy/tile/0/001.p)\""
: >asked
try "again: the checkpoint, and nothing that is there" "$fetch $url copy && test \"\$(sort -u asked)\" = /checkpoint"
add_entries 5
"$rendez" log publish $own >/dev/null || exit 1
: >asked
try "what is new, by itself" "$fetch $url copy && $verify --key key --since seen copy && ! grep -q -x /tile/0/000 asked && grep -q 001.p asked"
cp copy/checkpoint before
add_entries 7
"$rendez" log publish $own >/dev/null || exit 1
size=$(sed -n 2p inst/log/checkpoint)
echo "/tile/0/001.p/$((size - 256))" >broken
try "what breaks leaves the copy as it was" "! $fetch $url copy 2>/dev/null && cmp copy/checkpoint before && $verify --key key copy"
: >broken
try "and goes on afterwards" "$fetch $url copy && $verify --key key --since seen copy && test \$(sed -n 2p copy/checkpoint) = $size"
try "what is no checkpoint is refused" "mkdir -p bad && ! $fetch $url/tile/0 bad 2>/dev/null && ! test -e bad/checkpoint"
printf 'x\n99999999999999999999\n\n' >inst/log/no
mkdir -p inst/log/liar && cp inst/log/no inst/log/liar/checkpoint
try "a number that is none is refused" "! $fetch $url/liar bad 2>/dev/null && ! test -e bad/checkpoint"
try "two words are needed" "$fetch $url 2>/dev/null; test \$? = 2"
echo "1..$n"
exit "$failed"
