"""Writes NAME_migrations.h from the files NNN.sql given, in order of their numbers."""
import pathlib
import sys

name, out = sys.argv[1:3]
files = sorted(map(pathlib.Path, sys.argv[3:]), key=lambda path: path.name)
with open(out, "w") as c:
    c.write('#include "platform/sql/sql.h"\n\n')
    for number, path in enumerate(files, 1):
        if path.name != f"{number:03}.sql":
            sys.exit(f"{path}: migrations are numbered 001.sql, 002.sql, … without a gap")
        # As numbers, since ISO C promises no string literal over 4095 bytes.
        codes = ",".join(map(str, path.read_bytes()))
        c.write(f"static const char script_{number}[] = {{{codes},0}};\n")
    rows = "".join(f"    {{{n}, script_{n}}},\n" for n in range(1, len(files) + 1))
    c.write(f"static const struct migration {name}_migrations[] = {{\n{rows}}};\n")
