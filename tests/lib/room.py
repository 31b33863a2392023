"""The supervision room of a service, for tests: the console's settings, its people with their passkeys, and workstations that
come with a device's certificate."""

import http.client
import json
import ssl
import time
import urllib.parse

from passkey import Passkey, add, sign_in
from people import Caller, Person, Root
from service import TOP, free_port
from tls import Authority

CONSOLE = "/api/console"
ITEMS = ["no_administrator", "usb_storage_off", "screen_lock", "disk_encrypted", "updates", "network"]


class Desk(Caller):
    """Somebody at a workstation: a browser, or its report, with a certificate or none."""

    def __init__(self, room, certificate=None, address="127.0.0.1"):
        super().__init__(room)
        self.certificate, self.address, self.origin = certificate, address, room.url

    def context(self):
        context = ssl.create_default_context(cafile=self.service.authority.file)
        if self.certificate:
            context.load_cert_chain(self.certificate)
        return context

    def connect(self):
        place = urllib.parse.urlsplit(self.service.url)
        return http.client.HTTPSConnection(place.hostname, place.port, timeout=20, context=self.context(),
                                           source_address=(self.address, 0))

    def report(self, **states):
        items = [{"item": item, "state": states.get(item, "holds")} for item in ITEMS]
        return self.ask("POST", "/api/workstation/report", {"items": items})

    def enter(self, key):
        return sign_in(self, key, self.origin, CONSOLE)


class Room:
    """The console's settings and people of a service that is not started yet. listen: address and port of the console;
    name: it is called so, and not only by its address."""

    def __init__(self, service, checked, listen=None, networks="127.0.0.1/32", name=None):
        listen = listen or f"127.0.0.1:{free_port()}"
        host, port = listen.rsplit(":", 1)
        self.service, self.url = service, f"https://{name or host}:{port}"
        self.public, self.folder = self.url, service.folder
        self.authority = Authority(self.folder / "ca")
        self.chain, self.key = chain, key = self.authority.issue([name, host] if name else [host])
        self.roots = self.folder / "roots.pem"
        for setting, value in {"console.listen": listen, "console.public_url": self.url, "console.certificate": chain,
                               "console.key": key, "console.authorities": self.roots, "console.web": TOP / "web/dist-console",
                               "access.networks": networks}.items():
            service.set(setting, f'"{value}"')
        words = self.folder / "root-words"
        words.write_text("the root's own words\n")
        self.pki("init", "--root-passphrase-file", words, "--root-key", self.folder / "pki-root.key")
        self.pki("export", "--ca", "--out", self.roots)
        self.root = Root(service, checked)
        self.root.must("organisation.add", id="o_room", kind="processor")
        self.root.must("organisation.add", id="o_other", kind="client")
        self.root.must("organisation.add", id="o_house", kind="operator")

    def pki(self, *words):
        known = ["--passphrase-file", self.service.passphrase] if hasattr(self.service, "passphrase") else []
        return self.service.command("pki", *words, *known)

    def person(self, name, function, organisation="o_room"):
        """With a passkey, which they enrol on the pages."""
        address = f"{name}@{organisation[2:]}.example"
        made = self.root.must("account.add", organisation=organisation, name=name, address=address, language="en",
                              function=function)
        person = Person(self.service, made["id"], address)
        person.must("POST", "/api/v1/enrolment/start", {"token": urllib.parse.urlsplit(made["link"]).fragment})
        person.key = Passkey(self.service, person.id)
        assert add(person, person.key).status == 200
        return person

    def issue(self, owner, *words):
        """(file, serial)"""
        file = self.folder / f"certificate-{time.monotonic_ns()}.pem"
        made = json.loads(self.pki("issue", owner, *words, "--plain", "--out", file, "--json").splitlines()[0])
        return file, made["serial"]
