"""A passkey and the browser around it, for tests: the key is openssl's, its answers are written here."""

import hashlib
import json
import os
import struct
import subprocess
import urllib.parse
import base64

PRESENT, VERIFIED, CREDENTIAL = 1, 4, 64


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Passkey:
    """ES256 and no attestation, as most phones answer (W3C Web Authentication, sections 6.1 and 6.5)."""

    def __init__(self, service, user):
        self.origin, self.host, self.user = service.public, urllib.parse.urlsplit(service.public).hostname, user
        self.key, self.id, self.count = service.folder / f"key-{os.urandom(4).hex()}.pem", os.urandom(32), 0
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key], check=True)
        point = subprocess.run(["openssl", "ec", "-in", self.key, "-pubout", "-outform", "DER"], check=True,
                               capture_output=True).stdout[-64:]
        self.cose = bytes.fromhex("a5010203262001215820") + point[:32] + bytes.fromhex("225820") + point[32:]

    def client(self, kind, options, origin):
        said = {"type": f"webauthn.{kind}", "challenge": options["challenge"], "origin": origin or self.origin}
        return json.dumps(said).encode()

    def data(self, flags, more=b""):
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.count) + more

    def posted(self, **response):
        named = {name: url64(value) for name, value in response.items()}
        return {"id": url64(self.id), "rawId": url64(self.id), "type": "public-key", "response": named}

    def make(self, options, origin=None):
        assert options["authenticatorSelection"]["residentKey"] == "required", options
        new = bytes(16) + struct.pack(">H", len(self.id)) + self.id + self.cose
        data = self.data(PRESENT | VERIFIED | CREDENTIAL, new)
        whole = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(data)]) + data
        return self.posted(clientDataJSON=self.client("create", options, origin), attestationObject=whole)

    def sign(self, options, origin=None):
        assert options["allowCredentials"] == [] and options["userVerification"] == "required", options
        self.count += 1
        client, data = self.client("get", options, origin), self.data(PRESENT | VERIFIED)
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], check=True, capture_output=True,
                                input=data + hashlib.sha256(client).digest()).stdout
        return self.posted(clientDataJSON=client, authenticatorData=data, signature=signed,
                           userHandle=self.user.encode())


def add(person, key, origin=None):
    begun = person.must("POST", "/api/v1/factors/passkey/start")
    credential = key.make(begun["public_key"], origin)
    return person.ask("POST", "/api/v1/factors/passkey",
                      {"flow": begun["flow"], "credential": credential, "name": "phone"})


def sign_in(person, key, origin=None, base="/api/v1"):
    person.cookies.pop("__Host-session", None)
    begun = person.must("POST", f"{base}/login/start", {})
    person.last = {"flow": begun["flow"], "credential": key.sign(begun["public_key"], origin)}
    return person.ask("POST", f"{base}/login/passkey", person.last)
