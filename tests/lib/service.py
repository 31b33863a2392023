"""A Rendez service in a temporary folder, for tests: made with `rendez init --demo`, served
by rendezd, driven through its pages' API."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
ROLES = ["keyd", "reader", "calsync", "mailout", "planner", "mailin", "api", "authd", "sso", "logd", "trust", "prober",
         "archive"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def children_of(parent):
    """[(pid, command line)]; asked so often that starting ps for it would be most of a test's work."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):   # it has ended
            stat = pathlib.Path(entry.path, "stat").read_text()
            if int(stat.rpartition(")")[2].split()[1]) == parent:
                words = pathlib.Path(entry.path, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found.append((int(entry.name), words))
    return found


def wait_for(condition, what, seconds=60, pause=0.05):
    """The first true value of condition(); AssertionError after `seconds`, many for a machine that is busy. Fewer are
    given where it is promised that it comes within them. What takes long is asked less and less often."""
    begun = time.monotonic()
    end = begun + seconds
    last = None
    while time.monotonic() < end:
        try:
            value = condition()
            if value:
                return value
        except (OSError, urllib.error.URLError, ConnectionError, ValueError) as problem:
            last = problem
        time.sleep(max(pause, min(0.25, (time.monotonic() - begun) / 10)))
    raise AssertionError(f"{what}: not within {seconds} s" + (f" ({last})" if last else ""))


class Service:
    def __init__(self, build, settings=None, demo=True, public=None):
        """public: its address on the web, where passkeys belong; else its own."""
        self.build = pathlib.Path(build).resolve()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rendez-test."))
        os.chmod(self.folder, 0o755)
        self.dir = self.folder / "installation"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.public = public or self.url
        command = [self.rendez, "init", "--listen", f"127.0.0.1:{self.port}", "--public-url", self.public]
        if demo:
            command.append("--demo")
        else:
            self.passphrase = self.folder / "passphrase"
            self.passphrase.write_text("correct horse battery staple\n")
            command += ["--passphrase-file", self.passphrase]
        subprocess.run([*command, self.dir], check=True, stdout=subprocess.DEVNULL)
        self.set("web", f'"{TOP}/web/dist"')
        # A test is a storm: the same few people write all day.
        storm = {f"limits.{name}": 0 for name in ["requests_per_sender", "requests_per_organisation",
                                                  "mails_per_organisation", "mails_per_guest"]}
        for key, value in {**storm, **(settings or {})}.items():
            self.set(key, value)
        self.log = self.folder / "events.log"
        self.process = None

    @property
    def rendez(self):
        return self.build / "src/roles/cli/rendez"

    @property
    def rendezd(self):
        return self.build / "src/roles/parent/rendezd"

    def set(self, key, value):
        """Sets a key, "name" or "group.name", that `rendez init` has written as a comment."""
        path = self.dir / "rendez.conf"
        text = path.read_text()
        group, _, name = key.rpartition(".")
        start = text.index(f"\n{group} = {{\n") if group else 0
        line = re.compile(rf"^(\s*)(?:# )?{name} = .*$", re.M)
        found = line.search(text, start)
        assert found, f"no key {key} in rendez.conf"
        path.write_text(text[:found.start()] + f"{found.group(1)}{name} = {value};" + text[found.end():])

    def command(self, *words):
        """A `rendez` command on this installation; what it prints."""
        done = subprocess.run([self.rendez, *words[:2], "--dir", self.dir, *words[2:]],
                              capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, f"rendez {words}: {done.stderr.strip()}"
        return done.stdout

    def start(self):
        command = [self.rendezd, "--config", self.dir / "rendez.conf"]
        if hasattr(self, "passphrase"):
            command += ["--passphrase-file", self.passphrase]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                        stderr=open(self.log, "ab"), stdin=subprocess.DEVNULL)
        wait_for(lambda: self.get("/healthz").get("status") == "ok", "the service answers", 120)
        return self

    def stop(self):
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process = None
        return code

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if error[0] is not None and self.log.exists():
            print("# last events:")
            for line in self.log.read_text(errors="replace").splitlines()[-25:]:
                print("#   " + line[:300])
        self.close()

    # HTTP

    def request(self, path, data=None, kind="application/json"):
        request = urllib.request.Request(self.url + path, data=data)
        if data is not None:
            request.add_header("Content-Type", kind)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def get(self, path):
        return json.loads(self.request(path))

    def view(self):
        return self.get("/api/v1/sandbox")["view"]

    def send(self, sender, to, cc, subject, text, in_reply_to=""):
        body = {"from": sender, "to": to, "cc": cc, "subject": subject, "text": text,
                "in_reply_to": in_reply_to}
        return json.loads(self.request("/api/v1/sandbox/messages", json.dumps(body).encode()))["id"]

    def choose(self, link, choice, text=""):
        path = urllib.parse.urlsplit(link).path
        form = urllib.parse.urlencode({"choice": choice, "text": text}).encode()
        return self.request(path, form, "application/x-www-form-urlencoded")

    # Processes

    def pids(self, role):
        return [pid for pid, words in children_of(self.process.pid) if f"--role {role} " in words + " "]

    def kill(self, role):
        for pid in self.pids(role):
            os.kill(pid, signal.SIGKILL)

    def memory_kb(self):
        """Proportional share of all processes of the service."""
        total = 0
        pids = [self.process.pid] + [p for role in ROLES for p in self.pids(role)]
        for pid in pids:
            rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M).group(1))
        return total


class Tests:
    """Runs functions named test_*, prints a line for each, and counts."""

    def __init__(self):
        self.failed = 0

    @staticmethod
    def outcome(name, function):
        """The line to print; whether it is a good one."""
        start = time.monotonic()
        try:
            function()
            return f"ok - {name} ({time.monotonic() - start:.1f} s)", True
        except Exception as problem:  # noqa: BLE001 - one failure must not hide the others
            line = traceback.extract_tb(problem.__traceback__)[-1].lineno
            return f"not ok - {name}: line {line}: {type(problem).__name__}: {problem}", False

    def run(self, functions, at_once=1):
        """`at_once`: so many side by side, of those that mostly wait and have a service of their own each; their lines
        come in order all the same."""
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            for line, good in pool.map(lambda pair: self.outcome(*pair), functions):
                self.failed += not good
                print(line, flush=True)
        return 1 if self.failed else 0
