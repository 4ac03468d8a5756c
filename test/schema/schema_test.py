"""The JSON Schemas of joust::json and Debian's python3-jsonschema: is what we write valid, and do both take the same?"""

import copy
import json
import os
import subprocess
import sys
import unittest

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: python3 has no jsonschema (Debian: python3-jsonschema)")
    sys.exit(77)

VALUES = [None, True, 0, -1, 1.5, 256, 2**63, "", "king", [], {}, [1], ["a", "a"], {"x": 1}, {"-7": None}]


def variants(document):
    """The document with one thing in it changed, for each thing and change."""
    yield from VALUES
    if isinstance(document, dict):
        for key, value in document.items():
            for other in variants(value):
                yield {**document, key: other}
            yield {k: v for k, v in document.items() if k != key}
        yield {**document, "x": None}
    elif isinstance(document, list):
        for i, value in enumerate(document):
            for other in variants(value):
                yield document[:i] + [other] + document[i + 1 :]
            yield document[:i] + document[i + 1 :]
            yield document + [copy.deepcopy(value)]


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = subprocess.Popen(
            [os.path.join(os.environ["JOUST_BIN"], "schema_samples")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")  # fmt: skip
        cls.samples = json.loads(cls.program.stdout.readline())

    @classmethod
    def tearDownClass(cls):
        cls.program.stdin.close()
        cls.program.stdout.close()
        cls.program.wait(10)

    def takes(self, name, document):
        self.program.stdin.write(f"{name} {json.dumps(document)}\n")
        self.program.stdin.flush()
        return self.program.stdout.readline() == "yes\n"

    def test_they_are_schemas(self):
        for sample in self.samples:
            for side in ("read", "written"):
                with self.subTest(sample["name"], side=side):
                    Draft202012Validator.check_schema(sample[side])

    def test_what_is_written_is_valid(self):
        for sample in self.samples:
            validator = Draft202012Validator(sample["written"])
            for text in sample["texts"]:
                with self.subTest(text):
                    validator.validate(json.loads(text))

    def test_both_take_the_same(self):
        verdicts = {True: 0, False: 0}
        for sample in self.samples:
            validator = Draft202012Validator(sample["read"])
            for text in sample["texts"]:
                for document in variants(json.loads(text)):
                    ours = self.takes(sample["name"], document)
                    self.assertEqual(validator.is_valid(document), ours, f"{sample['name']} {json.dumps(document)}")
                    verdicts[ours] += 1
        self.assertGreater(verdicts[True], 100)
        self.assertGreater(verdicts[False], 1000)


if __name__ == "__main__":
    unittest.main()
