//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Reads a line, says what our codecs make of it, and so on to the end: `json` writes JSON again, `pack` JSON as
// MessagePack in hexadecimal, `unpack` the reverse. What is refused is answered with `error: ` and why.

#include "joust/game/json.hpp"
#include "joust/game/message_pack.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <iostream>
#include <string>
#include <string_view>

namespace {

std::string to_hex(std::string_view bytes) {
    std::string text;
    for (char const c : bytes)
        for (int const half : {static_cast<unsigned char>(c) >> 4, c & 15})
            text += "0123456789abcdef"[half];
    return text;
}

std::string from_hex(std::string_view text) {
    std::string bytes;
    for (; text.size() >= 2; text.remove_prefix(2)) {
        unsigned byte = 0;
        std::from_chars(text.data(), text.data() + 2, byte, 16);
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

std::string said(joust::status const& failed, joust::buffer const& out, bool hex) {
    if (!failed.ok())
        return "error: " + failed.message();
    return hex ? to_hex(out.view()) : std::string(out.view());
}

std::string answer(std::string_view what, std::string const& line, joust::game::payload_codec const& pack) {
    joust::buffer out;
    if (what == "pack")
        return said(joust::game::detail::encode_payload_with(pack, line, out), out, true);
    if (what == "unpack")
        return said(joust::game::detail::payload_to_json(pack, from_hex(line), out, {}), out, false);
    boost::json::value value;
    if (joust::status failed = joust::json::decode_into(value, line); !failed.ok())
        return said(failed, out, false);
    return said(joust::json::encode(out, value), out, false);
}

} // namespace

int main(int argc, char** argv) {
    std::string_view const what = argc == 2 ? argv[1] : "";
    if (what != "json" && what != "pack" && what != "unpack") {
        std::cerr << "usage: json_lines json|pack|unpack\n";
        return 2;
    }
    auto const pack = joust::game::message_pack();
    for (std::string line; std::getline(std::cin, line);)
        std::cout << answer(what, line, *pack) << '\n';
    return 0;
}
