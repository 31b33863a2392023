"""A service that a test may do bad things to: its parent dies and is started again as systemd does,
its disk is full for a while, its clock is stepped. The disk is a small tmpfs and the clock a
library named in /etc/ld.so.preload, both in mount namespaces of the test: nothing else on the
machine notices."""

import errno
import mmap
import os
import pathlib
import signal
import struct
import subprocess
import sys
import threading
import time

from service import ROLES, Service, wait_for

LIB = pathlib.Path(__file__).resolve().parent
DISK_MB = 48


def own_namespace():
    """Runs the calling program again in a mount namespace of its own, once."""
    if os.environ.pop("RENDEZ_TEST_NAMESPACE", None) is None:
        os.environ["RENDEZ_TEST_NAMESPACE"] = "yes"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Clock:
    """The service's wall clock against the machine's."""

    def __init__(self, folder):
        self.file, self.preload = folder / "skew", folder / "skew.so"
        self.file.write_bytes(bytes(8))
        self.file.chmod(0o644)
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-D_GNU_SOURCE", f'-DSKEW_FILE="{self.file}"', "-o", self.preload,
                        LIB / "skew.c"], check=True)
        self.preload.chmod(0o755)
        (folder / "etc").mkdir()
        (folder / "etc/ld.so.preload").write_text(f"{self.preload}\n")
        with open(self.file, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), 8)

    def step(self, seconds):
        """All processes at once, by one store of 8 bytes."""
        self.page[:] = struct.pack("<q", seconds)


class TroubledService(Service):
    """`deaths`: (monotonic time, who) of every process that was killed."""

    def __init__(self, build, settings=None):
        super().__init__(build, settings, demo=False)
        self.clock = Clock(self.folder)
        self.deaths, self.starts = [], 0
        self.wanted = False         # the guardian keeps it running
        self.lock = threading.RLock()
        self.small_disk()

    def small_disk(self):
        before = self.folder / "before"
        self.dir.rename(before)
        self.dir.mkdir()
        self.dir.chmod(before.stat().st_mode & 0o7777)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0755", "rendez-test", self.dir], check=True)
        subprocess.run(["cp", "-a", f"{before}/.", self.dir], check=True)

    def spawn(self):
        etc = self.folder / "etc"
        script = f'mount -t overlay -o lowerdir={etc}:/etc overlay /etc && exec "$@"'
        return subprocess.Popen(["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh",
                                 self.rendezd, "--config", self.dir / "rendez.conf", "--passphrase-file", self.passphrase],
                                stdout=subprocess.DEVNULL, stderr=open(self.log, "ab"), stdin=subprocess.DEVNULL)

    def healthy(self):
        return self.get("/healthz").get("status") == "ok"

    def start(self):
        with self.lock:
            self.process = self.spawn()
            self.starts += 1
            self.wanted = True
        wait_for(self.healthy, "the service answers", 30)
        threading.Thread(target=self.guard, daemon=True).start()
        return self

    def guard(self):
        """What systemd does with Restart=always and KillMode=control-group."""
        while self.wanted:
            with self.lock:
                if self.wanted and self.process is not None and self.process.poll() is not None:
                    self.end_all(self.last_roles, 8)
                    self.process = self.spawn()
                    self.starts += 1
            time.sleep(0.1)

    def end_all(self, pids, seconds):
        end = time.monotonic() + seconds
        while any(alive(p) for p in pids) and time.monotonic() < end:
            time.sleep(0.02)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def role_pids(self):
        return {role: pid for role in ROLES for pid in self.pids(role)}

    last_roles = []

    def kill_role(self, role):
        """False: it does not run just now."""
        with self.lock:
            pids = self.pids(role) if self.process.poll() is None else []
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    return False
            self.deaths += [(time.monotonic(), role)] * len(pids)
        return len(pids) > 0

    def kill_parent(self, all_at_once=False):
        """`all_at_once`: as when the power goes."""
        with self.lock:
            if self.process.poll() is not None:
                return False
            roles = self.role_pids()
            self.last_roles = list(roles.values())
            self.process.kill()
            self.deaths.append((time.monotonic(), "parent"))
            if all_at_once:
                self.deaths += [(time.monotonic(), role) for role in roles]
                self.end_all(self.last_roles, 0)
        return True

    def fill_disk(self):
        with open(self.dir / "filler", "ab", buffering=0) as file:
            block = bytes(1 << 16)
            while len(block) > 0:
                try:
                    file.write(block)
                except OSError as problem:
                    assert problem.errno == errno.ENOSPC, problem
                    block = block[:len(block) // 2]

    def free_disk(self):
        (self.dir / "filler").unlink(missing_ok=True)

    def stop(self):
        with self.lock:
            self.wanted = False
            return super().stop()

    def close(self):
        self.stop()
        subprocess.run(["umount", "--lazy", self.dir], check=False)
        super().close()
