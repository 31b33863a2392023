"""A Debian that is booted, with systemd as its process 1, in a container of systemd-nspawn: what the
unit does there. The same network as ours, so that a test reaches the service."""

import os
import pathlib
import signal
import subprocess
import time


class Booted:
    """`root`: a Debian with systemd-sysv and dbus in it."""

    def __init__(self, root):
        self.root, self.process, self.leader = pathlib.Path(root), None, 0
        for unit in ("systemd-networkd.service", "apt-daily.timer", "apt-daily-upgrade.timer", "postfix.service", "dovecot.service",
                     "opendkim.service", "ssh.service"):
            link = self.root / "etc/systemd/system" / unit
            if not link.exists() and not link.is_symlink():
                link.symlink_to("/dev/null")    # masked: neither wanted here nor harmless on our ports

    def boot(self):
        """The unit's own world: PID 1, cgroups, credentials. Its console is thrown away."""
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--directory", self.root, "--register=no", "--keep-unit", "--boot",
             # what a machine of its own allows: locked memory for keys, Landlock
             "--system-call-filter=@memlock landlock_create_ruleset landlock_add_rule landlock_restrict_self", "--console=pipe",
             "--capability=CAP_NET_ADMIN"],    # and rules of a network
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            self.leader = self.leader or self.find_leader()
            if self.leader and self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded"):
                return
            time.sleep(0.3)
        raise AssertionError("systemd does not come up")

    def find_leader(self):
        """The container's process 1, a child of nspawn's."""
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for pid in path.read_text().split() if path.exists() else []:
            if "systemd" in pathlib.Path(f"/proc/{pid}/comm").read_text() and os.readlink(f"/proc/{pid}/ns/pid") != os.readlink("/proc/self/ns/pid"):
                return int(pid)
        return 0

    def run(self, *words):
        """A command inside."""
        return subprocess.run(["nsenter", "--target", str(self.leader), "--all", "--root", "--wdns=/", "env", "-i", "LC_ALL=C.UTF-8",
                               "DEBIAN_FRONTEND=noninteractive", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *map(str, words)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)

    def must(self, *words):
        done = self.run(*words)
        assert done.returncode == 0, f"{' '.join(map(str, words))}: {(done.stdout + done.stderr)[-1500:]}"
        return done.stdout

    def property(self, name, unit="rendez.service"):
        return self.must("systemctl", "show", "--value", "--property", name, unit).strip()

    def journal(self, unit="rendez.service"):
        return self.must("journalctl", "--no-pager", "--output=cat", f"--unit={unit}")

    def power_off(self):
        if self.process is None:
            return
        self.run("systemctl", "poweroff")
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None
