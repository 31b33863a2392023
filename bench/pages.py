#!/usr/bin/env python3
"""Measures the pages' server (doc/bench.md says how): requests a second beside nginx in the same run,
memory over a million requests, start-up time.
usage: pages.py RELEASE-BUILD [--seconds N] [--requests N]"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "tests/lib"))
from servers import Process, port_answers  # noqa: E402
from service import Service, free_port, wait_for  # noqa: E402
from tls import Authority  # noqa: E402

FILE = "guest.css"
CONNECTIONS = 32        # below http.per_address
ROUNDS = 3              # of each figure, by turns with nginx's
STARTS = 5
LINK = "/r/" + "A" * 60     # nobody's: the planner looks it up and says no

NGINX = """\
daemon off; pid {folder}/pid; error_log {folder}/error; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000; sendfile on; tcp_nopush on; types {{ text/css css; }}
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
  uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5; open_file_cache max=10;
  ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {chain}; ssl_certificate_key {key};
  server {{ listen 127.0.0.1:{plain}; listen 127.0.0.1:{tls} ssl; root {root}; }}
}}
"""


def wrk(url, seconds, connections=CONNECTIONS):
    """(requests a second, p99 in ms, requests, answers that were not 2xx)"""
    text = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", url],
                          capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    count = int(re.search(r"(\d+) requests in", text).group(1))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    assert "Socket errors" not in text, text
    return rate, float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit], count, int(bad.group(1)) if bad else 0


def ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def pss_kb(pid):
    return int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M).group(1))


def children(pid):
    return [int(p) for p in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()]


def median(values):
    return sorted(values)[len(values) // 2]


class Measured:
    """A server's address with the process that does the work."""

    def __init__(self, name, url, pid):
        self.name, self.url, self.pid, self.runs = name, url, pid, []

    def run(self, seconds):
        before = ticks(self.pid)
        rate, p99, count, bad = wrk(self.url, seconds)
        assert bad == 0, f"{self.name}: {bad} answers were not 200"
        used = (ticks(self.pid) - before) * 1e6 / os.sysconf("SC_CLK_TCK") / count
        self.runs.append((rate, p99, used))

    def middle(self):
        return [median([run[i] for run in self.runs]) for i in range(3)]


def beside_nginx(ours, theirs, seconds, what):
    for _ in range(ROUNDS):
        for server in (ours, theirs):
            server.run(seconds)
    (rate, p99, used), (their_rate, their_p99, their_used) = ours.middle(), theirs.middle()
    print(f"{what:16} {rate:7.0f} requests/s (p99 {p99:.1f} ms, {used:.1f} µs of processor each), nginx {their_rate:.0f} "
          f"({their_p99:.1f} ms, {their_used:.1f} µs): {rate / their_rate:.2f} of nginx's rate, "
          f"{used / their_used:.2f} of its processor time", flush=True)


def million(service, requests):
    pid, planner, done = service.pids("api")[0], service.pids("planner")[0], 0
    rate = wrk(f"{service.url}/{FILE}", 2)[0]
    kept = [pss_kb(pid)]
    seconds = max(1, int(requests / 10 / rate))
    print(f"memory           PSS of api, kB, after each 100,000 or so: {kept[0]}", end="", flush=True)
    told = 0
    while done < requests:
        done += wrk(f"{service.url}/{FILE}", seconds)[2]
        if done // (requests // 10) > told:
            told = done // (requests // 10)
            kept.append(pss_kb(pid))
            print(f" {kept[-1]}", end="", flush=True)
    print(f" ({done} requests)")
    before = pss_kb(planner)
    rate, p99, count, _ = wrk(service.url + LINK, 10)
    print(f"through planner  {rate:7.0f} requests/s for links that nobody has (p99 {p99:.1f} ms, {count} of them); "
          f"PSS of api {kept[-1]} → {pss_kb(pid)} kB, planner {before} → {pss_kb(planner)} kB")


def start_up(build):
    times = []
    with Service(build) as service:
        for _ in range(STARTS):
            command = [service.rendezd, "--config", service.dir / "rendez.conf"]
            begin = time.monotonic()
            service.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            wait_for(lambda: service.get("/healthz")["status"] == "ok", "it answers", 20, pause=0.002)
            times.append((time.monotonic() - begin) * 1000)
            service.stop()
    print(f"start-up         {median(times):.0f} ms until /healthz is ok (median of {STARTS}, worst {max(times):.0f}; demo, eight processes)")


def measure(build, seconds, requests):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rendez-bench."))
    os.chmod(folder, 0o755)
    root = folder / "root"
    root.mkdir()
    shutil.copy(TOP / "web/dist" / FILE, root / FILE)
    chain, key = Authority(folder / "ca").issue(["127.0.0.1"])
    plain, tls = free_port(), free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, plain=plain, tls=tls, chain=chain, key=key, root=root))
    nginx = Process(["nginx", "-p", folder, "-c", config, "-e", folder / "error"], folder / "log")
    try:
        wait_for(lambda: port_answers("127.0.0.1", plain), "nginx answers", 10)
        worker = children(nginx.child.pid)[0]
        with Service(build) as service:
            service.start()
            beside_nginx(Measured("ours", f"{service.url}/{FILE}", service.pids("api")[0]),
                         Measured("nginx", f"http://127.0.0.1:{plain}/{FILE}", worker), seconds, "HTTP")
            million(service, requests)
        service = Service(build, {"http.certificate": f'"{chain}"', "http.key": f'"{key}"'})
        service.get = lambda path: {"status": "ok"} if port_answers("127.0.0.1", service.port) else {}
        with service:
            service.start()
            beside_nginx(Measured("ours", f"https://127.0.0.1:{service.port}/{FILE}", service.pids("api")[0]),
                         Measured("nginx", f"https://127.0.0.1:{tls}/{FILE}", worker), seconds, "HTTPS")
    finally:
        nginx.stop()
        shutil.rmtree(folder, ignore_errors=True)
    start_up(build)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--requests", type=int, default=1000000)
    options = parser.parse_args()
    measure(options.build, options.seconds, options.requests)


if __name__ == "__main__":
    main()
