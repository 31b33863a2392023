"""Writes the table of words that passwords must not be, and how likely letters follow each other in
them: words.py OUTPUT PASSWORDS ENGLISH FRENCH. The three are files of Debian packages: python3-django
(BSD-3-Clause), wamerican (SCOWL, free for any use) and hunspell-fr-classical (MPL-2.0)."""
import collections
import gzip
import math
import re
import sys
import unicodedata

LISTED_BITS, DICTIONARY_BITS = 11, 15  # how many tries such a word costs, as a power of two
LETTERS = "abcdefghijklmnopqrstuvwxyz"
BITS = 6  # of an entry that hold the cost; the others are of the hash


def fold(text):
    """As password_fold does: no marks, no capitals."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.category(c).startswith("M")).lower()


def fnv1a(word):
    value = 0xCBF29CE484222325
    for byte in word.encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return value


def read(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
    with opened as lines:
        return [line.rstrip("\n") for line in lines]


def dictionary(lines):
    """Words of at least four letters; of a line of hunspell what stands before its flags."""
    words = {fold(line.split("/")[0].split("\t")[0].split(" ")[0]) for line in lines}
    return {word for word in words if re.fullmatch("[a-z]{4,24}", word)}


def letter_costs(weighted):
    """For two letters (0: the beginning) and the next: -log2 of its share, in eighths of a bit."""
    three, two, one = collections.Counter(), collections.Counter(), collections.Counter()
    for words, weight in weighted:
        for word in words:
            for run in re.findall("[a-z]{3,}", word):
                padded = "^^" + run
                for i in range(2, len(padded)):
                    three[padded[i - 2 : i + 1]] += weight
                    two[padded[i - 1 : i + 1]] += weight
                    one[padded[i]] += weight
    before2, before1, total = collections.Counter(), collections.Counter(), sum(one.values())
    for key, count in three.items():
        before2[key[:2]] += count
    for key, count in two.items():
        before1[key[0]] += count
    costs = []
    for a in "^" + LETTERS:
        for b in "^" + LETTERS:
            for c in LETTERS:
                share = (one[c] + 1) / (total + 26)
                share = (two[b + c] + 20 * share) / (before1[b] + 20)
                share = (three[a + b + c] + 20 * share) / (before2[a + b] + 20)
                costs.append(min(255, round(-8 * math.log2(share))))
    return costs


def rows(values, pattern, width):
    for i in range(0, len(values), width):
        yield "    " + ", ".join(pattern % value for value in values[i : i + width]) + ",\n"


def main():
    output, passwords, english, french = sys.argv[1:]
    listed = {fold(line) for line in read(passwords) if len(line) > 2}
    spoken = dictionary(read(english)) | dictionary(read(french))
    costs = {word: DICTIONARY_BITS for word in spoken} | {word: LISTED_BITS for word in listed}
    entries = sorted(fnv1a(word) >> BITS << BITS | cost for word, cost in costs.items())
    letters = letter_costs([(sorted(listed), 3), (sorted(spoken), 1)])
    with open(output, "w", encoding="utf-8") as out:
        out.write('#include "domain/account/internal.h"\n\n')
        out.write("const uint64_t password_words[] = {\n")
        out.writelines(rows(entries, "0x%xu", 6))
        out.write("};\nconst size_t password_word_count = sizeof password_words / sizeof *password_words;\n")
        out.write("const uint8_t password_letters[27 * 27 * 26] = {\n")
        out.writelines(rows(letters, "%d", 26))
        out.write("};\n")


if __name__ == "__main__":
    main()
