"""An MTA for tests that need no Postfix: what the service sends by SMTP is kept here, and mail
is handed to its LMTP port."""

import contextlib
import email
import email.policy
import smtplib
import socket
import socketserver
import threading
import time

from service import wait_for


class Session(socketserver.StreamRequestHandler):
    def reply(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reply("220 sink ready")
        recipients = []
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.reply("354 go on")
                data = self.message()
                if data is None:
                    return
                self.server.keep(recipients, data)
                self.reply("250 kept")
                recipients = []
            elif word == b"QUIT":
                self.reply("221 bye")
                return
            else:
                if word == b"RCPT":
                    recipients.append(line.split(b"<")[1].split(b">")[0].decode())
                self.reply("250 sink" if word != b"EHLO" else "250-sink\r\n250 8BITMIME")

    def message(self):
        """None: who sent it has died in the middle."""
        lines = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
        return None


class Sink(socketserver.ThreadingTCPServer):
    """Takes all mail. `kept`: (monotonic seconds, recipients, bytes) of each message."""
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Session)
        self.port = self.server_address[1]
        self.kept, self.sessions = [], set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass    # a client that goes away in the middle is no news

    def keep(self, recipients, data):
        self.kept.append((time.monotonic(), recipients, data))

    def process_request(self, request, client_address):
        self.sessions.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self.sessions.discard(request)
        super().shutdown_request(request)

    def close(self):
        """As when an MTA ends: what is open ends as well, and takes no more mail."""
        self.shutdown()
        self.server_close()
        for request in list(self.sessions):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def parse(data):
        return email.message_from_bytes(data, policy=email.policy.default)

    def box(self, address):
        return [self.parse(data) for _, recipients, data in list(self.kept) if address in recipients]

    def wait(self, address, what, fits=lambda mail: True, seconds=60):
        """The newest message to `address` that fits."""
        def look():
            found = [m for m in self.box(address) if fits(m)]
            return found[-1] if found else None
        return wait_for(look, what, seconds)


def mta_settings(sink, lmtp_port, authserv="mx.test.example"):
    """Settings of an installation that has this sink for an MTA."""
    return {"mode": '"mta"', "lmtp.listen": f'"127.0.0.1:{lmtp_port}"', "mail.host": '"127.0.0.1"',
            "mail.port": sink.port, "mail.tls": '"none"', "mail.authserv": f'"{authserv}"'}


def verified(data, domain, authserv="mx.test.example"):
    """The message as our MTA hands it over once it has verified the sender's domain."""
    return f"Authentication-Results: {authserv}; dkim=pass header.d={domain}\r\n".encode() + data


class Lmtp:
    """One LMTP connection, kept open."""

    def __init__(self, port):
        self.client = smtplib.LMTP("127.0.0.1", port)
        self.client.ehlo("mx.test.example")

    def send(self, sender, recipient, data):
        """Returns once the service has said 250; AssertionError if it did not."""
        refused = self.client.sendmail(sender, [recipient], data)
        assert not refused, refused

    def close(self):
        self.client.quit()
