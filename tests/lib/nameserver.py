"""A name server and a time server on loopback, as a test wants the world to be."""

import socket
import struct
import threading
import time

TYPES = {"A": 1, "MX": 15, "TXT": 16, "AAAA": 28}


def encode_name(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".") if part) + b"\0"


def encode(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "MX":
        return struct.pack(">H", 10) + encode_name(value)
    data = value.encode()
    return b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255] for i in range(0, len(data), 255))


class Server:
    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                data, peer = self.socket.recvfrom(2048)
                answer = self.answer(data)
                if answer:
                    self.socket.sendto(answer, peer)
            except OSError:
                return

    def close(self):
        self.socket.close()


class NameServer(Server):
    """`records`: {"name TYPE": [values]}. A name of which nothing is known does not exist;
    `silent`: no answer at all."""

    def __init__(self, records):
        self.records, self.silent = records, False
        super().__init__()

    def answer(self, data):
        if self.silent:
            return None
        labels, at = [], 12
        while data[at]:
            labels.append(data[at + 1:at + 1 + data[at]].decode())
            at += 1 + data[at]
        kind = struct.unpack(">H", data[at + 1:at + 3])[0]
        name, question = ".".join(labels).lower(), data[12:at + 5]
        values = [encode(k, v) for k, number in TYPES.items() if number == kind
                  for v in self.records.get(f"{name} {k}", [])]
        exists = any(key.split()[0] == name for key in self.records)
        flags = 0x8580 | (0 if exists else 3)
        return (data[:2] + struct.pack(">HHHHH", flags, 1, len(values), 0, 0) + question +
                b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(v)) + v for v in values))


class TimeServer(Server):
    """SNTP (RFC 4330), `ahead` seconds before us."""

    def __init__(self):
        self.ahead = 0.0
        super().__init__()

    def answer(self, data):
        now = time.time() + self.ahead + 2208988800
        stamp = struct.pack(">II", int(now), int((now % 1) * 2**32))
        return bytes([0x24, 2, 0, 0]) + bytes(20) + data[40:48] + stamp + stamp
