#!/usr/bin/env python3
"""Reads the series that `test_series --print` writes with python3-vobject and python3-dateutil
(Debian), which know nothing of ours: their occurrences, by the VTIMEZONE in the text, must be
those that we expect. TAP; skipped where the modules are missing."""
import subprocess
import sys
from datetime import timezone

try:
    import vobject
    import dateutil  # noqa: F401  vobject's rules are dateutil's
except ImportError:
    print("1..0 # SKIP python3-vobject is not installed")
    sys.exit(0)


def occurrences(text, count):
    event = vobject.readOne(text).vevent
    rules = event.getrruleset(addRDate=True)
    out = []
    for start in rules:
        out.append(int(start.astimezone(timezone.utc).timestamp()))
        if len(out) > count:
            break
    return event, out


def main():
    printed = subprocess.run([sys.argv[1], "--print"], capture_output=True, check=True)
    blocks = printed.stdout.decode("utf-8").split("EVENT\n")[1:]
    failed = 0
    for number, block in enumerate(blocks, 1):
        text, expected = block.split("STARTS")
        expected = [int(word) for word in expected.split()]
        event, got = occurrences(text, len(expected))
        ends = "COUNT" in event.rrule.value or "UNTIL" in event.rrule.value
        good = got[: len(expected)] == expected and (not ends or len(got) == len(expected))
        failed += not good
        if not good:
            print("#", event.dtstart.value, event.rrule.value)
            print("#   want", expected[:6], len(expected), "got", got[:6], len(got))
        print("ok" if good else "not ok", number, "-", event.rrule.value)
    print("1..%d" % len(blocks))
    return failed > 0 or len(blocks) < 100


if __name__ == "__main__":
    sys.exit(main())
