"""Between calsync and a CalDAV server: a proxy with moods. In each mood but "well" it answers as
servers and what stands before them do on a bad day."""

import http.client
import http.server
import re
import threading
import time

SLOW_S = 8
HUGE_BYTES = 40 << 20       # more than calsync reads


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.body, self.cut = status, body, False
        self.headers = {k.lower(): v for k, v in headers
                        if k.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server")}

    def replace(self, pattern, by):
        self.body = re.sub(pattern, by, self.body, flags=re.S)


def fails(status):
    def mood(answer):
        answer.status, answer.headers, answer.body = status, {}, b"not now"
        if status == 401:
            answer.headers["www-authenticate"] = 'Basic realm="calendars"'
    return mood


def cut(answer):
    answer.cut = True


def wrong_etag(answer):
    answer.replace(rb"(<(?:\w+:)?getetag>)[^<]*", rb'\1&quot;another&quot;')
    if "etag" in answer.headers:
        answer.headers["etag"] = '"another"'


def no_etag(answer):
    answer.replace(rb"<(?:\w+:)?getetag>[^<]*</(?:\w+:)?getetag>", b"")
    answer.headers.pop("etag", None)


def truncated(answer):
    answer.body = answer.body[:len(answer.body) * 2 // 3]


def huge(answer):
    answer.headers["content-type"] = "application/xml"
    answer.body = b"<?xml version='1.0'?><x>" + b"<y>all of it</y>" * (HUGE_BYTES // 16) + b"</x>"


def wrong_type(answer):
    answer.headers["content-type"] = "text/html"
    answer.body = b"<!doctype html><title>Sign in</title><p>Your session has ended."


def other_uid(answer):
    answer.replace(rb"UID:[^\r\n]*", b"UID:somebody-else@elsewhere.example")


# What becomes of an answer. Before the request: SLOW, REFUSED.
MOODS = {
    "well": lambda answer: None, "500": fails(500), "503": fails(503), "401": fails(401), "cut": cut,
    "wrong etag": wrong_etag, "no etag": no_etag, "truncated": truncated, "huge": huge,
    "wrong type": wrong_type, "other uid": other_uid,
    "slow": lambda answer: None, "412 on PUT": lambda answer: None, "PUT unanswered": lambda answer: None,
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def forward(self):
        proxy, mood = self.server.proxy, self.server.proxy.mood
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        proxy.asked[mood] = proxy.asked.get(mood, 0) + 1
        if mood == "slow":
            time.sleep(proxy.slow_s)
        if mood == "412 on PUT" and self.command == "PUT":
            return self.give(Answer(412, [], b""))
        link = http.client.HTTPConnection("127.0.0.1", proxy.backend, timeout=30)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")}
        link.request(self.command, self.path, body, {**headers, "Host": self.headers["host"]})
        got = link.getresponse()
        answer = Answer(got.status, got.getheaders(), got.read())
        link.close()
        if mood == "PUT unanswered" and self.command in ("PUT", "DELETE"):
            answer.cut, answer.body = True, b"?"
        else:
            MOODS[mood](answer)
        return self.give(answer)

    def give(self, answer):
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[:len(answer.body) // 2] if answer.cut else answer.body)
        self.close_connection = answer.cut

    do_GET = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = do_OPTIONS = forward


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass    # a client that is killed is no news


class LyingCalendar:
    """`asked`: requests that came in each mood."""

    def __init__(self, backend, slow_s=SLOW_S):
        self.backend, self.slow_s, self.mood, self.asked = backend, slow_s, "well", {}
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.proxy = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
