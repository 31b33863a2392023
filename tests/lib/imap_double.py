"""An IMAP server of one mailbox over TLS that has the habits that a test gives it, among them some
that no good server has."""

import re
import socket
import ssl
import threading


class ImapDouble:
    """mails: {uid: bytes}. Habits: `capabilities`, `refuses` (words of commands that get NO),
    `uidnext` (whether SELECT tells it), `greeting_after_login` (what LOGIN answers instead of OK),
    `extra_search` (numbers that every SEARCH adds), `noise` (lines before each tagged answer),
    `bye_at` (a word at which the connection ends, once), `lies` (sizes by uid)."""

    def __init__(self, certificate):
        self.mails, self.said, self.flags = {}, [], {}
        self.capabilities, self.refuses, self.uidnext = "IMAP4rev1 UIDPLUS MOVE", [], True
        self.login_answer, self.extra_search, self.noise, self.bye_at, self.lies = None, [], [], None, {}
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(raw,), daemon=True).start()

    def serve(self, raw):
        try:
            client = self.context.wrap_socket(raw, server_side=True)
            client.sendall(b"* OK a double\r\n")
            for line in client.makefile("rb"):
                tag, _, command = line.decode().strip().partition(" ")
                self.said.append(command)
                if self.bye_at and self.bye_at in command:
                    self.bye_at = None
                    client.sendall(b"* BYE for now\r\n")
                    break
                answers, result = self.answer(command, client)
                if command.startswith("UID"):
                    answers += self.noise
                client.sendall(b"".join(answers) + f"{tag} {result}\r\n".encode())
                if command == "LOGOUT":
                    break
            client.close()
        except OSError:
            pass

    def uids(self, text):
        found = set()
        for part in text.split(","):
            low, _, high = part.partition(":")
            top = max(self.mails, default=0)
            ends = [int(low), top if high == "*" else int(high or low)]
            found |= {uid for uid in self.mails if min(ends) <= uid <= max(ends)}
        return sorted(found)

    def answer(self, command, client):
        words = command.split()
        verb = " ".join(words[:2]).upper() if words[0].upper() == "UID" else words[0].upper()
        if any(word in command for word in self.refuses):
            return [], "NO not here"
        if verb == "CAPABILITY":
            return [f"* CAPABILITY {self.capabilities}\r\n".encode()], "OK done"
        if verb in ("LOGIN", "AUTHENTICATE"):
            if verb == "AUTHENTICATE" and len(words) == 2:
                client.sendall(b"+ \r\n")
                client.recv(4096)
            return [], self.login_answer or "OK in"
        if verb == "SELECT":
            found = [f"* {len(self.mails)} EXISTS\r\n", "* OK [UIDVALIDITY 17] numbers\r\n"]
            if self.uidnext:
                found.append(f"* OK [UIDNEXT {max(self.mails, default=0) + 1}] next\r\n")
            return [line.encode() for line in found], "OK [READ-WRITE] selected"
        if verb == "UID SEARCH":
            numbers = self.uids(words[3]) + self.extra_search
            return [("* SEARCH" + "".join(f" {n}" for n in numbers) + "\r\n").encode()], "OK done"
        if verb == "UID FETCH":
            return self.fetch(self.uids(words[2]), command), "OK done"
        if verb == "UID STORE":
            for uid in self.uids(words[2]):
                self.flags.setdefault(uid, set()).update(re.findall(r"\\\w+", command))
        return [], "OK done"

    def fetch(self, uids, command):
        answers = []
        for uid in uids:
            data = self.mails[uid]
            if "RFC822.SIZE" in command:
                answers.append(f"* {uid} FETCH (UID {uid} RFC822.SIZE {self.lies.get(uid, len(data))})\r\n".encode())
                continue
            if "[HEADER]" in command:
                data = data.split(b"\r\n\r\n")[0] + b"\r\n\r\n"
            answers.append(b"* %d FETCH (FLAGS (\\Recent) BODY[] {%d}\r\n%s UID %d)\r\n" % (uid, len(data), data, uid))
        return answers

    def close(self):
        self.listener.close()
