"""Compiles a file that must be refused, with the errors in its comments `// error: <text>`, and no others.

A comment may have several lines, and be the beginning of what the compiler says. What then fails in Boost does not count.

usage: refuse.py FILE COMPILER ARGUMENT...
"""

import os
import pathlib
import re
import subprocess
import sys

file, *compiler = sys.argv[1:]
comments = re.findall(r"^ *// error: (.*(?:\n *// .*)*)", pathlib.Path(file).read_text(encoding="utf-8"), re.MULTILINE)
expected = sorted(re.sub(r"\n *//", "", comment) for comment in comments)
run = subprocess.run([*compiler, "-fsyntax-only", file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                     check=False, env={**os.environ, "LC_ALL": "C"})
errors = sorted(re.findall(r"^(?!.*/boost/\S+:).*\berror: (?:static assertion failed: )?(.*)", run.stdout, re.MULTILINE))
if run.returncode == 0 or len(errors) != len(expected) or not all(map(str.startswith, errors, expected)):
    print(run.stdout)
    print("expected:", *expected, "found:", *errors, sep="\n")
    sys.exit(f"{file}: the compiler's errors are not those of the comments")
print(*errors, sep="\n")
