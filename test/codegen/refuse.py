"""Compiles a file that must be refused, with the errors in its comments `// error: <text>`, in order, and no others.

A comment may have several lines, and be the beginning of what the compiler says.

usage: refuse.py FILE COMPILER ARGUMENT...
"""

import os
import pathlib
import re
import subprocess
import sys

file, *compiler = sys.argv[1:]
comments = re.findall(r"^// error: (.*(?:\n// .*)*)", pathlib.Path(file).read_text(encoding="utf-8"), re.MULTILINE)
expected = [comment.replace("\n//", "") for comment in comments]
run = subprocess.run([*compiler, "-fsyntax-only", file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                     check=False, env={**os.environ, "LC_ALL": "C"})
errors = re.findall(r"\berror: (?:static assertion failed: )?(.*)", run.stdout)
if run.returncode == 0 or len(errors) != len(expected) or not all(map(str.startswith, errors, expected)):
    print(run.stdout)
    print("expected:", *expected, "found:", *errors, sep="\n")
    sys.exit(f"{file}: the compiler's errors are not those of the comments")
print(*errors, sep="\n")
