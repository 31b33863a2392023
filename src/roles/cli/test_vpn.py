#!/usr/bin/env python3
"""`rendez vpn-auth` and `rendez vpn-watch` between an OpenVPN and an authd that are played here: what
they ask, and that whatever goes wrong is a no. usage: test_vpn.py RENDEZ"""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

RENDEZ = sys.argv[1]
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="rendez-vpn."))
ALL = {"script_type": "user-pass-verify", "common_name": "p_1", "untrusted_ip": "192.0.2.7",
       "tls_serial_hex_0": "0a:1b", "tls_digest_sha256_0": ":".join(["ab"] * 32)}
ASKED = ("rendez-vpn 1 login\nuser p_1\nname p_1\nserial " + "0" * 28 + "0a1b\ndigest " + "ab" * 32
         + "\nfrom 192.0.2.7\n")


class Played:
    """A server on a Unix socket; `answer(bytes)` gives what it says to what has come, None for more."""

    def __init__(self, name, answer, greeting=b""):
        self.path, self.answer, self.greeting, self.asked = FOLDER / name, answer, greeting, []
        self.socket = socket.socket(socket.AF_UNIX)
        self.path.unlink(missing_ok=True)
        self.socket.bind(str(self.path))
        self.socket.listen(8)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        connection.sendall(self.greeting)
        came = b""
        while True:
            try:
                piece = connection.recv(4096)
            except OSError:
                return
            if not piece:
                return
            came += piece
            said = self.answer(came)
            if said is not None:
                self.asked.append(came.decode())
                came = b""
                connection.sendall(said)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def authd(word):
    return Played("auth.sock", lambda came: word if came.endswith(b"\n\n") else None)


def hook(login, variables=None, deferred=False, options=()):
    """Its exit code, and with `deferred` what it wrote into OpenVPN's file."""
    file, control = FOLDER / "login", FOLDER / "control"
    file.write_text(login)
    control.write_text("")
    environment = {**ALL, **(variables or {})}
    environment = {name: value for name, value in environment.items() if value is not None}
    if deferred:
        environment["auth_control_file"] = str(control)
    done = subprocess.run([RENDEZ, "vpn-auth", "--socket", FOLDER / "auth.sock", *options, file],
                          env=environment, capture_output=True, text=True, timeout=30)
    assert "123456" not in done.stderr + done.stdout, "the code is not repeated"
    if not deferred:
        return done.returncode
    end = time.monotonic() + 5
    while control.read_text() == "" and time.monotonic() < end:
        time.sleep(0.02)
    return done.returncode, control.read_text()


def asks_what_openvpn_says():
    server = authd(b"yes\n")
    assert hook("p_1\n123456\n") == 0
    assert server.asked == [ASKED + "code 123456\n\n"], server.asked
    server.close()


def is_told_no():
    for word in [b"no\n", b"maybe\n", b"yes\nyes\n", b"\n", b"YES\n"]:
        server = authd(word)
        assert hook("p_1\n123456\n") == 1, word
        assert hook("p_1\n123456\n", deferred=True) == (2, "0"), word
        server.close()


def says_later_at_once():
    server = authd(b"yes\n")
    assert hook("p_1\n123456\n", deferred=True) == (2, "1")
    server.close()
    slow = Played("auth.sock", lambda came: time.sleep(1.5) or b"yes\n" if came.endswith(b"\n\n") else None)
    begun = time.monotonic()
    file, control = FOLDER / "login", FOLDER / "control"
    file.write_text("p_1\n123456\n")
    control.write_text("")
    done = subprocess.run([RENDEZ, "vpn-auth", "--socket", FOLDER / "auth.sock", file],
                          env={**ALL, "auth_control_file": str(control)}, stderr=subprocess.DEVNULL, timeout=30)
    taken = time.monotonic() - begun
    assert done.returncode == 2 and taken < 1.4 and control.read_text() == "", f"{taken:.2f} s"
    time.sleep(2)
    assert control.read_text() == "1", "the answer came later"
    slow.close()


def sessions_go_on_without_a_code():
    server = authd(b"yes\n")
    assert hook("p_1\nSESS_ID_AT_x\n", {"session_state": "Authenticated"}) == 0
    assert server.asked == [ASKED + "resumed yes\n\n"], server.asked
    for state in ["Initial", "Expired", "Invalid", "AuthenticatedEmptyUser", "", "authenticated"]:
        assert hook("p_1\nSESS_ID_AT_x\n", {"session_state": state}) == 1, state
    assert len(server.asked) == 1, "authd is not asked about a token without OpenVPN's word"
    server.close()


def never_lets_in_by_mistake():
    server = authd(b"yes\n")
    for login in ["", "p_1\n", "p_1\n\n", "\n123456\n", "p_1\n12345\n", "p_1\n123456\nx\n", "p 1\n123456\n",
                  "p_1\nsecret\n", "x" * 9000]:
        assert hook(login) == 1, login[:20]
    for name in ["common_name", "tls_serial_hex_0", "tls_digest_sha256_0"]:
        for value in [None, "", "no such thing"]:
            assert hook("p_1\n123456\n", {name: value}) == 1, name
    for options in [["--help"], ["--such"], ["more"]]:
        assert hook("p_1\n123456\n", options=options) == 1, f"{options}: no yes and no later"
    assert server.asked == [], server.asked
    server.close()


def authd_is_away():
    (FOLDER / "auth.sock").unlink(missing_ok=True)
    assert hook("p_1\n123456\n") == 1
    assert hook("p_1\n123456\n", deferred=True) == (2, "0")
    closing = Played("auth.sock", lambda came: None)
    closing.talk = lambda connection: connection.close()
    assert hook("p_1\n123456\n") == 1
    closing.close()


class OpenVpn:
    """Its management interface, with these clients."""

    def __init__(self, clients):
        self.clients, self.killed = dict(clients), []
        self.played = Played("management.sock", self.answer, b">INFO:OpenVPN Management Interface Version 5\r\n")

    def answer(self, came):
        word = came.decode().strip()
        if word == "status 3":
            rows = "".join(f"CLIENT_LIST\t{name}\t192.0.2.7:1194\t10.8.0.2\t\t1\t1\tnow\t{since}\t{name}\t0\t0\tAES\r\n"
                           for name, since in self.clients.items())
            return f"TITLE\tOpenVPN\r\nHEADER\tCLIENT_LIST\tCommon Name\r\n{rows}END\r\n".encode()
        if word.startswith("kill "):
            name = word.split(" ", 1)[1]
            self.killed.append(name)
            found = self.clients.pop(name, None) is not None
            return (f">LOG:x\r\nSUCCESS: common name '{name}' found, 1 client(s) killed\r\n" if found
                    else f"ERROR: common name '{name}' not found\r\n").encode()
        return b"ERROR: unknown command\r\n" if came.endswith(b"\n") else None


def watch(*options):
    return subprocess.Popen([RENDEZ, "vpn-watch", "--socket", FOLDER / "auth.sock", *options,
                             FOLDER / "management.sock"], stderr=subprocess.PIPE, text=True)


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def cuts_who_may_not_stay():
    gone = set()

    def answer(came):
        lines = [line.split() for line in came.decode().splitlines() if line.startswith("tunnel ")]
        return "".join("no\n" if line[1] in gone else "yes\n" for line in lines).encode() if came.endswith(b"\n\n") else None

    server, openvpn = Played("auth.sock", answer), OpenVpn({"p_1": 1795600000, "p_2": 1795600001})
    openvpn.clients["UNDEF"] = 1795600002
    process = watch()
    assert wait_for(lambda: len(server.asked) >= 2, 5), "it asks every second"
    assert server.asked[0] == "rendez-vpn 1 alive\ntunnel p_1 1795600000\ntunnel p_2 1795600001\n\n", server.asked[0]
    assert openvpn.killed == []
    gone.add("p_2")
    assert wait_for(lambda: openvpn.killed == ["p_2"], 3), openvpn.killed
    time.sleep(1.2)
    assert openvpn.killed == ["p_2"] and "p_1" in openvpn.clients
    process.kill()
    assert "cut the tunnel of p_2" in process.communicate()[1]
    server.close()
    openvpn.played.close()


def cuts_all_when_authd_stays_away():
    (FOLDER / "auth.sock").unlink(missing_ok=True)
    openvpn = OpenVpn({"p_1": 1, "p_2": 2})
    process = watch("--grace", "2")
    time.sleep(1)
    assert openvpn.killed == [], "not at once"
    assert wait_for(lambda: sorted(openvpn.killed) == ["p_1", "p_2"], 4), openvpn.killed
    process.kill()
    assert process.communicate()[1].count("nobody answers") == 1, "told once"
    openvpn.played.close()


def outlives_openvpn():
    server = Played("auth.sock", lambda came: b"no\n" if came.endswith(b"\n\n") else None)
    (FOLDER / "management.sock").unlink(missing_ok=True)
    process = watch()
    time.sleep(0.5)
    openvpn = OpenVpn({"p_1": 1})
    assert wait_for(lambda: openvpn.killed == ["p_1"], 4), "found when it is there"
    process.kill()
    process.communicate()
    server.close()
    openvpn.played.close()


def firewall(*words):
    return subprocess.run([RENDEZ, "firewall", *words], capture_output=True, text=True, timeout=30)


def rules_for_a_room_can_be_loaded():
    for words in [["--console", "10.8.0.1:8443"], ["--console", "[fd00::1]:443", "--vpn", "wg-room.1"],
                  ["--console", "10.8.0.1:8443", "--server", "192.0.2.7:1194"],
                  ["--console", "10.8.0.1:8443", "--server", "[2001:db8::1]:443"],
                  ["--console", "10.8.0.1:8443", "--mirror", "10.8.0.1:3142", "--resolver", "fd00::53", "--clock", "10.8.0.1"]]:
        done = firewall("room", *words)
        assert done.returncode == 0 and done.stdout.count("policy drop") == 3, done
        if os.geteuid() == 0:
            rules = FOLDER / "rules"
            rules.write_text(done.stdout)
            # In a network of its own: the machine's rules stay as they are.
            checked = subprocess.run(["unshare", "--net", "nft", "-c", "-f", rules], capture_output=True, text=True)
            assert checked.returncode == 0, checked.stderr
            rules.unlink()
    for words in [[], ["room"], ["house", "--console", "10.8.0.1:1"], ["room", "--console", "console.example:443"],
                  ["room", "--console", "10.8.0.1"], ["room", "--console", "10.8.0.1:0"], ["room", "--console", "10.8.0.1:65536"],
                  ["room", "--console", "fd00::1:443"], ["room", "--console", "10.8.0.1:1", "--vpn", 'tun0" accept'],
                  ["room", "--console", "10.8.0.1:1", "--vpn", ""], ["room", "--console", "10.8.0.1:1", "--vpn", "x" * 16],
                  ["room", "--console", "10.8.0.1:1", "--server", "vpn.example:1194"],
                  ["room", "--console", "10.8.0.1:1", "--mirror", "deb.debian.example:80"],
                  ["room", "--console", "10.8.0.1:1", "--resolver", "10.8.0.1:53"], ["room", "--console", "10.8.0.1:1", "--clock", ""]]:
        done = firewall(*words)
        assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1, (words, done)


def main():
    tests = [rules_for_a_room_can_be_loaded, asks_what_openvpn_says, is_told_no, says_later_at_once, sessions_go_on_without_a_code,
             never_lets_in_by_mistake, authd_is_away, cuts_who_may_not_stay, cuts_all_when_authd_stays_away,
             outlives_openvpn]
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {test.__name__}")
        except AssertionError as why:
            failed += 1
            print(f"not ok {number} - {test.__name__}\n# {why}")
    print(f"1..{len(tests)}")
    for path in FOLDER.iterdir():
        path.unlink()
    FOLDER.rmdir()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
