//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/wire/message.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace joust::rpc {

/// A message on its way out, taken out of its frame for the hooks of interceptors.
struct outgoing_message {
    buffer bytes = {};
    bool plain = false; // marked by `wire::keep_plain`

    outgoing_message() = default;
    explicit outgoing_message(buffer framed)
        : bytes(std::move(framed)), plain(static_cast<std::uint8_t>(bytes.data()[0]) == wire::plain_mark) {
        bytes.erase_front(wire::prefix_size);
    }

    buffer framed() const {
        buffer all;
        all.reserve(wire::prefix_size + bytes.size());
        std::size_t const at = wire::begin_message(all);
        all.append(bytes.view());
        wire::end_message(all, at);
        if (plain)
            wire::keep_plain(all);
        return all;
    }
};

/// The bytes of a framed message.
inline std::string_view bytes_of(buffer const& framed) noexcept {
    return framed.view().substr(wire::prefix_size);
}

} // namespace joust::rpc
