#!/usr/bin/env python3
"""The supervision console's API at a steady rate (doc/bench.md says how): people in the room at their cases, over mutual TLS;
beside it, in the same seconds and by the same program, a page of the console's and one of nginx that asks for the same
certificates.
usage: console.py RELEASE-BUILD [--rate N] [--seconds N] [--people N] [--first]"""

import argparse
import asyncio
import gc
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "tests/lib"))
from mta import Lmtp, Sink, mta_settings  # noqa: E402
from pages import ticks  # noqa: E402
from pipeline import ASSISTANT, add_clients, request  # noqa: E402
from room import CONSOLE, ITEMS, Desk, Room  # noqa: E402
from servers import Process, port_answers  # noqa: E402
from service import Service, free_port, wait_for  # noqa: E402
from steady import before_others, percentile  # noqa: E402

BAR_MS = 20
WARM_S = 3
BESIDE_A_SECOND = 20    # reads of each page that stands beside
REPORT_S = 20           # from one word of a workstation to its next

# A case, one request after the other, as somebody decides it who looks closely: (name, method, path, body). What is a
# minute's work takes two seconds here: 20 people ask as 600 would.
TASK = f"{CONSOLE}/tasks/{{task}}"
LONGER, SHORTER = ({"decision": {"reading": {"duration_min": minutes}}} for minutes in (60, 30))
PAGE, QUEUE = ("show", "GET", TASK, None), ("queue", "GET", f"{CONSOLE}/queue", None)
BEAT = ("beat", "POST", f"{TASK}/beat", {})
CASE = [
    ("next", "POST", f"{CONSOLE}/next", {"show": True}), QUEUE,
    ("preview", "POST", f"{TASK}/preview", LONGER), BEAT,
    ("open", "POST", f"{TASK}/open", {"part": "words", "purpose": "understand"}),
    ("close", "POST", f"{TASK}/close", {"part": "words"}), QUEUE,
    ("preview", "POST", f"{TASK}/preview", SHORTER),
    ("open", "POST", f"{TASK}/open", {"part": "people", "purpose": "identify"}),
    ("close", "POST", f"{TASK}/close", {"part": "people"}), BEAT,
    ("session", "GET", f"{CONSOLE}/session", None), QUEUE,
    ("preview", "POST", f"{TASK}/preview", LONGER), PAGE,
    ("preview", "POST", f"{TASK}/preview", SHORTER),
    ("preview", "POST", f"{TASK}/preview", {"decision": {"approve": True}}), BEAT,
    ("decide", "POST", f"{TASK}/decide", {"decision": {"approve": True}}), QUEUE,
]

NGINX = """\
daemon off; pid {folder}/pid; error_log {folder}/error; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; keepalive_requests 100000000; types {{ image/svg+xml svg; }}
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
  uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  ssl_protocols TLSv1.3; ssl_certificate {chain}; ssl_certificate_key {key};
  ssl_verify_client on; ssl_client_certificate {roots}; ssl_verify_depth 4;
  server {{ listen 127.0.0.1:{port} ssl; root {root}; }}
}}
"""


class Connection:
    """One that is kept open, with a device's certificate."""

    def __init__(self, url, desk):
        place = urllib.parse.urlsplit(url)
        self.host, self.port, self.context = place.hostname, place.port, desk.context()
        cookies = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
        self.headers = f"Host: {place.netloc}\r\nOrigin: {url}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\n"

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port, ssl=self.context,
                                                                 server_hostname=self.host)
        return self

    async def ask(self, method, path, body=None):
        """(status, bytes)"""
        data = b"" if body is None else json.dumps(body).encode()
        more = "" if body is None else f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        self.writer.write(f"{method} {path} HTTP/1.1\r\n{self.headers}{more}\r\n".encode() + data)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return int(head.split()[1]), await self.reader.readexactly(length)

    def close(self):
        self.writer.close()


class Figures:
    """What was measured: {name: milliseconds}, and what was not answered as it should be."""

    def __init__(self):
        self.ms, self.failed = {}, []

    async def timed(self, at, name, asked):
        """From the instant at which it was due. What it said, or None."""
        status, body = await asked
        self.ms.setdefault(name, []).append((time.perf_counter() - at) * 1000)
        if status == 200:
            return body
        self.failed.append(f"{name}: {status} {body[:120]!r}")
        return None

    def of(self, names):
        return [ms for name in names for ms in self.ms.get(name, [])]


async def sleep_until(at):
    await asyncio.sleep(max(0, at - time.perf_counter()))


class Supervisor:
    """Somebody with a device, a session and a connection, who takes one case after the other."""

    def __init__(self, room, number, lead):
        owner = room.person(f"sup{number}", "supervisor")
        self.desk = Desk(room, room.issue(owner.id, "--device")[0])
        assert self.desk.report().json["good"] is True
        answer = self.desk.enter(owner.key)
        assert answer.status == 200, answer
        self.connection = Connection(room.url, self.desk)
        # Some begin later, so that at any time all steps of a case are asked for.
        self.steps, self.task, self.version = [QUEUE] * lead, None, None

    def next_step(self):
        if not self.steps:
            self.steps = list(CASE)
        return self.steps.pop(0)

    async def act(self, at, figures):
        name, method, path, body = self.next_step()
        if name == "decide":
            body = {**body, "version": self.version}
        said = await figures.timed(at, name, self.connection.ask(method, path.format(task=self.task), body))
        if name == "next":
            taken = json.loads(said) if said else {}
            assert "case" in taken, f"no task is taken and shown: {said}"
            self.task, self.version = taken["task"], taken["case"]["meeting"]["version"]

    async def work(self, plan, figures):
        for at in plan:
            await sleep_until(at)
            await self.act(at, figures)


async def read_page(connection, path, name, plan, figures):
    for at in plan:
        await sleep_until(at)
        await figures.timed(at, name, connection.ask("GET", path))


async def say_posture(url, supervisors, plan, figures):
    """Each workstation by turns, on a connection of its own each time, as rendez-workstation does."""
    items = {"items": [{"item": item, "state": "holds"} for item in ITEMS]}
    for i, at in enumerate(plan):
        await sleep_until(at)
        connection = await Connection(url, supervisors[i % len(supervisors)].desk).open()
        await figures.timed(at, "report", connection.ask("POST", "/api/workstation/report", items))
        connection.close()


def steady(begin, a_second, seconds):
    return [begin + i / a_second for i in range(int(a_second * seconds))]


async def run(supervisors, pages, url, rate, seconds):
    """pages: {name: (connection, path)}. Reports count to the rate."""
    figures, begin = Figures(), time.perf_counter() + 0.2
    reports = len(supervisors) / REPORT_S
    plan = steady(begin, rate - reports, seconds)
    for connection, _ in pages.values():
        await connection.open()
    await asyncio.gather(
        *(one.work(plan[i::len(supervisors)], figures) for i, one in enumerate(supervisors)),
        say_posture(url, supervisors, steady(begin, reports, seconds), figures),
        *(read_page(connection, path, name, steady(begin, BESIDE_A_SECOND, seconds), figures)
          for name, (connection, path) in pages.items()))
    for connection, _ in pages.values():
        connection.close()
    return figures


async def drive(supervisors, pages, url, rate, seconds):
    for one in supervisors:
        await one.connection.open()
    await run(supervisors, pages, url, rate, WARM_S)
    gc.collect()
    gc.disable()    # ours would be counted as the service's
    return await run(supervisors, pages, url, rate, seconds)


def beside(room):
    """nginx with a page of the console's: (its process, its address)."""
    folder, port = room.folder / "nginx", free_port()
    folder.mkdir()
    shutil.copy(TOP / "web/dist-console/icon.svg", folder / "icon.svg")
    config = folder / "nginx.conf"
    chain, key = room.authority.issue(["127.0.0.1"])
    config.write_text(NGINX.format(folder=folder, chain=chain, key=key, roots=room.roots, port=port, root=folder))
    process = Process(["nginx", "-p", folder, "-c", config, "-e", folder / "error"], folder / "log")
    wait_for(lambda: port_answers("127.0.0.1", port), "nginx answers", 10)
    return process, f"https://127.0.0.1:{port}"


def open_tasks(service, lmtp_port, count):
    """Each a request of a client's whose policy is that somebody looks at it."""
    house = json.loads(service.command("organisation", "list", "--passphrase-file", service.passphrase, "--json").splitlines()[0])
    service.command("organisation", "policy", house["id"], "always", "--passphrase-file", service.passphrase)
    lmtp = Lmtp(lmtp_port)
    for number in range(count):
        sender, data = request(number)
        lmtp.send(sender, ASSISTANT, data)
    lmtp.close()


def waiting(desk):
    return sum(row["count"] for row in desk.must("GET", f"{CONSOLE}/queue")["waiting"])


ROLES = ["console", "authd", "planner", "keyd", "logd", "calsync", "mailout"]


def processor(service):
    return {role: ticks(service.pids(role)[0]) for role in ROLES}


def measure(build, rate, seconds, people, first):
    sink, port = Sink(), free_port()
    settings = {"assistant.address": f'"{ASSISTANT}"', "limits.openings_per_person": 0, **mta_settings(sink, port)}
    with Service(build, settings, demo=False) as service:
        room = Room(service, build)
        add_clients(service)
        service.start()
        if first:
            before_others(service.process.pid)
        supervisors = [Supervisor(room, i, i * len(CASE) // people) for i in range(people)]     # not all at once
        count = int(rate * (seconds + WARM_S) / len(CASE)) + 2 * people
        open_tasks(service, port, count)
        wait_for(lambda: waiting(supervisors[0].desk) == count, "they wait for somebody", 180)
        nginx, address = beside(room)
        for one in supervisors:
            assert one.desk.report().json["good"] is True
        pages = {"page": (Connection(room.url, supervisors[0].desk), "/icon.svg"),
                 "nginx": (Connection(address, supervisors[0].desk), "/icon.svg")}
        if first:
            before_others(nginx.child.pid)
        before, load = processor(service), os.getloadavg()[0]
        figures = asyncio.run(drive(supervisors, pages, room.url, rate, seconds))
        used = {role: now - before[role] for role, now in processor(service).items()}
        nginx.stop()
        room.root.close()
    sink.close()
    return figures, used, load


def quantiles(ms):
    return "p50 {:.2f} ms, p99 {:.2f}, p99.9 {:.2f}, worst {:.1f} of {}".format(
        *(percentile(ms, share) for share in (0.5, 0.99, 0.999)), max(ms), len(ms))


def show(figures, used, load, rate, seconds, people):
    api = [name for name in figures.ms if name not in ("page", "nginx")]
    every, nginx = figures.of(api), figures.of(["nginx"])
    p99, theirs = percentile(every, 0.99), percentile(nginx, 0.99)
    print(f"console's API    {rate} a second for {seconds} s, {people} people: {quantiles(every)}; {len(figures.failed)} failed "
          f"(load {load:.0f} before, {os.getloadavg()[0]:.0f} after on {os.cpu_count()} processors): "
          f"{'within' if p99 < BAR_MS else 'OVER'} the bar, p99 {BAR_MS} ms")
    print(f"beside it        a page of nginx's over mutual TLS: {quantiles(nginx)}; the console's p99 is {p99 / theirs:.1f} of it, "
          f"p50 {percentile(every, 0.5) / percentile(nginx, 0.5):.1f}\n"
          f"                 a page of the console's: {quantiles(figures.of(['page']))}")
    for name in sorted(api, key=lambda name: -percentile(figures.ms[name], 0.99)):
        print(f"  {name:14} {quantiles(figures.ms[name])}")
    ms = 1000 / os.sysconf("SC_CLK_TCK") / (rate * (seconds + WARM_S))
    print("  processor, ms a request: " + ", ".join(f"{role} {count * ms:.2f}" for role, count in used.items()), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--first", action="store_true", help="as if the machine were quiet (steady.before_others)")
    options = parser.parse_args()
    subprocess.run(["ninja", "-C", options.build, "--quiet", "tests/roles/as_root", "programs"], check=True, stdout=subprocess.DEVNULL)
    figures, used, load = measure(options.build, options.rate, options.seconds, options.people, options.first)
    show(figures, used, load, options.rate, options.seconds, options.people)
    if figures.failed:
        sys.exit(f"console.py: {len(figures.failed)} failed: {figures.failed[:3]}")


if __name__ == "__main__":
    main()
