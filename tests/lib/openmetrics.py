"""Checks a text against OpenMetrics 1.0 (https://github.com/prometheus/OpenMetrics, specification/OpenMetrics.md): what a
reader may rely on. `parse` gives {(sample name, labels): value}; AssertionError names the line that is wrong."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABELS = re.compile(rf'({NAME})="((?:[^"\\\n]|\\["\\n])*)"')
SAMPLE = re.compile(rf"^({NAME})(?:\{{(.*)\}})? (\S+)$")
META = re.compile(rf"^# (TYPE|UNIT|HELP) ({NAME}) (.*)$")
SUFFIXES = {"counter": {"_total", "_created"}, "gauge": {""}, "histogram": {"_bucket", "_count", "_sum", "_created"}}


def family_of(name, families):
    for suffix in ("_total", "_bucket", "_count", "_sum", "_created", ""):
        family = name[:len(name) - len(suffix)] if suffix else name
        if name.endswith(suffix) and family in families and suffix in SUFFIXES[families[family]["TYPE"]]:
            return family, suffix
    raise AssertionError(f"{name} is of no family")


def labels_of(text):
    if not text:
        return ()
    found = LABELS.findall(text)
    assert ",".join(f'{k}="{v}"' for k, v in found) == text, f"labels {text}"
    assert len({k for k, _ in found}) == len(found), f"a label comes twice: {text}"
    return tuple(sorted(found))


def check_histograms(samples, families):
    rows = {}
    for (name, labels), value in samples.items():
        family, suffix = family_of(name, families)
        if families[family]["TYPE"] == "histogram":
            rest = tuple(item for item in labels if item[0] != "le")
            rows.setdefault((family, rest), {})[(suffix, dict(labels).get("le"))] = value
    for key, row in rows.items():
        bounds = sorted((float(le), value) for (suffix, le), value in row.items() if suffix == "_bucket")
        assert bounds and bounds[-1][0] == float("inf"), f"{key}: no +Inf"
        assert all(a[1] <= b[1] for a, b in zip(bounds, bounds[1:])), f"{key}: buckets are not cumulative"
        assert row[("_count", None)] == bounds[-1][1], f"{key}: count"
        assert ("_sum", None) in row, f"{key}: sum"


def parse(text):
    assert text.endswith("# EOF\n") and text.count("# EOF") == 1, "one # EOF, at the end"
    families, samples, current = {}, {}, None
    for line in text.splitlines()[:-1]:
        meta = META.match(line)
        if meta:
            what, name, value = meta.groups()
            family = families.setdefault(name, {})
            assert what not in family, f"{line}: twice"
            assert name == current or "seen" not in family, f"{line}: after its samples"
            family[what], current = value, name
            assert what != "TYPE" or value in SUFFIXES, line
            assert what != "UNIT" or name.endswith("_" + value), f"{line}: the name must end in the unit"
            continue
        sample = SAMPLE.match(line)
        assert sample, f"no sample: {line!r}"
        family, suffix = family_of(sample[1], families)
        assert family == current, f"{line}: families are interleaved"
        families[family]["seen"] = True
        key, value = (sample[1], labels_of(sample[2])), float(sample[3])
        assert key not in samples, f"{line}: twice"
        assert suffix not in ("_total", "_bucket", "_count") or value >= 0, f"{line}: a count below 0"
        samples[key] = value
    check_histograms(samples, families)
    return samples
