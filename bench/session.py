#!/usr/bin/env python3
"""What a session adds to a page's read (doc/bench.md): the same server, the same rate, by turns; GET /healthz asks
the planner, GET /api/v1/me authd with the session, and GET /api/v1/meetings authd and then the planner.
usage: session.py RELEASE-BUILD [--rate N] [--seconds N]"""

import argparse
import asyncio
import hashlib
import hmac
import json
import pathlib
import struct
import subprocess
import sys
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "tests/lib"))
from service import Service  # noqa: E402
from steady import drive, percentile  # noqa: E402

PASSWORD = "Tulips at 7 in the Mai"
PATHS = {"healthz": "/healthz", "me": "/api/v1/me", "meetings": "/api/v1/meetings"}
AIM_MS = 5


def code_of(secret, step):
    """RFC 6238."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    bits = "".join(f"{alphabet.index(c):05b}" for c in secret)
    key = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits) - 7, 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


class Person:
    """Alice, from the invitation to a session."""

    def __init__(self, service, link):
        self.url, self.cookie = service.url, ""
        self.post("enrolment/start", token=link.split("#")[1])
        self.post("factors/password", new=PASSWORD)
        secret, step = self.post("factors/code/start")["secret"], int(time.time()) // 30
        self.post("factors/code", code=code_of(secret, step), name="bench")
        self.post("logout")
        flow = self.post("login/start")["flow"]
        self.post("login/password", flow=flow, address=self.address(service), password=PASSWORD)
        self.post("login/code", flow=flow, code=code_of(secret, step + 1))

    @staticmethod
    def address(service):
        return people(service)["address"]

    def post(self, path, **body):
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", json.dumps(body).encode(), {
            "Content-Type": "application/json", "Origin": self.url, "Cookie": self.cookie})
        with urllib.request.urlopen(request, timeout=20) as answer:
            for header in answer.headers.get_all("Set-Cookie", []):
                if header.startswith("__Host-session="):
                    self.cookie = header.split(";")[0]
            return json.load(answer)


def people(service):
    text = subprocess.run([service.rendez, "person", "list", "--dir", service.dir, "--json"], check=True,
                          capture_output=True, text=True).stdout
    return json.loads(text.splitlines()[0])


def invite(build, service):
    alice = people(service)
    subprocess.run(["ninja", "-C", build, "--quiet", "tests/roles/seed_account"], check=True)
    return subprocess.run([pathlib.Path(build) / "tests/roles/seed_account", service.dir, "-", alice["organisation"],
                           alice["address"], alice["id"]], check=True, capture_output=True, text=True).stdout.strip()


def measure(build, rate, seconds):
    with Service(build) as service:
        link = invite(build, service)
        service.start()
        person = Person(service, link)
        asyncio.run(drive(service.port, PATHS, rate, 2, person.cookie))
        times = asyncio.run(drive(service.port, PATHS, rate, seconds, person.cookie))
    plain = {share: percentile(times["healthz"], share) for share in (0.5, 0.99)}
    print(f"page read        without session p50 {plain[0.5]:.2f} ms, p99 {plain[0.99]:.2f} "
          f"({len(times['healthz'])} reads, {rate} a second of each kind)")
    for name, what in (("me", "asked of authd"), ("meetings", "of authd, then of the planner")):
        p50, p99 = (percentile(times[name], share) for share in (0.5, 0.99))
        added = p99 - plain[0.99]
        print(f"with a session   {what}: p50 {p50:.2f} ms, p99 {p99:.2f}: added p99 {added:.2f} ms"
              f"{'' if added < AIM_MS else f' (over {AIM_MS})'}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    measure(options.build, options.rate, options.seconds)


if __name__ == "__main__":
    main()
