"""The compiler says in plain words what is wrong with each line of misuse.cpp."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import unittest

SOURCE = pathlib.Path(__file__).resolve().with_name("misuse.cpp")


def compile_command():
    commands = json.loads(pathlib.Path(os.environ["JOUST_COMPILE_COMMANDS"]).read_text(encoding="utf-8"))
    command = next(c for c in commands if c["file"].endswith("test/misuse/misuse.cpp"))
    return [*shlex.split(command["command"]), "-fsyntax-only", "-w"], command["directory"]


class Misuse(unittest.TestCase):
    def test_is_told(self):
        command, folder = compile_command()
        run = subprocess.run(command, cwd=folder, stderr=subprocess.PIPE, text=True, check=False)
        self.assertNotEqual(run.returncode, 0)
        wanted = re.findall(r"// says: (.*)", SOURCE.read_text(encoding="utf-8"))
        self.assertGreater(len(wanted), 20)
        for text in wanted:
            with self.subTest(text):
                self.assertRegex(run.stderr, "error: static.assertion failed.*: .*" + re.escape(text))


if __name__ == "__main__":
    unittest.main()
