#!/usr/bin/env python3
"""The trust pages at a steady rate, several of them by turns, while the service tries its controls (doc/bench.md).
usage: trust.py RELEASE-BUILD [--rate N] [--seconds N] [--first]"""

import argparse
import asyncio
import os
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "tests/lib"))
from service import Service, wait_for  # noqa: E402
from steady import before_others, drive, percentile  # noqa: E402

PATHS = {"claims": "/trust", "in French": "/trust?lang=fr", "status": "/trust/status", "a claim": "/trust/CHIF-05",
         "another": "/trust/AUT-05?lang=fr", "the feed": "/trust/changes.atom", "evidence": "/trust/CHIF-05/evidence.json",
         "the log": "/log/checkpoint"}
BAR_MS = 20


def measure(build, rate, seconds, first):
    each = rate / len(PATHS)
    with Service(build).start() as service:
        if first:
            before_others(service.process.pid)
        wait_for(lambda: service.request(PATHS["evidence"]), "the first evidence", 60)
        wait_for(lambda: service.request(PATHS["the log"]), "the first checkpoint", 60)
        asyncio.run(drive(service.port, PATHS, each, 2))
        times = asyncio.run(drive(service.port, PATHS, each, seconds))
    every = [ms for values in times.values() for ms in values]
    p50, p99, worst = percentile(every, 0.5), percentile(every, 0.99), max(every)
    slowest = max(times, key=lambda name: percentile(times[name], 0.99))
    print(f"trust pages      {rate} a second, {len(PATHS)} pages by turns: p50 {p50:.2f} ms, p99 {p99:.2f}, worst {worst:.1f} of "
          f"{len(every)} (load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors); the slowest ({slowest}) p99 {percentile(times[slowest], 0.99):.2f}: "
          f"{'within' if p99 < BAR_MS else 'OVER'} the bar, p99 {BAR_MS} ms", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--rate", type=int, default=200, help="of all pages together")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--first", action="store_true", help="as if the machine were quiet (steady.before_others)")
    options = parser.parse_args()
    measure(options.build, options.rate, options.seconds, options.first)


if __name__ == "__main__":
    main()
