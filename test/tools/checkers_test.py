"""tools/check_layers and tools/check_docs find what they are for, and nothing in a clean tree."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"


class Checker(unittest.TestCase):
    tool = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, path, *lines):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def violations(self):
        run = subprocess.run(
            [sys.executable, TOOLS / self.tool, self.root], stdout=subprocess.PIPE, text=True, check=False)
        found = run.stdout.splitlines()
        self.assertEqual(run.returncode, 1 if found else 0)
        return found

    def assert_found(self, *expected):
        found = self.violations()
        self.assertEqual(len(found), len(expected), found)
        for line, (place, text) in zip(found, expected):
            self.assertTrue(line.startswith(place + ": "), line)
            self.assertIn(text, line)


class Layers(Checker):
    tool = "check_layers"

    def test_allowed_includes_pass(self):
        self.write("src/net/a.cpp", '#include "http2/session.hpp"', "#include <joust/core/status.hpp>",
                   "#include <boost/asio/post.hpp>", "#include <openssl/ssl.h>", "#include <vector>")
        self.write("src/http2/a.cpp", "#include <nghttp2/nghttp2.h>")
        self.write("src/game/a.cpp", "#include <simdjson.h>", "#include <boost/json.hpp>")
        self.write("include/joust/rpc/protobuf.hpp", "#include <google/protobuf/message_lite.h>")
        self.write("include/joust/joust.hpp", "#include <joust/game/client.hpp>")
        self.assert_found()

    def test_upward_include_is_found(self):
        self.write("src/wire/a.cpp", "// why", '#include "http2/session.hpp"')
        self.write("include/joust/core/a.hpp", "#include <joust/net/a.hpp>")
        self.write("src/call/a.cpp", '#include "http2/event.hpp"', '#include "http2/session.hpp"')
        self.assert_found(("include/joust/core/a.hpp:1", "core may not include net"),
                          ("src/call/a.cpp:2", "call may not include this of http2"),
                          ("src/wire/a.cpp:2", "wire may not include http2"))

    def test_third_party_in_the_wrong_place_is_found(self):
        self.write("include/joust/game/a.hpp", "#include <simdjson.h>")
        self.write("src/call/a.cpp", "#include <boost/asio/buffer.hpp>")
        self.write("src/rpc/a.cpp", "#include <nghttp2/nghttp2.h>", "#include <google/protobuf/message.h>")
        self.assert_found(("include/joust/game/a.hpp:1", "simdjson"), ("src/call/a.cpp:1", "Asio"),
                          ("src/rpc/a.cpp:1", "nghttp2"), ("src/rpc/a.cpp:2", "protobuf"))

    def test_second_file_with_simdjson_is_found(self):
        self.write("src/game/a.cpp", "#include <simdjson.h>")
        self.write("src/game/b.cpp", "#include <simdjson.h>")
        self.assert_found(("src/game/b.cpp:1", "already included by src/game/a.cpp"))

    def test_ways_of_including_are_held_to(self):
        self.write("include/joust/net/a.hpp", '#include "net/private.hpp"', "#include <joust/joust.hpp>")
        self.write("src/net/a.cpp", '#include "private.hpp"')
        self.write("src/odd/a.cpp", "")
        self.assert_found(("include/joust/net/a.hpp:1", "no private one"), ("include/joust/net/a.hpp:2", "collection"),
                          ("src/net/a.cpp:1", "write"), ("src/odd/a.cpp:1", "no layer"))

    def test_printing_and_sleeping_are_found(self):
        self.write("src/net/a.cpp", "// std::cout is only named here", "std::cout << 1;", "printf(\"x\");",
                   "std::this_thread::sleep_for(1s);", "snprintf(b, 1, \"x\");")
        self.assert_found(("src/net/a.cpp:2", "printing"), ("src/net/a.cpp:3", "printing"),
                          ("src/net/a.cpp:4", "sleeping"))

    def test_long_files_are_found(self):
        self.write("src/net/a.cpp", *[""] * 500)
        self.write("src/net/b.cpp", *[""] * 501)
        self.write("test/unit/net/a_test.cpp", *[""] * 700)
        self.write("test/unit/net/b_test.cpp", *[""] * 701)
        self.assert_found(("src/net/b.cpp:501", "501 lines"), ("test/unit/net/b_test.cpp:701", "701 lines"))


class Docs(Checker):
    tool = "check_docs"

    def setUp(self):
        super().setUp()
        self.write("examples/a/main.cpp", "int main() {", "    // [call]", "    f();", "    if (x)", "        g();",
                   "    // [/call]", "}")

    def write_snippet(self, *lines, marker="<!-- from examples/a/main.cpp: call -->"):
        self.write("README.md", marker, "```cpp", *lines, "```")

    def test_links_that_resolve_pass(self):
        self.write("docs/guide.md", "# A guide: what, why")
        self.write("README.md", "[guide](docs/guide.md#a-guide-what-why) [web](https://example.org) `[x](y)`",
                   "```", "[code](nowhere)", "```")
        self.assert_found()

    def test_broken_links_are_found(self):
        self.write("docs/guide.md", "# A guide", "[up](../README.md)", "[gone](gone.md)", "[no](#nothing)")
        self.write("README.md", "text")
        self.assert_found(("docs/guide.md:3", "does not exist"), ("docs/guide.md:4", "no such heading"))

    def test_equal_snippet_passes(self):
        self.write_snippet("f();", "if (x)", "    g();")
        self.assert_found()

    def test_snippet_that_differs_is_found(self):
        self.write_snippet("f();")
        self.assert_found(("README.md:4", "differs"))

    def test_snippet_of_a_missing_tag_is_found(self):
        self.write_snippet("f();", marker="<!-- from examples/a/main.cpp: none -->")
        self.assert_found(("README.md:4", "differs"))

    def test_snippets_of_other_languages_are_held_to(self):
        self.write("a.proto", "// [service]", "", "// Why.", "service A {}", "// [/service]")
        self.write("CMakeLists.txt", "# [use]", "find_package(joust)", "# [/use]")
        self.write("README.md", "<!-- from a.proto: service -->", "```proto", "// Why.", "service A {}", "```",
                   "<!-- from CMakeLists.txt: use -->", "```cmake", "find_package(jest)", "```",
                   "<!-- from CMakeLists.txt: use -->", "```sh", "```")
        self.assert_found(("README.md:9", "differs"), ("README.md:11", "not one of cpp, proto, cmake"),
                          ("README.md:12", "differs"))

    def test_marker_without_its_block_is_found(self):
        self.write("README.md", "<!-- from examples/a/main.cpp: call -->", "text")
        self.assert_found(("README.md:2", "without its block"))


if __name__ == "__main__":
    unittest.main()
