//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/compressors.hpp"

#include "joust/wire/encoding_name.hpp"

#include "wire/compression.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace joust {

namespace {

bool well_formed(std::string_view name) noexcept {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    return !name.empty() && name.size() <= encoding_name::max_size &&
           name.find_first_not_of(letters) == std::string_view::npos;
}

status broken(std::string_view name, std::string_view how) {
    return status(status_code::internal,
                  "the message compressed with " + std::string(name) + " is " + std::string(how));
}

} // namespace

status compressor::too_large(std::size_t limit) const {
    return status(status_code::resource_exhausted, "message compressed with " + std::string(name()) +
                                                       " exceeds max_receive_message_size of " + std::to_string(limit) +
                                                       " bytes when decompressed");
}

status compressor::corrupt() const {
    return broken(name(), "corrupt");
}

status compressor::cut_short() const {
    return broken(name(), "cut short");
}

compressors compressors::standard() {
    compressors all;
    all.add(wire::make_gzip());
    all.add(wire::make_deflate());
#ifdef JOUST_ZSTD
    all.add(wire::make_zstd());
#endif
    return all;
}

void compressors::add(std::shared_ptr<compressor const> c) {
    std::string_view const name = c->name();
    if (!well_formed(name) || wire::is_identity(name))
        throw std::invalid_argument("'" + std::string(name) + "' cannot be the name of a compressor");
    auto const same = std::find_if(all_.begin(), all_.end(), [&](auto const& had) { return had->name() == name; });
    if (same != all_.end()) {
        *same = std::move(c);
        return;
    }
    accepted_.append(",").append(name);
    all_.push_back(std::move(c));
}

compressor const* compressors::find(std::string_view name) const noexcept {
    for (auto const& c : all_)
        if (c->name() == name)
            return c.get();
    return nullptr;
}

} // namespace joust
