#!/usr/bin/env python3
"""rendez-workstation report, to a console that is played here over mutual TLS. usage: test_report.py PROGRAM"""

import http.server
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "tests/lib"))
from tls import Authority  # noqa: E402

PROGRAM = sys.argv[1]
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="rendez-report."))
# Leaks are looked for by a process that the sandbox forbids.
IN_SANDBOX = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
ITEMS = ["no_administrator", "usb_storage_off", "screen_lock", "disk_encrypted", "updates", "network"]


class Console(http.server.BaseHTTPRequestHandler):
    heard, answer = [], (200, {"good": False})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.heard.append((self.path, self.headers["Content-Type"], self.connection.getpeercert(), body))
        code, said = self.answer
        text = json.dumps(said).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def serve(chain, key, devices):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Console)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    context.load_verify_locations(devices)
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"https://127.0.0.1:{server.server_port}"


class World:
    def __init__(self):
        site, devices = Authority(FOLDER / "site"), Authority(FOLDER / "devices")
        self.authority, self.other = FOLDER / "site/ca.pem", FOLDER / "devices/ca.pem"
        self.certificate, self.key = devices.issue(["desk.example"], usage="clientAuth")
        self.url = serve(*site.issue(["127.0.0.1"]), self.other)
        (FOLDER / "root").mkdir()

    def words(self, *more, **changes):
        given = {"url": self.url, "certificate": self.certificate, "key": self.key, "authority": self.authority,
                 "root": FOLDER / "root", **changes}
        return [PROGRAM, "report", *(str(word) for name, value in given.items() if value is not None for word in (f"--{name}", value)), *more]

    def once(self, **changes):
        return subprocess.run(self.words("--once", **changes), capture_output=True, text=True, timeout=30)


def reports_by_its_certificate(world):
    Console.heard.clear()
    done = world.once()
    assert done.returncode == 0, done.stderr
    path, kind, peer, body = Console.heard[0]
    assert (path, kind) == ("/api/workstation/report", "application/json") and peer
    assert [item["item"] for item in body["items"]] == ITEMS and body["version"], body
    assert all(item["state"] != "holds" and item["cause"] for item in body["items"]), "of an empty place nothing holds"


def goes_on_until_it_is_ended(world):
    Console.heard.clear()
    process = subprocess.Popen(world.words("--every", "1"), stderr=subprocess.PIPE, text=True, env=IN_SANDBOX)
    end = time.monotonic() + 15
    while len(Console.heard) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    Console.answer = (403, {"code": "device", "detail": "no"})
    heard = len(Console.heard)
    while len(Console.heard) < heard + 3 and time.monotonic() < end:
        time.sleep(0.05)
    Console.answer = (200, {"good": False})
    heard = len(Console.heard)
    while len(Console.heard) < heard + 2 and time.monotonic() < end:
        time.sleep(0.05)
    process.terminate()
    said = process.communicate(timeout=10)[1]
    assert process.returncode == 0, (process.returncode, said)
    assert said.count("the console (device)") == 1 and said.count("well again") == 1, said
    assert "sanitizer" not in said.lower(), said


def sees_the_same_in_its_sandbox(world):
    """Of this machine, whatever it is."""
    Console.heard.clear()
    process = subprocess.Popen(world.words("--every", "1", root=None), env=IN_SANDBOX)
    end = time.monotonic() + 20
    while not Console.heard and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    process.terminate()
    assert process.wait(10) == 0
    said = subprocess.run([PROGRAM, "check", "--json"], capture_output=True, text=True, timeout=30).stdout
    assert Console.heard[0][3] == json.loads(said), (Console.heard[0][3], said)


def says_what_goes_wrong(world):
    Console.heard.clear()
    cases = [({"authority": world.other}, 1, "not trusted"), ({"certificate": world.authority}, 1, "cannot be used"),
             ({"certificate": FOLDER / "none"}, 1, "cannot be used"), ({"url": "https://127.0.0.1:1"}, 1, "no answer"),
             ({"url": "http://127.0.0.1:1"}, 2, "https"), ({"key": None}, 2, "--key"), ({"every": 0}, 2, "--every"),
             ({"every": 31}, 2, "--every")]
    for changes, code, word in cases:
        done = world.once(**changes)
        assert done.returncode == code and word in done.stderr and done.stderr.count("\n") == 1, (changes, done)
    assert Console.heard == []
    for code, word in [(403, "403"), (500, "500"), (404, "404"), (302, "redirect"), (204, "204")]:
        Console.answer = (code, {"code": "<made up>"})
        done = world.once()
        assert done.returncode == 1 and word in done.stderr and "made up" not in done.stderr, done
    Console.answer = (200, {"good": False})


def check_ends_with_what_it_found(world):
    done = subprocess.run([PROGRAM, "check", "--root", FOLDER / "root"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and [line.split()[0] for line in done.stdout.splitlines()] == ITEMS, done
    done = subprocess.run([PROGRAM, "check", "--json", "--root", FOLDER / "root"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and len(json.loads(done.stdout)["items"]) == len(ITEMS)
    for words in [[], ["look"], ["check", "more"], ["check", "--such"]]:
        assert subprocess.run([PROGRAM, *words], capture_output=True, timeout=30).returncode == 2, words
    assert subprocess.run([PROGRAM, "--help"], capture_output=True, timeout=30).returncode == 0


def main():
    tests = [reports_by_its_certificate, goes_on_until_it_is_ended, sees_the_same_in_its_sandbox, says_what_goes_wrong, check_ends_with_what_it_found]
    failed = 0
    try:
        world = World()
        for number, test in enumerate(tests, 1):
            try:
                test(world)
                print(f"ok {number} - {test.__name__}", flush=True)
            except AssertionError as why:
                failed += 1
                print(f"not ok {number} - {test.__name__}\n# {why}", flush=True)
    finally:
        shutil.rmtree(FOLDER)
    print(f"1..{len(tests)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
