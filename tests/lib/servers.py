"""Real servers on loopback for tests: Postfix with OpenDKIM, Dovecot, Radicale, Chromium. Each lives in
a folder of its own and is stopped by its process id."""

import base64
import email
import email.message
import email.policy
import os
import pathlib
import pwd
import re
import signal
import socket
import subprocess
import time
import urllib.request

from service import TOP, free_port, wait_for

LIB = pathlib.Path(__file__).resolve().parent


def port_answers(address, port):
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex((address, port)) == 0


def has_ended(pid):
    """Gone, or only waiting for its parent to notice."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


class Process:
    """A server in the foreground, its output in LOG."""

    def __init__(self, command, log):
        self.child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                      stdout=open(log, "ab"), stderr=subprocess.STDOUT,
                                      start_new_session=True)

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


class Dkim:
    """OpenDKIM as doc/operations.md sets it up: what comes from `internal` is signed, all else is
    verified and gets Authentication-Results of `authserv`. Keys are in a file, not in the DNS."""

    def __init__(self, folder, authserv, internal, domains, public_keys):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.port = free_port()
        key = self.folder / "key.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                        "-out", key], check=True, capture_output=True)
        public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"],
                                check=True, capture_output=True).stdout
        with open(public_keys, "a") as file:
            for domain in domains:
                file.write(f"one._domainkey.{domain} v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}\n")
        (self.folder / "internal").write_text(internal + "\n")
        (self.folder / "keys").write_text("".join(f"{d} {d}:one:{key}\n" for d in domains))
        (self.folder / "signing").write_text("".join(f"*@{d} {d}\n" for d in domains))
        (self.folder / "opendkim.conf").write_text(
            f"Syslog no\nMode sv\nSocket inet:{self.port}@127.0.0.1\nAuthservID {authserv}\n"
            f"KeyTable file:{self.folder}/keys\nSigningTable refile:{self.folder}/signing\n"
            f"InternalHosts file:{self.folder}/internal\nExternalIgnoreList file:{self.folder}/internal\n"
            f"TestPublicKeys {public_keys}\nCanonicalization relaxed/simple\nOversignHeaders From\n"
            f"SignHeaders *,+List-Unsubscribe-Post\n"
            f"AlwaysAddARHeader yes\nRequireSafeKeys no\nUserID root\n")
        self.process = None

    def start(self):
        self.process = Process(["opendkim", "-f", "-x", self.folder / "opendkim.conf"],
                               self.folder / "log")
        wait_for(lambda: port_answers("127.0.0.1", self.port), "OpenDKIM answers", 10)
        return self

    def stop(self):
        if self.process is not None:
            self.process.child.kill()    # asked, it waits for seconds
            self.process.child.wait()


MASTER = """\
{address}:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """An instance with own folders, listening on ADDRESS:PORT only, and on what `services`, lines
    of master.cf, say."""

    def __init__(self, folder, host, address, settings, port=None, services=""):
        self.folder = pathlib.Path(folder)
        self.address, self.port = address, port or free_port()
        self.log = self.folder / "log"
        for part in ("", "queue", "data", "boxes"):
            (self.folder / part).mkdir()
        postfix = pwd.getpwnam("postfix")
        os.chown(self.folder / "data", postfix.pw_uid, postfix.pw_gid)
        nobody = pwd.getpwnam("nobody")
        os.chown(self.folder / "boxes", nobody.pw_uid, nobody.pw_gid)
        (self.folder / "master.cf").write_text(MASTER.format(address=address, port=self.port) +
                                               services)
        main = {
            "compatibility_level": "3.6", "queue_directory": self.folder / "queue",
            "data_directory": self.folder / "data", "maillog_file": self.log,
            "maillog_file_prefixes": self.folder, "myhostname": host, "myorigin": host,
            "mydestination": "", "inet_interfaces": "127.0.0.1", "inet_protocols": "ipv4",
            "smtp_bind_address": address, "mynetworks": f"{address}/32", "alias_maps": "",
            "smtpd_recipient_restrictions": "permit_mynetworks, reject_unauth_destination",
            "milter_default_action": "tempfail", "smtp_dns_support_level": "disabled",
            "smtp_host_lookup": "native", "smtp_tls_security_level": "none",
            "smtpd_peername_lookup": "no", "biff": "no", **settings,
        }
        (self.folder / "main.cf").write_text("".join(f"{k} = {v}\n" for k, v in main.items()))
        self.started = False

    def command(self, verb):
        return subprocess.run(["postfix", "-c", self.folder, verb], capture_output=True, text=True,
                              timeout=30)

    def queue(self, *words):
        """postqueue: "-p" lists, "-f" tries all again."""
        return subprocess.run(["postqueue", "-c", self.folder, *words], capture_output=True, text=True,
                              timeout=20).stdout

    def start(self):
        done = self.command("start")
        # Postfix says what is wrong to a terminal or to its log service, which is not there yet.
        assert done.returncode == 0, f"{self.folder}: postfix start failed; try it in a terminal"
        self.started = True
        wait_for(lambda: port_answers(self.address, self.port), f"Postfix on {self.address}", 10)
        return self

    def stop(self):
        if not self.started:
            return
        self.started = False
        # As `postfix stop` does, which waits for seconds of its own.
        pid = int((self.folder / "queue/pid/master.pid").read_text())
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: has_ended(pid),
                 f"Postfix on {self.address} ends", 10)

    def box(self, address):
        """The messages of a mailbox, oldest first."""
        local, domain = address.split("@")
        folder = self.folder / "boxes" / domain / local / "new"
        files = sorted(folder.iterdir(), key=lambda f: f.stat().st_mtime_ns) if folder.is_dir() else []
        return [email.message_from_bytes(f.read_bytes(), policy=email.policy.default) for f in files]


class Authority:
    """A certificate authority of its own, in FILE (PEM)."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.file = self.folder / "ca.pem"
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Authority of the tests")
        self.file.chmod(0o644)

    def run(self, *words):
        subprocess.run(["openssl", *map(str, words)], cwd=self.folder, check=True, capture_output=True)

    def issue(self, name, days=30):
        """(certificate, key) of a server that is reached as NAME or 127.0.0.1."""
        (self.folder / f"{name}.ext").write_text(f"subjectAltName=DNS:{name},IP:127.0.0.1\n")
        self.run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                 f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        self.run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", days,
                 "-extfile", f"{name}.ext", "-out", f"{name}.pem")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"


DOVECOT = """\
base_dir = {run}
state_dir = {run}
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <{cert}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
disable_plaintext_auth = yes
auth_failure_delay = 0
auth_mechanisms = plain login
mail_max_userip_connections = 50
passdb {{
  driver = passwd-file
  args = scheme=SHA512-CRYPT {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener sasl {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
protocol lmtp {{
  postmaster_address = postmaster@boite.example
}}
"""


class Dovecot:
    """A provider's mailboxes: IMAP (STARTTLS) and IMAPS, LMTP for its Postfix, SASL for
    submission. `users`: password by address."""

    def __init__(self, folder, certificate, users):
        self.folder = pathlib.Path(folder)
        self.imap, self.imaps, self.lmtp, self.sasl = (free_port() for _ in range(4))
        for part in ("", "mail", "run"):
            (self.folder / part).mkdir()
        nobody = pwd.getpwnam("nobody")
        os.chown(self.folder / "mail", nobody.pw_uid, nobody.pw_gid)
        self.config = self.folder / "dovecot.conf"
        self.process, self.changes = None, 0
        self.write(certificate, users)

    def write(self, certificate, users):
        cert, key = certificate
        self.config.write_text(DOVECOT.format(folder=self.folder, run=self.folder / "run", cert=cert, key=key,
                                              imap=self.imap, imaps=self.imaps, lmtp=self.lmtp, sasl=self.sasl))
        self.set_users(users)

    def set_users(self, users):
        hashes = {a: subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=p + "\n", check=True,
                                    capture_output=True, text=True).stdout.strip() for a, p in users.items()}
        (self.folder / "users").write_text("".join(f"{a}:{h}\n" for a, h in hashes.items()))
        (self.folder / "users").chmod(0o644)
        # Dovecot looks once a second whether the second of the file's date has changed.
        self.changes += 1
        os.utime(self.folder / "users", (time.time(), time.time() + 2 * self.changes))
        if self.process is not None:
            time.sleep(1.1)

    def start(self):
        self.process = Process(["dovecot", "-F", "-c", self.config], self.folder / "out")
        try:
            wait_for(lambda: port_answers("127.0.0.1", self.imaps), "Dovecot answers", 10)
        except AssertionError as problem:
            said = [(self.folder / name).read_text()[-300:] for name in ("out", "log") if (self.folder / name).exists()]
            raise AssertionError(f"{problem}: {said}") from None
        return self

    def stop(self, kill=False):
        """Its master is ended and its children follow it; with `kill` all of them by SIGKILL."""
        if self.process is None:
            return
        if kill:
            os.killpg(self.process.child.pid, signal.SIGKILL)    # the session that Process began
        self.process.stop()
        self.process.child.wait()
        wait_for(lambda: not port_answers("127.0.0.1", self.imaps), "Dovecot is gone", 10)

    def doveadm(self, *words):
        done = subprocess.run(["doveadm", "-c", self.config, *map(str, words)], capture_output=True, text=True,
                              timeout=20)
        assert done.returncode == 0, f"doveadm {words}: {done.stderr.strip()}"
        return done.stdout

    def submission(self, port, wrapped=True):
        """A line of master.cf for Postfix, and the settings it wants."""
        options = [f"smtpd_tls_wrappermode={'yes' if wrapped else 'no'}", "smtpd_tls_security_level=encrypt",
                   "smtpd_sasl_auth_enable=yes", "smtpd_sasl_type=dovecot",
                   f"smtpd_sasl_path=inet:127.0.0.1:{self.sasl}",
                   "smtpd_recipient_restrictions=permit_sasl_authenticated,reject",
                   "smtpd_relay_restrictions=permit_sasl_authenticated,reject"]
        return (f"127.0.0.1:{port} inet n - n - - smtpd\n" + "".join(f"  -o {o}\n" for o in options))


def boxes(folder, addresses):
    """Settings of an instance that delivers into mailboxes of its own (Maildir)."""
    nobody = pwd.getpwnam("nobody")
    table = ", ".join(f"{a}={a.split('@')[1]}/{a.split('@')[0]}/" for a in addresses)
    return {"virtual_mailbox_base": folder / "boxes", "virtual_mailbox_maps": f"inline:{{{table}}}",
            "virtual_mailbox_domains": ", ".join({a.split("@")[1] for a in addresses}),
            "virtual_uid_maps": f"static:{nobody.pw_uid}", "virtual_gid_maps": f"static:{nobody.pw_gid}"}


class Radicale:
    """A CalDAV server with users and bcrypt passwords."""

    def __init__(self, folder, users):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.users = users
        # Debian's Python has the bcrypt module that Radicale itself uses.
        hashes = subprocess.run(
            ["/usr/bin/python3", "-c", "import bcrypt, sys\n"
             "for p in sys.argv[1:]: print(bcrypt.hashpw(p.encode(), bcrypt.gensalt(5)).decode())",
             *users.values()], check=True, capture_output=True, text=True).stdout.split()
        (self.folder / "users").write_text("".join(f"{u}:{h}\n" for u, h in zip(users, hashes)))
        (self.folder / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{self.port}\n[auth]\ntype = htpasswd\n"
            f"htpasswd_filename = {self.folder}/users\nhtpasswd_encryption = bcrypt\ndelay = 1\n"
            f"[rights]\ntype = owner_only\n[storage]\nfilesystem_folder = {self.folder}/store\n"
            f"[logging]\nlevel = warning\n")
        self.process = None

    def start(self):
        self.process = Process(["radicale", "--config", self.folder / "config"], self.folder / "log")
        wait_for(lambda: port_answers("127.0.0.1", self.port), "Radicale answers", 15)
        return self

    def stop(self):
        if self.process is not None:
            self.process.stop()

    def ask(self, user, method, path, body=None, kind="text/calendar; charset=utf-8"):
        request = urllib.request.Request(self.url + path, method=method,
                                         data=None if body is None else body.encode())
        word = base64.b64encode(f"{user}:{self.users[user]}".encode()).decode()
        request.add_header("Authorization", "Basic " + word)
        request.add_header("Content-Type", kind)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode()

    def make_calendar(self, user, name):
        self.ask(user, "MKCALENDAR", f"/{user}/{name}/",
                 '<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
                 '<D:set><D:prop><C:supported-calendar-component-set><C:comp name="VEVENT"/>'
                 '</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>', "application/xml")

    def events(self, user, name):
        """The VEVENT texts of a calendar, by UID: one GET of the collection."""
        text = self.ask(user, "GET", f"/{user}/{name}/").replace("\r\n", "\n").replace("\n ", "")
        found = re.findall(r"BEGIN:VEVENT\n.*?END:VEVENT", text, re.S)
        return {re.search(r"^UID:(.*)$", e, re.M).group(1): e for e in found}


def ical_line(text, name):
    """Value of the first line NAME[;parameters]: in unfolded iCalendar text."""
    match = re.search(rf"^{name}(?:;[^:\n]*)?:(.*)$", text.replace("\r\n", "\n").replace("\n ", ""), re.M)
    return match.group(1).strip() if match else None


def calendar_part(mail):
    """(METHOD, text) of a message's text/calendar part."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            return part.get_param("method"), part.get_content()
    return None, ""


def plain(mail):
    return mail.get_body(("plain",)).get_content()


def compose(sender, to, subject, text, cc=(), answers=None, headers=()):
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, ", ".join(to), subject
    if cc:
        mail["Cc"] = ", ".join(cc)
    mail["Date"] = email.utils.localtime()
    mail["Message-ID"] = email.utils.make_msgid(domain=sender.rsplit("@")[-1].rstrip(">"))
    if answers is not None:
        mail["In-Reply-To"] = answers["Message-ID"]
        mail["References"] = " ".join(filter(None, [answers["References"], answers["Message-ID"]]))
        quoted = "".join(f"> {line}\n" for line in plain(answers).splitlines())
        text = f"{text}\n\nLe jeudi 26 novembre 2026 à 10:02, {answers['From']} a écrit :\n\n{quoted}"
    for name, value in headers:
        mail[name] = value
    mail.set_content(text)
    return mail


def swaks(mail, server, port, recipients, local=None):
    """Hands the message over by swaks; its transcript."""
    command = ["swaks", "--server", server, "--port", str(port), "--from",
               email.utils.parseaddr(mail["From"])[1], "--to", ",".join(recipients), "--data", "-",
               "--suppress-data", "--timeout", "10"]
    if local:
        command += ["--local-interface", local]
    done = subprocess.run(command, input=mail.as_bytes().decode(), capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, f"swaks: {done.stdout[-400:]}{done.stderr[-200:]}"
    return done.stdout


def press(url, choice):
    """A person opens a personal link in Chromium and presses the button of that choice; the text
    of the page then."""
    done = subprocess.run(["node", LIB / "press.cjs", url, str(choice)], capture_output=True, text=True,
                          timeout=60, cwd=TOP / "web")
    assert done.returncode == 0, f"press: {done.stderr[-400:]}"
    return done.stdout
