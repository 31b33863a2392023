"""Reads at a steady rate, each timed from the instant at which it was due: what waits counts."""

import asyncio
import os
import pathlib
import subprocess
import time

CONNECTIONS = 8


async def connection(port, plan, headers, times):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for at, name, path in plan:
        await asyncio.sleep(max(0, at - time.perf_counter()))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), f"{path}: {head[:200]}"
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times[name].append((time.perf_counter() - at) * 1000)
    writer.close()


async def drive(port, paths, rate, seconds, cookie=""):
    """{name: times in ms}. paths: {name: path}, each at `rate` a second, by turns, over a few connections."""
    times = {name: [] for name in paths}
    names, begin = list(paths), time.perf_counter() + 0.2
    step = 1 / (rate * len(names))
    plan = [(begin + i * step, names[i % len(names)], paths[names[i % len(names)]])
            for i in range(int(rate * seconds) * len(names))]
    headers = f"Cookie: {cookie}\r\n" if cookie else ""
    await asyncio.gather(*(connection(port, plan[i::CONNECTIONS], headers, times) for i in range(CONNECTIONS)))
    return times


def family(pid):
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return [pid, *map(int, children)]


def before_others(*pids):
    """These, their children and ourselves run before all that is not of them (as root): what else the machine does is
    (nearly) not measured, but for its disk and its memory."""
    for pid in [os.getpid(), *(one for parent in pids for one in family(parent))]:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            os.sched_setscheduler(int(task.name), os.SCHED_RR, os.sched_param(1))


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
