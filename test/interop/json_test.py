"""Generated documents go through our JSON and MessagePack and come out as Python's json and msgpack write them."""

import json
import random
import struct
import subprocess
import unittest

import peers

try:
    import msgpack
except ImportError:
    msgpack = None

DOCUMENTS = 2000
LIMIT = 60
INTEGERS = [0, 1, -1, 127, 128, 255, 256, -32, -33, -128, -129, 32767, -32768, 65535, 65536, 2**31 - 1, 2**31, -2**31,
            2**32 - 1, 2**32, 2**53 + 1, 2**63 - 1, 2**63, -2**63, 2**64 - 1]
DOUBLES = [0.0, -0.0, 10.0, 0.1, 1e15, 1e16, 9007199254740993.0, 1e-4, 1e-5, 5e-324, 2.2250738585072014e-308,
           1.7976931348623157e308, 123456789012345.6, 1e21, 1e22, 1e23, 0.30000000000000004]
CHARACTERS = ["a", "Z", " ", "/", "\\", '"', "\b", "\f", "\n", "\r", "\t", "\0", "\x1f", "\x7f", "\x80", "\u00e9",
              "\u07ff", "\u0800", "\u2028", "\ud7ff", "\ue000", "\ufeff", "\uffff", "\U00010000", "\U0001f600",
              "\U0010ffff"]


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def double(self):
        """Any finite one, by its bits."""
        while True:
            value = struct.unpack("<d", struct.pack("<Q", self.random.getrandbits(64)))[0]
            if value - value == 0:
                return value

    def integer(self):
        bits = self.random.randrange(1, 65)
        value = self.random.getrandbits(bits)
        return -(value >> 1) if self.random.random() < 0.5 else value

    def text(self):
        return "".join(self.random.choices(CHARACTERS, k=self.random.choice([0, 1, 3, 15, 16, 17, 31, 32, 40, 300])))

    def value(self, depth=0):
        kinds = [lambda: None, lambda: True, lambda: False, lambda: self.random.choice(INTEGERS), self.integer,
                 lambda: self.random.choice(DOUBLES), self.double, self.text]
        if depth < 5:
            size = self.random.choice([0, 1, 2, 3, 16, 20]) if depth < 2 else self.random.randrange(3)
            kinds += 3 * [lambda: [self.value(depth + 1) for _ in range(size)],
                          lambda: {self.text(): self.value(depth + 1) for _ in range(size)}]
        return self.random.choice(kinds)()


class Lines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        generator = Generator(1)
        cls.values = [*INTEGERS, *DOUBLES, *CHARACTERS, *(generator.value() for _ in range(DOCUMENTS))]

    def through(self, what, lines):
        run = subprocess.run([peers.BIN / "json_lines", what], input="\n".join(lines) + "\n", capture_output=True,
                             encoding="utf-8", timeout=LIMIT, check=True)
        answers = run.stdout.removesuffix("\n").split("\n")
        self.assertEqual(len(answers), len(lines))
        return answers

    def test_json_is_written_as_python_writes_it(self):
        texts = [dumps(v) for v in self.values]
        for ours, theirs in zip(self.through("json", texts), texts):
            self.assertEqual(ours, theirs)

    def test_escapes_and_spaces_are_read_as_the_same(self):
        texts = [dumps(v) for v in self.values]
        for ours, theirs in zip(self.through("json", [json.dumps(v) for v in self.values]), texts):
            self.assertEqual(ours, theirs)

    def test_what_we_write_python_reads_as_the_same(self):
        for ours, value in zip(self.through("json", [dumps(v) for v in self.values]), self.values):
            self.assertEqual(dumps(json.loads(ours)), dumps(value))

    @unittest.skipUnless(msgpack, "needs python3-msgpack")
    def test_messagepack_is_written_as_msgpack_writes_it(self):
        for ours, value in zip(self.through("pack", [dumps(v) for v in self.values]), self.values):
            self.assertEqual(ours, msgpack.packb(value).hex())

    @unittest.skipUnless(msgpack, "needs python3-msgpack")
    def test_messagepack_is_read_as_what_it_was(self):
        for ours, value in zip(self.through("unpack", [msgpack.packb(v).hex() for v in self.values]), self.values):
            self.assertEqual(ours, dumps(value))

    @unittest.skipUnless(msgpack, "needs python3-msgpack")
    def test_what_json_has_not_is_refused(self):
        packed = [msgpack.packb(v, use_bin_type=True) for v in (b"x", {"k": b""}, msgpack.ExtType(5, b"y"), {1: 2})]
        packed += [msgpack.packb(msgpack.Timestamp(1, 2)), b"\xc1"]
        for answer in self.through("unpack", [p.hex() for p in packed]):
            self.assertTrue(answer.startswith("error: invalid MessagePack at offset "), answer)


if __name__ == "__main__":
    peers.main()
