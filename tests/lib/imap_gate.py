"""Between mailin and an IMAP server: both sides TLS, every line seen, and a gate that can hold
the server's answers back, so that a process can be killed at an exact moment."""

import socket
import ssl
import threading


class Gate:
    """Listens on PORT with CERTIFICATE; passes all on to the server on BACKEND (IMAPS).
    `hold`: bytes of a client's line at whose first sight the answers stop, for good;
    `held` is set then."""

    def __init__(self, port, certificate, backend):
        self.backend = backend
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(*certificate)
        self.hold, self.from_answers = None, False
        self.held = threading.Event()
        self.lines = []    # what clients have said
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.accept, daemon=True).start()

    def arm(self, words, answers=False):
        """Answers stop when the client has said `words`; with `answers`, just before the tagged
        answer to that."""
        self.held.clear()
        self.from_answers, self.hold = answers, words

    def disarm(self):
        self.hold = None

    def accept(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(raw,), daemon=True).start()

    def serve(self, raw):
        try:
            client = self.server.wrap_socket(raw, server_side=True)
            context = ssl._create_unverified_context()
            server = context.wrap_socket(socket.create_connection(("127.0.0.1", self.backend)))
        except OSError:
            raw.close()
            return
        state = {"stopped": False, "tag": None}
        threading.Thread(target=self.down, args=(server, client, state), daemon=True).start()
        try:
            for line in client.makefile("rb"):
                self.lines.append(line)
                if self.hold and self.hold in line:
                    if self.from_answers:
                        state["tag"] = line.split()[0] + b" "
                    else:
                        state["stopped"] = True
                        self.held.set()
                server.sendall(line)
        except OSError:
            pass
        for s in (server, client):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def down(self, server, client, state):
        try:
            for line in server.makefile("rb"):
                if state["tag"] and line.startswith(state["tag"]):
                    state["stopped"] = True
                    self.held.set()
                if not state["stopped"]:
                    client.sendall(line)
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self):
        self.listener.close()
