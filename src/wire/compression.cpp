//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "wire/compression.hpp"

#include "joust/wire/message.hpp"

#include <algorithm>
#include <exception>
#include <string>

namespace joust::wire {

namespace {

status thrown(compressor const& c, std::string_view what) {
    return status(status_code::internal, "the compressor " + std::string(c.name()) + " failed: " + std::string(what));
}

/// Catches whatever a plug-in throws.
template <class Work>
status guarded(compressor const& c, Work work) {
    try {
        return work();
    } catch (std::exception const& e) {
        return thrown(c, e.what());
    } catch (...) {
        return thrown(c, "an exception of unknown type");
    }
}

status compressed_without_encoding() {
    return status(status_code::internal, "a message is compressed already, but the call has no encoding");
}

} // namespace

bool accepts(std::string_view accept_encoding, std::string_view name) noexcept {
    constexpr std::string_view blank = " \t";
    for (;;) {
        std::size_t const comma = accept_encoding.find(',');
        std::string_view one = accept_encoding.substr(0, comma);
        one.remove_prefix(std::min(one.find_first_not_of(blank), one.size()));
        if (one.substr(0, one.find_last_not_of(blank) + 1) == name)
            return true;
        if (comma == std::string_view::npos)
            return false;
        accept_encoding.remove_prefix(comma + 1);
    }
}

status decompress(compressor const& c, std::string_view compressed, std::size_t limit, buffer& out) {
    out.clear();
    status s = guarded(c, [&] { return c.decompress(compressed, limit, out); });
    if (s.ok() && out.size() > limit)
        s = status(status_code::resource_exhausted, "message of " + std::to_string(out.size()) +
                                                        " bytes exceeds max_receive_message_size of " +
                                                        std::to_string(limit) + " bytes");
    if (!s.ok())
        out.clear();
    return s;
}

status pack(buffer& framed, compressor const* encoding) {
    std::uint8_t& flag = framed.data()[0];
    if (flag == plain_mark) {
        flag = 0;
        return {};
    }
    if (flag != 0)
        return encoding != nullptr ? status() : compressed_without_encoding();
    if (encoding == nullptr || framed.size() == prefix_size)
        return {};
    buffer packed;
    std::size_t const at = begin_message(packed);
    status s = guarded(*encoding, [&] { return encoding->compress(framed.view().substr(prefix_size), packed); });
    if (!s.ok() || packed.size() >= framed.size())
        return s;
    end_message(packed, at, true);
    framed.swap(packed);
    return {};
}

} // namespace joust::wire
