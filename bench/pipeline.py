#!/usr/bin/env python3
"""Mail through the whole running service (LMTP in, or a mailbox read by IMAP; SMTP out to a sink on
loopback), and its memory.
usage: pipeline.py BUILD [--mails N] [--way lmtp|imap] [--json]

With imap a Dovecot (TLS) holds the mailbox, looked at every second (imap.poll_s, the least there is);
its own LMTP delivers there.
ready   from the moment that mailin has the mail on disk, with LMTP its 250, to the planner's word that what follows is committed (state, outbox,
        log): `elapsed_us` of mailin's event mail.message.handled, in whole milliseconds
sent    from the 250, with imap Dovecot's, to the proposal's last byte at the sink, seen from outside"""

import argparse
import email.message
import email.policy
import email.utils
import json
import os
import pathlib
import re
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/lib"))
from mta import Lmtp, Sink, mta_settings, verified  # noqa: E402
from servers import Authority, Dovecot  # noqa: E402
from service import ROLES, Service, free_port, wait_for  # noqa: E402

ASSISTANT = "camille@assist.example"
PEOPLE = 10
EVENTS = 60     # a busy person's calendar: 12 weekly series and 48 single events
CONNECTIONS = 4
ALONE_BY_IMAP = 60  # mails one by one: each waits for the next look
HANDLED = re.compile(r'"mailin","event":"mail\.message\.handled".*"elapsed_us":(\d+)')


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def event(person, number, today):
    day = time.strftime("%Y%m%d", time.localtime(today + number * 2 % 61 * 86400))
    hour, rule = 8 + (number + person) % 10, "RRULE:FREQ=WEEKLY;COUNT=40\r\n" if number % 5 == 0 else ""
    return (f"BEGIN:VEVENT\r\nUID:{person}-{number}@bench.example\r\nDTSTAMP:20260101T000000Z\r\n"
            f"DTSTART;TZID=Europe/Paris:{day}T{hour:02}0000\r\nDTEND;TZID=Europe/Paris:{day}T{hour:02}3000\r\n"
            f"{rule}SUMMARY:x\r\nEND:VEVENT\r\n")


def calendar(person):
    today = time.time()
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\n" +
            "".join(event(person, i, today) for i in range(EVENTS)) + "END:VCALENDAR\r\n")


def request(number):
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    sender = f"client{number % PEOPLE}@bench.example"
    mail["From"] = f"Client {number % PEOPLE} <{sender}>"
    mail["To"] = f"Paul Lenoir <paul{number}@ailleurs.example>"
    mail["Cc"], mail["Subject"] = f"Camille <{ASSISTANT}>", f"Point {number}"
    mail["Message-ID"] = f"<{number}@bench.example>"
    mail["Date"] = email.utils.localtime()
    mail.set_content("Bonjour Paul,\n\nCamille (en copie) va nous trouver 45 minutes en visio la semaine "
                     "prochaine, plutôt mardi ou jeudi après-midi.\n\nBien à toi,\n-- \nClient\nBoréal, 3 quai "
                     "des Tanneurs\n")
    return sender, verified(mail.as_bytes(), "bench.example")


def processor_ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def memory(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {k: int(re.search(rf"^{k}:\s+(\d+)", text, re.M).group(1)) for k in ("Pss", "Rss")}


class Run:
    def __init__(self, service, sink, port, mails):
        self.service, self.sink, self.port, self.mails = service, sink, port, mails
        self.pids = {"parent": service.process.pid, **{role: service.pids(role)[0] for role in ROLES}}
        self.next = 0
        self.lock = threading.Lock()

    def memory(self):
        return {role: memory(pid) for role, pid in self.pids.items()}

    def ticks(self):
        return {role: processor_ticks(pid) for role, pid in self.pids.items()}

    def send(self, lmtp, end=None):
        """The next mail; when the 250 came, or None once `end` is reached."""
        with self.lock:
            if end is not None and self.next >= end:
                return None
            number, self.next = self.next, self.next + 1
        sender, data = request(number)
        lmtp.send(sender, ASSISTANT, data)
        return time.monotonic()

    def arrival(self, count):
        """When the sink had its count-th message."""
        return wait_for(lambda: self.sink.kept[count - 1][0] if len(self.sink.kept) >= count else None,
                        f"proposal {count}", 60, pause=0.0002)

    def handled_ms(self):
        return [int(m) / 1000 for m in HANDLED.findall(self.service.log.read_text())]

    def warm_up(self):
        """What is done at first use only."""
        lmtp = Lmtp(self.port)
        for _ in range(10):
            self.send(lmtp)
            self.arrival(self.next)
        lmtp.close()
        time.sleep(0.2)

    def one_by_one(self, mails):
        """Latency: each mail alone."""
        lmtp, sent, before = Lmtp(self.port), [], len(self.handled_ms())
        for _ in range(mails):
            at = self.send(lmtp)
            sent.append((self.arrival(self.next) - at) * 1000)
            time.sleep(0.002)
        lmtp.close()
        wait_for(lambda: len(self.handled_ms()) == before + mails, "all are handled")
        return {"ready": self.handled_ms()[before:], "sent": sent}

    def client(self, end):
        lmtp = Lmtp(self.port)
        while self.send(lmtp, end):
            pass
        lmtp.close()

    def together(self):
        """Throughput: as fast as LMTP takes them, over a few connections."""
        ticks, first, end = self.ticks(), time.monotonic(), self.next + self.mails
        threads = [threading.Thread(target=self.client, args=(end,)) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        accepted, last = time.monotonic(), self.arrival(end)
        ms = 1000 / os.sysconf("SC_CLK_TCK") / self.mails
        return {"accepted_per_s": self.mails / (accepted - first), "mails_per_s": self.mails / (last - first),
                "processor_ms": {role: (now - ticks[role]) * ms for role, now in self.ticks().items()}}


def mailbox(service, sink):
    """A Dovecot with the assistant's mailbox, and the settings that read it."""
    authority = Authority(service.folder / "authority")
    certificate = authority.issue("mail.assist.example")
    authority.folder.chmod(0o755)
    dovecot = Dovecot(service.folder / "dovecot", certificate, {ASSISTANT: "a password"}).start()
    password = service.folder / "password"
    password.write_text("a password\n")
    password.chmod(0o600)
    for key, value in {**mta_settings(sink, 0), "mode": '"mailbox"', "imap.host": '"127.0.0.1"', "imap.port": dovecot.imaps,
                       "imap.user": f'"{ASSISTANT}"', "imap.password_file": f'"{password}"', "imap.poll_s": 1,
                       "mail.ca_file": f'"{authority.file}"'}.items():
        if key != "lmtp.listen":
            service.set(key, value)
    return dovecot


def add_clients(service):
    """PEOPLE of them, each with a calendar in a file."""
    known = ["--passphrase-file", service.passphrase]
    for i in range(PEOPLE):
        path, address = service.folder / "calendar.ics", f"client{i}@bench.example"
        path.write_text(calendar(i))
        service.command("person", "add", *known, "--client", f"Client {i} <{address}>")
        service.command("calendar", "add", *known, "--ics", path, address)


def measure(build, mails, way):
    sink, port, dovecot = Sink(), free_port(), None
    with Service(build, demo=False, settings={"assistant.address": f'"{ASSISTANT}"', **mta_settings(sink, port)}) as service:
        if way == "imap":
            dovecot = mailbox(service, sink)
            port = dovecot.lmtp
        add_clients(service)
        service.start()
        time.sleep(1)
        run = Run(service, sink, port, mails)
        idle = run.memory()
        run.warm_up()
        latency, rate = run.one_by_one(mails if way == "lmtp" else min(mails, ALONE_BY_IMAP)), run.together()
        result = {"mails": mails, "way": way, "latency_ms": latency, **rate, "idle_kb": idle, "after_kb": run.memory()}
        if dovecot is not None:
            service.stop()
            dovecot.stop()
    sink.close()
    return result


def show(result):
    for name, values in result["latency_ms"].items():
        print(f"{result['way']:4} to proposal {name:5}     p50 {percentile(values, .5):5.1f} ms, p99 {percentile(values, .99):5.1f} ms, "
              f"worst {max(values):5.1f} ms of {len(values)} one by one" +
              (" (aim: p99 20 ms)" if name == "ready" else ""))
    who = "LMTP" if result["way"] == "lmtp" else "Dovecot"
    print(f"whole pipeline             {result['mails_per_s']:.0f} mails/s to the sink; {who} accepts "
          f"{result['accepted_per_s']:.0f}/s on {CONNECTIONS} connections")
    used = result["processor_ms"]
    print(f"processor, ms a mail       {sum(used.values()):.1f}: " + ", ".join(f"{r} {v:.1f}" for r, v in used.items()))
    for when in ("idle", "after"):
        table = result[f"{when}_kb"]
        pss, rss = (sum(row[k] for row in table.values()) / 1024 for k in ("Pss", "Rss"))
        print(f"memory, {when:5}              PSS {pss:.1f} MB, RSS {rss:.1f} MB (aim: 60 idle); PSS " +
              ", ".join(f"{role} {row['Pss'] / 1024:.1f}" for role, row in table.items()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--way", choices=["lmtp", "imap"], default="lmtp")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.way == "imap" and os.geteuid() != 0:
        print("imap             not measured: Dovecot is started by root only")
        return
    result = measure(options.build, options.mails, options.way)
    if options.json:
        print(json.dumps(result))
    else:
        show(result)


if __name__ == "__main__":
    main()
