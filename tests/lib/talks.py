"""People who organise meetings by mail, by script: what they write follows from what they receive, so
that the end of each conversation is known beforehand. They are patient: what their mail server does
not take is sent again, under the same Message-ID."""

import collections
import random
import re
import smtplib
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from servers import calendar_part, compose, ical_line, plain

CLIENTS = "lagune.example"
GUESTS = "estuaire.example"

# Short, since what somebody says in more words again and again is taken for a program's.
FIRST = "Le premier créneau me convient.\n\n{me}\n"
OTHERS = ("Bonjour Camille,\n\nAucun de ces créneaux ne me convient. Pouvez-vous m'en proposer d'autres, "
          "la semaine suivante ?\n\n{me}\n")
NO = "Bonjour,\n\nMerci, mais je ne souhaite pas donner suite à cette demande.\n\nCordialement,\n{me}\n"
CANCEL = "Camille,\n\nJe dois annuler cette réunion, peux-tu prévenir ?\n\n{me}\n"

# What guests do (the answer to each further offer; the last one is repeated), what the organizer does
# once it is settled, how it ends.
Script = collections.namedtuple("Script", "guests answers afterwards end")
SCRIPTS = {
    "agrees": Script(1, [FIRST], None, "confirmed"),
    "wants others": Script(1, [OTHERS, FIRST], None, "confirmed"),
    "declines": Script(1, [NO], None, "closed"),
    "cancelled": Script(1, [FIRST], CANCEL, "cancelled"),
    "accepts by program": Script(1, [FIRST, "itip"], None, "confirmed"),
    "two guests": Script(2, [FIRST], None, "confirmed"),
    "presses the link": Script(1, ["link"], None, "confirmed"),
}
# Mails that a conversation sends us.
MAILS = {"agrees": 2, "wants others": 3, "declines": 2, "cancelled": 3, "accepts by program": 3, "two guests": 3,
         "presses the link": 1}


class Talk:
    """One meeting. `seen`: by address, the mails that came about it, oldest first."""

    def __init__(self, number, kind, organizer):
        self.number, self.kind, self.organizer = number, kind, organizer
        self.script = SCRIPTS[kind]
        self.subject = f"Dossier {number:03d}"
        self.guests = [f"guest{number:03d}{letter}@{GUESTS}" for letter in "ab"[:self.script.guests]]
        self.minutes = 30 + 15 * (number % 2)
        self.seen = collections.defaultdict(list)
        self.answered = collections.Counter()
        self.cancelled = False

    def name(self, address):
        local = address.split("@")[0]
        return {"o": "Nora", "g": "Paul"}[local[0]] + " " + local.capitalize()

    def request(self, assistant):
        names = " et ".join(self.name(g).split()[0] + " " + self.name(g).split()[1] for g in self.guests)
        text = (f"Bonjour {names},\n\nCamille (en copie) va nous trouver {self.minutes} minutes en visio la semaine "
                f"prochaine.\n\nNora\n")
        return compose(f"{self.name(self.organizer)} <{self.organizer}>", [f"{self.name(g)} <{g}>" for g in self.guests],
                       self.subject, text, cc=[f"Camille <{assistant}>"])

    def of_method(self, address, method):
        return [m for m in self.seen[address] if calendar_part(m)[0] == method]

    def proposals(self, address):
        return [m for m in self.seen[address] if calendar_part(m)[0] is None and links(m)]

    def told(self, address):
        """Mails that carry no event and no offer."""
        return [m for m in self.seen[address] if calendar_part(m)[0] is None and not links(m)]

    def is_over(self):
        """Everybody has what the end of this conversation brings them."""
        people = [*self.guests, self.organizer]
        if self.script.end == "confirmed":
            return (all(self.of_method(p, "REQUEST") for p in people) and
                    ("itip" not in self.script.answers or self.answered[self.guests[0], "itip"] > 0))
        if self.script.end == "cancelled":
            return all(self.of_method(p, "CANCEL") for p in people)
        return len(self.told(self.organizer)) > 0 and self.answered[self.guests[0]] > 0


def links(mail):
    return list(dict.fromkeys(re.findall(r"https?://\S+/r/[A-Za-z0-9_-]+(?=\s)", plain(mail) + "\n")))


def itip_reply(mail, address):
    """What a mail program writes when somebody presses "accept"."""
    text = calendar_part(mail)[1]
    keep = "".join(f"{name}:{ical_line(text, name)}\r\n" for name in ("UID", "SEQUENCE", "DTSTAMP"))
    zone = re.search(r"^DTSTART(;[^:\n]*)?:(\S+)", text.replace("\r\n", "\n"), re.M)
    organizer = ical_line(text, "ORGANIZER")
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A program//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n" + keep +
            f"DTSTART{zone.group(1) or ''}:{zone.group(2)}\r\nORGANIZER:{organizer}\r\n"
            f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{address}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


class Post:
    """What people send: a thread that goes on until the mail server has said 250. `sent`: Message-IDs that
    it has taken."""

    def __init__(self, host, port, authserv, assistant):
        self.host, self.port, self.authserv, self.assistant = host, port, authserv, assistant
        self.waiting, self.sent, self.refused, self.again = collections.deque(), [], [], 0
        self.idle, self.open, self.client = threading.Event(), True, None
        threading.Thread(target=self.run, daemon=True).start()

    def put(self, mail):
        domain = mail["From"].rsplit("@")[-1].rstrip(">")
        mail["Authentication-Results"] = f"{self.authserv}; dkim=pass header.d={domain}"
        self.waiting.append(mail)

    def run(self):
        while self.open:
            if not self.waiting:
                time.sleep(0.01)
            elif self.try_one(self.waiting[0]):
                self.waiting.popleft()
            else:
                self.again += 1
                time.sleep(0.3)

    def try_one(self, mail):
        try:
            if self.client is None:
                self.client = smtplib.SMTP(self.host, self.port, "people.example", timeout=15, source_address=(self.host, 0))
            self.client.sendmail(mail["From"], [self.assistant], mail.as_bytes())
            self.sent.append(mail["Message-ID"])
            return True
        except smtplib.SMTPResponseException as problem:
            if problem.smtp_code >= 500:
                self.refused.append((problem.smtp_code, problem.smtp_error))
                return True
        except (OSError, smtplib.SMTPException):
            pass
        self.client = None
        return False

    def close(self):
        self.open = False


class People:
    """Everybody outside. `act` once per turn: reads what came to the sink and answers it."""

    def __init__(self, talks, sink, post, assistant):
        self.talks = {talk.number: talk for talk in talks}
        self.sink, self.post, self.assistant = sink, post, assistant
        self.read, self.ids, self.strange = 0, collections.Counter(), []
        self.presses = []

    def act(self):
        kept = list(self.sink.kept)
        for _, recipients, data in kept[self.read:]:
            self.receive(recipients, data)
        self.read = len(kept)
        self.presses = [p for p in self.presses if not self.press(p)]

    def receive(self, recipients, data):
        mail = self.sink.parse(data)
        found = re.search(r"Dossier (\d{3})", mail["Subject"] or "")
        self.ids[mail["Message-ID"]] += 1
        if self.ids[mail["Message-ID"]] > 1:
            return    # a mailbox that knows it has it already
        if found is None or len(recipients) != 1 or self.assistant not in mail["From"]:
            self.strange.append((recipients, mail["Subject"], mail["From"]))
            return
        talk, address = self.talks[int(found.group(1))], recipients[0]
        talk.seen[address].append(mail)
        if address in talk.guests:
            self.guest(talk, address, mail)
        elif talk.script.afterwards and calendar_part(mail)[0] == "REQUEST" and not talk.cancelled:
            talk.cancelled = True
            self.answer(talk, address, mail, talk.script.afterwards)

    def guest(self, talk, address, mail):
        method = calendar_part(mail)[0]
        if method == "REQUEST" and "itip" in talk.script.answers and not talk.answered[address, "itip"]:
            talk.answered[address, "itip"] += 1
            reply = self.answer(talk, address, mail, "Accepté\n", send=False)
            reply.add_alternative(itip_reply(mail, address), subtype="calendar", params={"method": "REPLY"})
            self.post.put(reply)
        elif method is None and links(mail):
            answers = [a for a in talk.script.answers if a != "itip"]
            words = answers[min(talk.answered[address], len(answers) - 1)]
            talk.answered[address] += 1
            if words == "link":
                self.presses.append(links(mail)[0])
            else:
                self.answer(talk, address, mail, words)

    def answer(self, talk, address, mail, words, send=True):
        subject = mail["Subject"] if mail["Subject"].startswith("Re:") else "Re: " + mail["Subject"]
        reply = compose(f"{talk.name(address)} <{address}>", [self.assistant], subject,
                        words.format(me=talk.name(address).split()[0]), answers=mail)
        if send:
            self.post.put(reply)
        return reply

    def press(self, link):
        """Opens the link and presses the first slot; False: the page does not answer, later once more."""
        try:
            with urllib.request.urlopen(link, timeout=5) as page:
                slots = re.findall(r'name="choice" value="(\d+)"', page.read().decode())
            if not slots:
                return True     # it is settled, or another offer comes
            form = urllib.parse.urlencode({"choice": slots[0], "text": ""}).encode()
            with urllib.request.urlopen(link, form, timeout=5) as page:
                return page.status == 200
        except urllib.error.HTTPError as problem:
            return 400 <= problem.code < 500    # that slot is gone; another offer follows
        except OSError:
            return False


def make_talks(seed, mails, organizers):
    """Conversations that send `mails` mails or a few more, each kind in turn, shuffled."""
    luck, talks, count = random.Random(seed), [], 0
    while count < mails:
        kinds = list(SCRIPTS)
        luck.shuffle(kinds)
        for kind in kinds:
            number = len(talks)
            talks.append(Talk(number, kind, organizers[number % len(organizers)]))
            count += MAILS[kind]
            if count >= mails:
                break
    return talks
