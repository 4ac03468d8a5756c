"""What protoc-gen-joust writes for protos/ is what golden/ has.

After a change that is meant: JOUST_BIN=build/release/bin python3 test/codegen/golden_test.py --update
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PROTOS = sorted(path.relative_to(HERE / "protos") for path in (HERE / "protos").rglob("*.proto"))


def protoc(*arguments):
    plugin = pathlib.Path(os.environ["JOUST_BIN"]).resolve() / "protoc-gen-joust"
    return subprocess.run(["protoc", "-I", HERE / "protos", f"--plugin=protoc-gen-joust={plugin}", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def generate(proto):
    with tempfile.TemporaryDirectory() as folder:
        run = protoc(f"--joust_out={folder}", proto)
        if run.returncode != 0:
            raise RuntimeError(run.stdout)
        return (pathlib.Path(folder) / proto.with_suffix(".joust.hpp")).read_text(encoding="utf-8")


def golden(proto):
    return HERE / "golden" / proto.with_suffix(".golden")


class Golden(unittest.TestCase):
    maxDiff = None

    def test_output_is_golden(self):
        for proto in PROTOS:
            with self.subTest(str(proto)):
                self.assertMultiLineEqual(generate(proto), golden(proto).read_text(encoding="utf-8"))

    def test_each_golden_file_has_its_proto(self):
        self.assertEqual(sorted((HERE / "golden").rglob("*.golden")), sorted(map(golden, PROTOS)))

    def test_unknown_option_is_refused(self):
        run = protoc("--joust_out=.", "--joust_opt=fast", PROTOS[0])
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("protoc-gen-joust has no option 'fast'", run.stdout)


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        for each in PROTOS:
            golden(each).parent.mkdir(parents=True, exist_ok=True)
            golden(each).write_text(generate(each), encoding="utf-8")
    else:
        unittest.main()
