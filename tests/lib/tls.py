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

    def issue(self, names, kind="ec", days=89, usage="serverAuth"):
        """Certificate and key files, new ones each time: (chain, key). `names` like meet.example."""
        key, chain = self.folder / f"{self.made + 1}.key", self.folder / f"{self.made + 1}.pem"
        algorithm = {"ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["rsa:2048"], "weak": ["rsa:1024"]}[kind]
        request = openssl("req", "-newkey", *algorithm, "-nodes", "-keyout", key, "-subj", f"/CN={names[0]}")
        chain.write_bytes(self.sign(request, names, days, usage))
        return chain, key

    def sign(self, request, names, days=89, usage="serverAuth"):
        """The chain for a request (PEM). Serial numbers begin with how many there are."""
        self.made += 1
        extensions = self.folder / "ext"
        alternatives = ",".join(("IP:" if n[0].isdigit() else "DNS:") + n for n in names)
        extensions.write_text(f"subjectAltName={alternatives}\nbasicConstraints=critical,CA:FALSE\n"
                              f"keyUsage=critical,digitalSignature\nextendedKeyUsage={usage}\n")
        own = openssl("x509", "-req", "-CA", self.file, "-CAkey", self.folder / "ca.key", "-days", days,
                      "-extfile", extensions, "-set_serial", f"0x{self.made:02x}{'5e' * 8}", data=request)
        return own + self.file.read_bytes()
