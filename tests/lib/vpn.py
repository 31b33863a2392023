"""A real OpenVPN server and its clients, each in a network namespace that goes again with the test."""

import os
import re
import signal
import subprocess
import time

from service import wait_for

TUNNEL = "10.8.0.1"  # of the server, in the settings that rendez pki export writes


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Namespaces:
    """A server's and a few clients', each client on a link of its own to the server's."""

    def __init__(self, clients):
        self.server = f"rzvpn{os.getpid()}s"
        self.clients = [f"rzvpn{os.getpid()}c{number}" for number in range(clients)]
        self.further = []
        try:
            self.make()
        except BaseException:
            self.remove()
            raise

    def make(self):
        for name in [self.server, *self.clients]:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        for number, name in enumerate(self.clients):
            here, there = f"s{number}", f"c{number}"
            ip("link", "add", here, "netns", self.server, "type", "veth", "peer", "name", there, "netns", name)
            ip("-n", self.server, "addr", "add", f"10.74.{number}.1/24", "dev", here)
            ip("-n", name, "addr", "add", f"10.74.{number}.2/24", "dev", there)
            ip("-n", self.server, "link", "set", here, "up")
            ip("-n", name, "link", "set", there, "up")

    def behind(self, number):
        """One more, for a machine behind that client, at 10.75.NUMBER.2; the client forwards what it sends."""
        gateway, name = self.clients[number], f"{self.clients[number]}b"
        self.further.append(name)
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")
        ip("link", "add", "in", "netns", gateway, "type", "veth", "peer", "name", "eth0", "netns", name)
        for namespace, link, address in [(gateway, "in", 1), (name, "eth0", 2)]:
            ip("-n", namespace, "addr", "add", f"10.75.{number}.{address}/24", "dev", link)
            ip("-n", namespace, "link", "set", link, "up")
        ip("-n", name, "route", "add", "default", "via", f"10.75.{number}.1")
        ip("netns", "exec", gateway, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        return name

    def remove(self):
        for name in [*self.further, *self.clients, self.server]:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


class OpenVpn:
    """One process of it, with its files in a folder of its own."""

    def __init__(self, folder, namespace, settings, files=()):
        folder.mkdir(parents=True)
        self.namespace, self.log = namespace, folder / "log"
        for name, text in [("settings", settings), *files]:
            (folder / name).write_text(text)
            os.chmod(folder / name, 0o600)
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, "openvpn", "--cd", folder, "--config", "settings"],
            stdin=subprocess.DEVNULL, stdout=open(self.log, "wb"), stderr=subprocess.STDOUT)

    def says(self, pattern):
        return re.search(pattern, self.log.read_text(errors="replace"))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Server(OpenVpn):
    """With the settings that rendez pki export wrote, but for the paths of this test. It gives up being root."""

    def __init__(self, folder, namespace, exported, rendez):
        self.management = folder / "management"
        text = exported.replace("/usr/bin/rendez", str(rendez))
        text = re.sub(r"^management .*$", f'management "{self.management}" unix', text, flags=re.M)
        super().__init__(folder, namespace, text + "disable-dco\nuser nobody\ngroup nogroup\npersist-key\npersist-tun\n")
        wait_for(lambda: self.says("Initialization Sequence Completed"), "OpenVPN's server is there")


class Client(OpenVpn):
    """With the settings that rendez pki issue wrote, on link `link`. login: user name and password, which
    OpenVPN would ask for at a terminal; None: none at all."""

    def __init__(self, folder, namespace, link, issued, key_passphrase, login):
        text = re.sub(r"^remote \S+", f"remote 10.74.{link}.1", issued, flags=re.M)
        own = "auth-user-pass login\n" if login else ""
        text = re.sub(r"<auth-user-pass>.*</auth-user-pass>\n", own, text, flags=re.S)
        text = re.sub(r"^auth-retry .*$", "auth-retry none", text, flags=re.M)
        text += "askpass passphrase\ndisable-dco\nverb 3\nconnect-retry 1 1\nconnect-retry-max 1\nhand-window 20\n"
        files = [("passphrase", key_passphrase + "\n")] + ([("login", "\n".join(login) + "\n")] if login else [])
        super().__init__(folder, namespace, text, files)

    def ping(self, wait=1):
        return subprocess.run(["ip", "netns", "exec", self.namespace, "ping", "-c", "1", "-W", str(wait), TUNNEL],
                              capture_output=True).returncode == 0

    def has_tunnel(self):
        return self.says("Initialization Sequence Completed")

    def is_up(self, seconds=20):
        """Whether it gets a tunnel through which the server answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            if self.has_tunnel():
                return self.ping(2)
            time.sleep(0.05)
        return False

    def outlives(self, act, seconds):
        """How long after act() the server still answers through the tunnel; AssertionError if longer."""
        assert self.ping(), "the tunnel is up before"
        act()
        begun = time.monotonic()
        while self.ping(0.3):
            assert time.monotonic() - begun < seconds, f"the tunnel is up after {seconds} s"
            time.sleep(0.05)
        return time.monotonic() - begun
