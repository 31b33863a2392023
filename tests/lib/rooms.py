"""A supervision room, a home and the internet around a service, each in a network namespace, with a real OpenVPN: the room's
gateway and who works from home have tunnels to the service, whose console listens at the tunnel's address. The test itself is
where the service is. As root."""

import ctypes
import json
import os
import re
import subprocess
import time

from room import Room
from service import Service, wait_for
from vpn import TUNNEL, Client, Namespaces, Server, ip

HOST = "vpn.meet.example"
PUBLIC, CONSOLE_NAME, CONSOLE_PORT = "https://meet.example", "console.meet.example", 8443
GATEWAY_ADDRESS = "10.8.0.2"   # in the tunnel, of the room's gateway and of nobody else
ROOM, HOME, INTERNET = range(3)
KEY_WORDS = "the key's own words"
OUTSIDE = "192.0.2.10"         # a host in the internet
CLONE_NEWNET = 0x40000000


def enter(namespace):
    """This process, and what it starts from now on."""
    with open(f"/run/netns/{namespace}") as file:
        assert ctypes.CDLL(None, use_errno=True).setns(file.fileno(), CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())


class Place:
    """Where somebody is: a namespace, in which programs are run."""

    def __init__(self, namespace):
        self.namespace = namespace

    def words(self, *words):
        return ["ip", "netns", "exec", self.namespace, *map(str, words)]

    def run(self, *words, **more):
        return subprocess.run(self.words(*words), check=True, capture_output=True, text=True, timeout=30, **more).stdout

    def start(self, *words, **more):
        return subprocess.Popen(self.words(*words), **more)


class World:
    """The service runs once begin() was called. The room's gateway has its settings then, and no tunnel yet; whoever works
    at a workstation behind it (workstation.py) is put into `desks`, to be gone at the end."""

    def __init__(self, build, checked, settings=None):
        self.checked, self.processes, self.clients, self.desks, self.server, self.room = checked, [], [], [], None, None
        self.net = Namespaces(3)
        try:
            enter(self.net.server)
            # The room is at the first client's address.
            own = {"vpn.group": '"nogroup"', "supervision.rooms": '"10.74.0.2"', **(settings or {})}
            self.service = Service(build, settings=own, public=PUBLIC)
            self.folder = self.service.folder
            self.service.set("console.networks", f'"{GATEWAY_ADDRESS}/32"')
            self.room = Room(self.service, checked, f"{TUNNEL}:{CONSOLE_PORT}", "10.8.0.0/24", CONSOLE_NAME)
        except BaseException:
            self.net.remove()
            raise
        self.places = [Place(name) for name in self.net.clients]
        (self.folder / "key-words").write_text(KEY_WORDS + "\n")

    def begin(self):
        seed = [f"{self.checked}/tests/roles/seed_person", self.service.dir, "-", "o_other", "hugo@other.example"]
        self.hugo, self.secret = subprocess.run(seed, check=True, capture_output=True, text=True).stdout.split()
        self.service.start()   # before the tunnel's address is there
        self.lena = self.room.person("lena", "supervision_lead")
        identity = self.service.dir / "vpn.pem"
        self.room.pki("issue", self.lena.id, "--server", HOST, "--plain", "--out", identity)
        self.gateway, self.gateway_serial = self.settings(self.lena.id, "--device")
        exported = self.room.pki("export", "--openvpn-server", "--identity", identity)
        own = self.folder / "addresses"
        own.mkdir()
        own.chmod(0o755)
        name, _ = self.login_of(self.gateway)
        (own / name).write_text(f"ifconfig-push {GATEWAY_ADDRESS} 255.255.255.0\n")
        self.server = Server(self.folder / "server", self.net.server, f"{exported}client-config-dir {own}\n", self.service.rendez)
        watch = [self.service.rendez, "vpn-watch", "--socket", self.service.dir / "vpn/auth.sock", self.server.management]
        self.processes.append(subprocess.Popen(watch, stderr=subprocess.DEVNULL))
        self.lay_ways()

    def lay_ways(self):
        """The internet is behind the server, and everybody's way to it is open."""
        here = Place(self.net.server)
        ip("-n", self.net.clients[INTERNET], "addr", "add", f"{OUTSIDE}/32", "dev", "lo")
        ip("-n", self.net.server, "route", "add", OUTSIDE, "via", f"10.74.{INTERNET}.2")
        for link, place in enumerate(self.places):
            ip("-n", place.namespace, "route", "add", "default", "via", f"10.74.{link}.1")
        here.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        # As doc/operations.md says: a machine answers at any of its addresses, whichever way one comes.
        here.run("nft", "-f", "-", input=f"""table inet tunnel {{ chain input {{
            type filter hook input priority filter;
            iifname != {{ "tun0", "lo" }} ip daddr {TUNNEL} drop
            }}
        }}
""")

    def settings(self, owner, *kind):
        """(a client's settings, the certificate's serial number)"""
        out = self.folder / f"client-{time.monotonic_ns()}.ovpn"
        made = self.room.pki("issue", owner, *kind, "--format", "openvpn", "--remote", HOST, "--key-passphrase-file",
                             self.folder / "key-words", "--out", out, "--json")
        return out.read_text(), json.loads(made.splitlines()[0])["serial"]

    @staticmethod
    def login_of(settings):
        return re.search(r"<auth-user-pass>\n(\S+)\n(\S*)\n?</auth-user-pass>", settings).groups()

    def connect(self, link, settings=None, login=None):
        """By default as the room's gateway, whose settings hold all that it needs."""
        settings = settings or self.gateway
        client = Client(self.folder / f"vpn-{len(self.clients)}", self.net.clients[link], link, settings, KEY_WORDS,
                        login or self.login_of(settings))
        self.clients.append(client)
        return client

    def code(self):
        """Of the one who works from home; oathtool is another program than ours."""
        return subprocess.run(["oathtool", "--totp", "-b", "-"], input=self.secret, check=True, capture_output=True, text=True).stdout.strip()

    def rules(self, *more):
        """`rendez firewall room`, loaded into the gateway."""
        rules = subprocess.run([self.service.rendez, "firewall", "room", "--console", f"{TUNNEL}:{CONSOLE_PORT}", "--server",
                                "10.74.0.1:1194", *more], check=True, capture_output=True, text=True, timeout=30).stdout
        (self.folder / "rules").write_text(rules)
        self.places[ROOM].run("nft", "-f", self.folder / "rules")

    def told(self, name):
        """How often the service has written that event."""
        return self.service.log.read_text(errors="replace").count(f'"{name}"')

    def is_told_within(self, seconds, name, act):
        """Whether act() makes the service write it; how long that took."""
        before, begun = self.told(name), time.monotonic()
        said = act()
        wait_for(lambda: self.told(name) > before, f"{name} is told", max(0.1, seconds - (time.monotonic() - begun)))
        return said, time.monotonic() - begun

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for desk in self.desks:
            desk.close()
        for client in self.clients:
            client.stop()
        for process in self.processes:
            process.kill()
            process.wait()
        if self.server is not None:
            if error[0] is not None or os.environ.get("SHOW_LOG"):
                print("# OpenVPN's server:", self.server.log.read_text()[-4000:])
            self.server.stop()
        if self.room is not None:
            self.room.root.close()
        self.service.__exit__(*error)
        self.net.remove()
