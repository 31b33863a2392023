"""People with accounts of a running service, as programs see them: enrolling a password and a code,
signing in, asking with a cookie or a token."""

import base64
import hashlib
import hmac
import http.client
import json
import pathlib
import sqlite3
import struct
import subprocess
import time
import urllib.parse

PASSWORD = "Vingt-deux goélands, 7 barques"


def totp(secret, step):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.text = status, headers, body
        try:
            self.json = json.loads(body) if body else {}
        except ValueError:
            self.json = {}
        self.code = self.json.get("code") if isinstance(self.json, dict) else None

    def __repr__(self):
        return f"{self.status} {json.dumps(self.json)[:200]}"


class Caller:
    """Somebody who asks: with cookies, with a token, or with nothing."""

    def __init__(self, service, token=None):
        self.service, self.token, self.cookies = service, token, {}
        self.origin = service.public

    def connect(self):
        place = urllib.parse.urlsplit(self.service.url)
        return http.client.HTTPConnection(place.hostname, place.port, timeout=20)

    def ask(self, method, path, body=None, kind="application/json"):
        headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None
        if method != "GET":
            headers["Content-Type"] = kind
            data = (json.dumps(body or {}) if not isinstance(body, str) else body).encode()
        connection = self.connect()
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.split(";")[0].partition("=")
                if value and "Max-Age=0" not in cookie:
                    self.cookies[name.strip()] = value
                else:
                    self.cookies.pop(name.strip(), None)
            return Answer(answer.status, answer.headers, text)
        finally:
            connection.close()

    def must(self, method, path, body=None):
        answer = self.ask(method, path, body)
        assert answer.status < 300, f"{method} {path}: {answer}"
        return answer.json


class Person(Caller):
    def __init__(self, service, account, address):
        super().__init__(service)
        self.id, self.address = account, address

    def enrol(self, link):
        """With the link of an invitation: a password and a code. Its session can do no more."""
        token = urllib.parse.urlsplit(link).fragment
        self.must("POST", "/api/v1/enrolment/start", {"token": token})
        self.must("POST", "/api/v1/factors/password", {"new": PASSWORD})
        self.secret = self.must("POST", "/api/v1/factors/code/start")["secret"]
        self.step = int(time.time()) // 30 - 1   # the step before counts too; that of now is for signing in
        self.must("POST", "/api/v1/factors/code", {"code": totp(self.secret, self.step), "name": "phone"})
        return self

    def sign_in(self):
        self.cookies.pop("__Host-session", None)
        flow = self.must("POST", "/api/v1/login/start", {"address": self.address})["flow"]
        self.must("POST", "/api/v1/login/password",
                  {"flow": flow, "address": self.address, "password": PASSWORD})
        self.use_step()
        self.signed_in = self.ask("POST", "/api/v1/login/code", {"flow": flow, "code": totp(self.secret, self.step)})
        assert self.signed_in.status < 300, self.signed_in
        return self


    def use_step(self):
        """Each step counts once. When those up to the next one are used, all was 60 seconds ago: nobody waits."""
        now = int(time.time()) // 30
        self.step = max(self.step + 1, now)
        if self.step > now + 1:
            with sqlite3.connect(self.service.dir / "identity/identity.db", timeout=10) as database:
                database.execute("update factor set last_step = last_step - 2 where account = ? and kind = 'code'", (self.id,))
            self.step -= 2


class Root:
    """authd's own code with the keys: what the command line asks (tests/roles/as_root.c)."""

    def __init__(self, service, checked):
        """checked: the build that has the test programs."""
        words = [pathlib.Path(checked).resolve() / "tests/roles/as_root", service.dir]
        if hasattr(service, "passphrase"):
            words.append(service.passphrase)
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command, **members):
        """(whether it was done, the answer)"""
        self.process.stdin.write(f"{command} {json.dumps(members)}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"{command}: as_root ended"
        return not line.startswith("!"), json.loads(line.lstrip("!"))

    def must(self, command, **members):
        done, answer = self.ask(command, **members)
        assert done, f"{command} {members}: {answer}"
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
