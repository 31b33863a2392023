"""A workstation of a supervision room, in a network namespace: as rendez-workstation finds it, with the certificate of an
enrolled device, and a Chromium that somebody drives by keys (desk.cjs)."""

import base64
import json
import os
import pathlib
import shutil
import subprocess

from service import TOP
from tls import openssl

POLICIES = "chromium/policies/managed"

# What src/workstation looks at, as it must be; the network is that of the namespace.
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/bash\n",
    "etc/group": "root:x:0:\nadm:x:4:\nsudo:x:27:\n",
    "etc/shadow": "root:*:19000:0:99999:7:::\nada:$y$made:19000:0:99999:7:::\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "etc/sudoers": "root ALL=(ALL:ALL) ALL\n",
    "etc/modprobe.d/storage.conf": "install usb-storage /bin/false\ninstall uas /bin/false\n",
    "proc/sys/kernel/osrelease": "6.1.0-made\n",
    "proc/modules": "xhci_pci 20480 0 - Live 0x0\n",
    "lib/modules/6.1.0-made/modules.dep": "kernel/drivers/usb/storage/usb-storage.ko:\nkernel/drivers/usb/storage/uas.ko:\n",
    "lib/modules/6.1.0-made/modules.builtin": "kernel/fs/ext4/ext4.ko\n",
    "sys/bus/usb/devices/usb1/authorized_default": "0\n",
    "etc/dconf/profile/user": "user-db:user\nsystem-db:local\n",
    "etc/dconf/db/local.d/00-lock": "[org/gnome/desktop/screensaver]\nlock-enabled=true\nlock-delay=uint32 0\n\n"
                                    "[org/gnome/desktop/session]\nidle-delay=uint32 300\n\n"
                                    "[org/gnome/desktop/lockdown]\ndisable-lock-screen=false\n",
    "etc/dconf/db/local.d/locks/lock": "".join(f"/org/gnome/desktop/{key}\n" for key in
                                               ["screensaver/lock-enabled", "screensaver/lock-delay", "session/idle-delay",
                                                "lockdown/disable-lock-screen"]),
    "etc/dconf/db/local": "GVariant",
    "proc/1/mountinfo": "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/room-root rw\n23 22 0:5 / /proc rw - proc proc rw\n",
    "proc/swaps": "Filename\tType\tSize\tUsed\tPriority\n",
    "sys/dev/block/254:1/dm/uuid": "CRYPT-LUKS2-made-disk\n",
    "var/lib/apt/periodic/update-success-stamp": "",
    "var/lib/dpkg/status": "Package: libexample\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.2-3\n\n",
    "var/lib/apt/lists/security.debian.example_dists_made-security_main_binary-amd64_Packages": "Package: libexample\nVersion: 1.2-3\n",
}
OF_THE_NETWORK = ["proc/net/route", "proc/net/ipv6_route", "proc/net/if_inet6"]


class Workstation:
    """certificate: PEM of the device's certificate and key."""

    def __init__(self, build, room, place, certificate, name):
        self.room, self.place, self.certificate = room, place, certificate
        self.program = pathlib.Path(build).resolve() / "src/workstation/rendez-workstation"
        self.folder = room.folder / name
        self.folder.mkdir()
        self.settings = pathlib.Path("/etc/netns") / place.namespace   # `ip netns exec` puts it over /etc
        self.browser = None

    def furnish(self, resolver):
        """The system that rendez-workstation looks at."""
        self.root = self.folder / "root"
        network = {path: self.place.run("cat", f"/{path}") for path in OF_THE_NETWORK}
        for path, text in {**FILES, **network, "etc/resolv.conf": f"nameserver {resolver}\n"}.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        os.utime(self.root / "etc/dconf/db/local")  # made after what it is made from

    def report(self, url, gateway):
        """To the console, once; what it says where it does not come there."""
        done = subprocess.run(self.place.words(
            self.program, "report", "--once", "--root", self.root, "--folder", self.folder, "--gateway", gateway, "--url", url,
            "--certificate", self.certificate, "--key", self.certificate, "--authority", self.room.authority.file),
            capture_output=True, text=True, timeout=60)
        return done.stderr.strip()

    def check(self, gateway):
        done = subprocess.run(self.place.words(self.program, "check", "--root", self.root, "--folder", self.folder, "--gateway",
                                               gateway), capture_output=True, text=True, timeout=60)
        return done.returncode == 0, done.stdout

    # The browser

    def fill_store(self):
        """The certificates, where Chromium looks for them on Linux."""
        store, packed = self.folder / ".pki/nssdb", self.folder / "device.p12"
        store.mkdir(parents=True)
        openssl("pkcs12", "-export", "-in", self.certificate, "-out", packed, "-passout", "pass:")
        for words in [["certutil", "-N", "-d", f"sql:{store}", "--empty-password"],
                      ["certutil", "-A", "-d", f"sql:{store}", "-n", "console", "-t", "C,,", "-i", self.room.authority.file],
                      ["pk12util", "-i", packed, "-d", f"sql:{store}", "-W", ""]]:
            subprocess.run(words, check=True, capture_output=True, timeout=30)

    def start_browser(self, hosts):
        self.fill_store()
        policies = self.settings / POLICIES
        policies.mkdir(parents=True)
        chosen = json.dumps({"pattern": self.room.url, "filter": {}})   # no question which certificate
        (policies / "room.json").write_text(json.dumps({"AutoSelectCertificateForUrls": [chosen]}))
        self.browser = self.place.start("node", TOP / "tests/lib/desk.cjs", self.folder, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, cwd=TOP / "web")
        self.do("start", hosts=hosts)

    def do(self, name, **more):
        self.browser.stdin.write(json.dumps({"do": name, **more}) + "\n")
        self.browser.stdin.flush()
        line = self.browser.stdout.readline()
        assert line, f"{name}: the browser ended"
        said = json.loads(line)
        assert "good" in said, f"{name} {more}: {said['bad']}"
        return said["good"]

    def hold(self, key):
        """A passkey that was enrolled, in the browser's reader."""
        private = openssl("pkcs8", "-topk8", "-nocrypt", "-in", key.key, "-outform", "DER")
        encoded = {"id": key.id, "user": key.user.encode(), "key": private}
        self.do("passkey", site=key.host, **{name: base64.b64encode(value).decode() for name, value in encoded.items()})

    def close(self):
        if self.browser is not None:
            self.browser.stdin.close()
            try:
                self.browser.wait(10)
            except subprocess.TimeoutExpired:
                self.browser.kill()
                self.browser.wait()
        shutil.rmtree(self.settings, ignore_errors=True)
