//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/wire/compressors.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace joust::test {

/// A compressor as a user would bring it: pairs of a count and a byte.
class run_length final : public compressor {
public:
    std::string_view name() const noexcept override { return "run-length"; }

    status compress(std::string_view message, buffer& out) const override {
        for (std::size_t i = 0; i < message.size();) {
            std::size_t n = 1;
            while (n < 255 && i + n < message.size() && message[i + n] == message[i])
                ++n;
            out.push_back(static_cast<char>(n));
            out.push_back(message[i]);
            i += n;
        }
        return {};
    }

    status decompress(std::string_view compressed, std::size_t limit, buffer& out) const override {
        for (; compressed.size() >= 2; compressed.remove_prefix(2)) {
            auto const n = static_cast<std::uint8_t>(compressed[0]);
            if (n == 0)
                return corrupt();
            if (n > limit - out.size())
                return too_large(limit);
            for (std::size_t i = 0; i < n; ++i)
                out.push_back(compressed[1]);
        }
        return compressed.empty() ? status() : cut_short();
    }
};

/// The standard encodings and `run-length`.
inline std::shared_ptr<compressors const> with_run_length() {
    compressors all = compressors::standard();
    all.add(std::make_shared<run_length>());
    return std::make_shared<compressors const>(std::move(all));
}

} // namespace joust::test
