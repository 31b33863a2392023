"""An authority of our own for tests, and what it signs, by openssl."""

import pathlib
import subprocess


def openssl(*words, data=None):
    done = subprocess.run(["openssl", *map(str, words)], input=data, capture_output=True, timeout=60)
    assert done.returncode == 0, f"openssl {words[0]}: {done.stderr.decode()[-300:]}"
    return done.stdout


class Authority:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.file = self.folder / "ca.pem"
        self.made = 0
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", self.folder / "ca.key", "-out", self.file, "-days", "30", "-subj", "/CN=Test authority",
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def issue(self, names, kind="ec", days=89):
        """Certificate and key files, new ones each time: (chain, key). `names` like meet.example."""
        self.made += 1
        key, request, own, chain = (self.folder / f"{self.made}.{e}" for e in ("key", "csr", "crt", "pem"))
        algorithm = {"ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["rsa:2048"], "weak": ["rsa:1024"]}[kind]
        openssl("req", "-newkey", *algorithm, "-nodes", "-keyout", key, "-out", request, "-subj", f"/CN={names[0]}")
        extensions = self.folder / "ext"
        alternatives = ",".join(("IP:" if n[0].isdigit() else "DNS:") + n for n in names)
        extensions.write_text(f"subjectAltName={alternatives}\nbasicConstraints=critical,CA:FALSE\n"
                              "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n")
        openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.folder / "ca.key",
                "-out", own, "-days", days, "-extfile", extensions, "-set_serial", f"0x{self.made:02d}{'5e' * 8}")
        chain.write_bytes(own.read_bytes() + self.file.read_bytes())
        return chain, key
