"""An ordinary mailbox at a provider, and a service that uses it. The provider is a Postfix (mail
from the world by SMTP with OpenDKIM; submission over TLS with user and password) and a Dovecot (IMAP
over TLS), on 127.0.0.1; the world's mail server is a second Postfix on 127.0.0.2."""

import json
import os

from imap_gate import Gate
from servers import Authority, Dkim, Dovecot, Postfix, boxes, compose, swaks
from service import Service, free_port, wait_for

PROVIDER, WORLD = "127.0.0.1", "127.0.0.2"
AUTHSERV = "mx.boite.example"
ASSISTANT = "camille@boite.example"
PASSWORD = "Trois mots, une virgule"
NORA, GUEST = "nora@lagune.example", "paul@estuaire.example"
LIMIT = 30 * 1024 * 1024


class World:
    def __init__(self, build):
        self.service = Service(build, demo=False)
        folder = self.service.folder
        keys = folder / "public-keys"
        self.authority = Authority(folder / "authority")
        self.certificate = self.authority.issue("mail.boite.example")
        self.dovecot = Dovecot(folder / "dovecot", self.certificate, {ASSISTANT: PASSWORD})
        self.dkims = [Dkim(folder / "dkim-provider", AUTHSERV, "127.0.0.9", ["boite.example"], keys),
                      Dkim(folder / "dkim-world", "mx.world.example", WORLD,
                           ["lagune.example", "estuaire.example"], keys)]
        provider, world = folder / "postfix-provider", folder / "postfix-world"
        provider_port, world_port, self.smtps, self.submission = (free_port() for _ in range(4))
        self.world = Postfix(world, "mx.world.example", WORLD, {
            **boxes(world, [NORA, GUEST]), "message_size_limit": 64 << 20, "virtual_mailbox_limit": 64 << 20,
            "transport_maps": f"inline:{{boite.example=smtp:[{PROVIDER}]:{provider_port}}}",
            "smtpd_milters": f"inet:127.0.0.1:{self.dkims[1].port}"}, world_port)
        self.provider = Postfix(provider, AUTHSERV, PROVIDER, {
            "virtual_mailbox_domains": "boite.example", "virtual_mailbox_maps": f"inline:{{{ASSISTANT}=ok}}",
            "virtual_transport": f"lmtp:inet:127.0.0.1:{self.dovecot.lmtp}", "message_size_limit": 64 << 20,
            "mynetworks": "127.0.0.9/32", "relayhost": f"[{WORLD}]:{world_port}",
            "smtpd_tls_cert_file": self.certificate[0], "smtpd_tls_key_file": self.certificate[1],
            "smtpd_tls_security_level": "may", "smtpd_sasl_auth_enable": "no",
            "smtpd_milters": f"inet:127.0.0.1:{self.dkims[0].port}"}, provider_port,
            self.dovecot.submission(self.smtps) + self.dovecot.submission(self.submission, wrapped=False))
        self.gate = Gate(free_port(), self.authority.issue("gate.boite.example"), self.dovecot.imaps)
        self.gate_port = self.gate.listener.getsockname()[1]
        self.password_file = folder / "password"
        self.set_password(PASSWORD)
        for key, value in {
                "mode": '"mailbox"', "assistant.address": f'"{ASSISTANT}"',
                "imap.host": '"127.0.0.1"', "imap.port": self.dovecot.imaps, "imap.user": f'"{ASSISTANT}"',
                "imap.password_file": f'"{self.password_file}"', "imap.poll_s": 1,
                "mail.host": '"127.0.0.1"', "mail.port": self.smtps, "mail.tls": '"implicit"',
                "mail.user": f'"{ASSISTANT}"', "mail.password_file": f'"{self.password_file}"',
                "mail.ca_file": f'"{self.authority.file}"', "mail.authserv": f'"{AUTHSERV}"'}.items():
            self.service.set(key, value)

    def set_password(self, password):
        self.password_file.write_text(password + "\n")
        self.password_file.chmod(0o600)

    def start(self):
        for server in [*self.dkims, self.world, self.dovecot, self.provider]:
            server.start()
        os.chmod(self.authority.folder, 0o755)
        self.service.command("person", "add", "--passphrase-file", self.service.passphrase, "--client",
                             "--language", "fr", f"Nora Keller <{NORA}>")
        self.service.start()

    def stop(self):
        self.gate.close()
        self.dovecot.stop()
        for server in [self.provider, self.world, *self.dkims]:
            server.stop()

    def __enter__(self):
        try:
            self.start()
        except BaseException as problem:
            self.stop()
            self.service.__exit__(problem)
            raise
        return self

    def __exit__(self, *error):
        self.stop()
        self.service.__exit__(*error)

    # What people do and see

    def send(self, mail, recipients=(ASSISTANT,)):
        """By the world's mail server, as a person's mail program does."""
        swaks(mail, WORLD, self.world.port, list(recipients), WORLD)

    def ask(self, subject, wish="une demi-heure au téléphone la semaine prochaine"):
        """Nora asks for a meeting with Paul; only the assistant gets that mail."""
        mail = compose(f"Nora Keller <{NORA}>", [f"Paul Estève <{GUEST}>"], subject,
                       f"Paul,\n\nCamille nous propose {wish}.\n\nNora\n", cc=[f"Camille <{ASSISTANT}>"])
        self.send(mail)
        return mail

    def about(self, address, subject):
        return [m for m in self.world.box(address) if ASSISTANT in m["From"] and subject in m["Subject"]]

    def mail_of(self, address, subject, what, fits=lambda mail: True, seconds=15):
        def look():
            found = [m for m in self.about(address, subject) if fits(m)]
            return found[-1] if found else None
        return wait_for(look, what, seconds)

    def events(self, name, role=None):
        found = [json.loads(line) for line in self.service.log.read_text(errors="replace").splitlines()
                 if line.startswith("{") and f'"{name}"' in line]
        return [e for e in found if role is None or e.get("role") == role or role in json.dumps(e)]

    def restart(self, **settings):
        self.service.stop()
        for key, value in settings.items():
            self.service.set(key.replace("__", "."), value)
        self.service.start()

    def accepted(self):
        return len({e["message.id"] for e in self.events("mail.message.accepted")})

    def flags(self, query="ALL"):
        return self.dovecot.doveadm("fetch", "-u", ASSISTANT, "uid flags", "mailbox", "INBOX", query)

    def unseen(self):
        return self.dovecot.doveadm("search", "-u", ASSISTANT, "mailbox", "INBOX", "unseen").splitlines()
