"""An ACME authority for tests (RFC 8555), as far as a client needs it: it believes every signature, looks
at the challenge over plain HTTP at an address it is told, and signs what it is sent."""

import base64
import http.server
import json
import secrets
import subprocess
import threading
import urllib.request


def unpack(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Acme(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, authority, look_at):
        """look_at: (address, port) where names are, instead of in the DNS."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.authority, self.look_at = authority, look_at
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.orders, self.looked = {}, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()

    def look(self, order):
        path = f"/.well-known/acme-challenge/{order['token']}"
        request = urllib.request.Request("http://{}:{}".format(*self.look_at) + path, headers={"Host": order["name"]})
        with urllib.request.urlopen(request, timeout=5) as answer:
            self.looked.append(answer.read().decode().strip())
        order["status"] = "ready" if self.looked[-1].startswith(order["token"] + ".") else "invalid"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def say(self, code, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        for name, value in {"Replay-Nonce": secrets.token_urlsafe(16), "Content-Type": "application/json",
                            "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_GET(self):
        url = self.server.url
        self.say(200, {name: f"{url}/{name}" for name in ("newNonce", "newAccount", "newOrder", "revokeCert", "keyChange")}
                 if self.path == "/directory" else {})

    do_HEAD = do_GET

    def order(self, number):
        order, url = self.server.orders[number], self.server.url
        body = {"status": order["status"], "identifiers": [{"type": "dns", "value": order["name"]}],
                "authorizations": [f"{url}/authz/{number}"], "finalize": f"{url}/finalize/{number}"}
        if order["status"] == "valid":
            body["certificate"] = f"{url}/cert/{number}"
        return body

    def authorization(self, number):
        order = self.server.orders[number]
        status = "pending" if order["status"] == "pending" else "valid"
        return {"status": status, "identifier": {"type": "dns", "value": order["name"]},
                "challenges": [self.challenge(number)]}

    def challenge(self, number):
        order = self.server.orders[number]
        return {"type": "http-01", "url": f"{self.server.url}/challenge/{number}", "token": order["token"],
                "status": "pending" if order["status"] == "pending" else "valid"}

    def sign(self, order, request):
        pem = subprocess.run(["openssl", "req", "-inform", "DER"], input=request, capture_output=True, check=True).stdout
        order["chain"] = self.server.authority.sign(pem, [order["name"], "127.0.0.1"])
        order["status"] = "valid"

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        payload = json.loads(unpack(sent["payload"]) or b"{}")
        kind, _, number = self.path[1:].partition("/")
        url, orders = self.server.url, self.server.orders
        if kind == "newAccount":
            return self.say(201, {"status": "valid"}, Location=f"{url}/account/1")
        if kind == "newOrder":
            number = str(len(orders) + 1)
            orders[number] = {"status": "pending", "name": payload["identifiers"][0]["value"], "token": secrets.token_urlsafe(24)}
            return self.say(201, self.order(number), Location=f"{url}/order/{number}")
        if kind == "authz":
            return self.say(200, self.authorization(number))
        if kind == "challenge":
            if payload is not None and orders[number]["status"] == "pending":
                self.server.look(orders[number])
            return self.say(200, self.challenge(number))
        if kind == "finalize":
            self.sign(orders[number], unpack(payload["csr"]))
        if kind in ("finalize", "order"):
            return self.say(200, self.order(number), Location=f"{url}/order/{number}")
        if kind == "cert":
            return self.say(200, orders[number]["chain"], **{"Content-Type": "application/pem-certificate-chain"})
        return self.say(404, {"type": "urn:ietf:params:acme:error:malformed"})
