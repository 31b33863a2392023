"""A steady load on a service: pages on new and on kept connections, guests who answer, mails. It
counts what failed. An answer that says `Connection: close` ends a kept connection, as it may; an
MTA that is told 4xx comes again."""

import collections
import email.message
import email.policy
import email.utils
import http.client
import re
import smtplib
import socket
import threading
import time
import urllib.parse

from mta import Lmtp, verified

ASSISTANT = "camille@assist.example"
HOST = "meet.example"
CLIENTS = 4
LINK = re.compile(r"https?://meet\.example(/r/[\w-]+)")
CHOICE = re.compile(r'name="choice"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="choice"')


def request_mail(number):
    """A client asks for a meeting with a guest of this number: (sender, bytes)."""
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    sender = f"client{number % CLIENTS}@lagune.example"
    mail["From"], mail["To"] = f"Client {number % CLIENTS} <{sender}>", f"Paul <{guest(number)}>"
    mail["Cc"], mail["Subject"] = f"Camille <{ASSISTANT}>", f"Point {number}"
    mail["Message-ID"], mail["Date"] = f"<{number}@lagune.example>", email.utils.localtime()
    mail.set_content("Bonjour Paul,\n\nCamille (en copie) va nous trouver 30 minutes au téléphone la semaine "
                     "prochaine.\n\nBien à toi\n")
    return sender, verified(mail.as_bytes(), "lagune.example")


def guest(number):
    return f"paul{number}@ailleurs.example"


class Caller:
    """Requests to one listener, each on a new connection or all on one that is kept."""

    def __init__(self, port, context=None, kept=True, host=HOST):
        self.port, self.context, self.kept, self.host, self.sock = port, context, kept, host, None

    def connect(self):
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        return raw if self.context is None else self.context.wrap_socket(raw, server_hostname=HOST)

    def __call__(self, path, form=None):
        """(status, body); an exception when there was no whole answer."""
        if self.sock is None:
            self.sock = self.connect()
        body = b"" if form is None else urllib.parse.urlencode(form).encode()
        head = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", f"Host: {self.host}"]
        if form is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        try:
            self.sock.sendall("\r\n".join([*head, "", ""]).encode() + body)
            answer = http.client.HTTPResponse(self.sock)
            answer.begin()
            text = answer.read().decode()
        except Exception:
            self.close()
            raise
        if not self.kept or (answer.getheader("Connection") or "").lower() == "close":
            self.close()
        return answer.status, text

    def close(self):
        if self.sock is not None:
            self.sock.close()
            self.sock = None


class Load:
    """Threads that ask until `stop`; `failed` is what went wrong, `ms` how long each request took."""

    def __init__(self, sink, lmtp_port):
        self.sink, self.lmtp_port = sink, lmtp_port
        self.ms, self.failed = collections.deque(), collections.deque()
        self.mails, self.deferred, self.answered = 0, 0, set()
        self.links = {}     # by the guest's number
        self.ended = threading.Event()
        self.threads = []
        self.start = time.monotonic()

    def every(self, seconds, act):
        """Calls act() so often in a thread of its own; late ones are made up for."""
        def run():
            due = time.monotonic()
            while not self.ended.is_set():
                try:
                    act()
                except Exception as problem:  # noqa: BLE001
                    self.failed.append(f"{time.monotonic() - self.start:.2f} s: {act.__name__}: {type(problem).__name__} {problem}")
                due += seconds
                self.ended.wait(max(0.0, due - time.monotonic()))
        self.threads.append(threading.Thread(target=run, daemon=True))

    def timed(self, caller, wanted, path, form=None):
        start = time.monotonic()
        status, text = caller(path, form)
        self.ms.append((time.monotonic() - start) * 1000)
        assert status in wanted, f"{path.split('/')[1]}: {status} {text[:150] if status != 200 else ''}"
        return text

    def pages(self, make, count, seconds):
        """`count` threads that ask for pages by callers of their own."""
        for _ in range(count):
            caller, turn = make(), [0]

            def page(caller=caller, turn=turn):
                turn[0] += 1
                paths = ["/healthz", "/guest.css", *list(self.links.values())[-5:]]
                self.timed(caller, (200,), paths[turn[0] % len(paths)])
            self.every(seconds, page)

    def redirects(self, make, count, seconds):
        for _ in range(count):
            self.every(seconds, lambda caller=make(): self.timed(caller, (301,), "/r/x"))

    def look_for_links(self):
        for number in range(self.mails):
            if number in self.links:
                continue
            for mail in self.sink.box(guest(number)):
                found = LINK.search(mail.get_body(("plain",)).get_content())
                if found:
                    self.links[number] = found.group(1)

    def answers(self, make, seconds):
        """Each guest who has got times chooses one, once."""
        caller = make()

        def answer():
            self.look_for_links()
            open_ones = [n for n in self.links if n not in self.answered]
            if not open_ones:
                return
            number, choice = open_ones[0], None
            page = self.timed(caller, (200,), self.links[number])
            choice = next(c for c in CHOICE.search(page).groups() if c)
            self.answered.add(number)
            self.timed(caller, (303,), self.links[number], {"choice": choice, "text": ""})
        self.every(seconds, answer)

    def mail(self, seconds, limit=10 ** 9):
        kept = [None]

        def send():
            if self.mails >= limit:
                return
            sender, data = request_mail(self.mails)
            while True:
                try:
                    kept[0] = kept[0] or Lmtp(self.lmtp_port)
                    kept[0].send(sender, ASSISTANT, data)
                    break
                except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, smtplib.SMTPHeloError,
                        smtplib.SMTPSenderRefused, smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused) as problem:
                    code = getattr(problem, "smtp_code", 421)
                    assert 400 <= code < 500, problem
                    kept[0] = None
                    self.deferred += 1
            self.mails += 1
            if self.mails % 4 == 0:     # a new connection now and then
                kept[0].client.close()
                kept[0] = None
        self.every(seconds, send)

    def __enter__(self):
        self.start = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        for thread in self.threads:
            thread.join(40)
        self.seconds = time.monotonic() - self.start

    def report(self, what):
        ms = sorted(self.ms)
        print(f"# {what}: {len(ms)} requests in {self.seconds:.0f} s ({len(ms) / self.seconds:.0f}/s), {len(self.failed)} failed, "
              f"p50 {ms[len(ms) // 2]:.1f} ms, p99 {ms[len(ms) * 99 // 100]:.0f} ms, worst {ms[-1]:.0f} ms; "
              f"{self.mails} mails, {self.deferred} told to come again; {len(self.answered)} guests answered", flush=True)
        assert not self.failed, f"{what}: {len(self.failed)} failed: {list(self.failed)[:3]}"
