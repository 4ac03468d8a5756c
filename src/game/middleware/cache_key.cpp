//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/cache_key.hpp"

#include "joust/core/peer_identity.hpp"
#include "joust/game/payload_codec.hpp"

#include <string_view>

namespace joust::game {

namespace {

/// Appends a part such that no two lists of parts give the same text.
void append_part(std::string& key, std::string_view part) {
    key.append(std::to_string(part.size())).push_back(':');
    key.append(part);
}

void append_metadata(std::string& key, call const& c, std::string_view name) {
    for (auto const& [each, value] : c.context().request_metadata())
        if (each == name)
            append_part(key, value);
    key.push_back(',');
    if (auto const value = c.find_metadata(name))
        append_part(key, *value);
    key.push_back(';');
}

/// All that may tell users apart, not the first that is there: a proxy may say one thing in the call's metadata for all
/// of them, and the envelope another for each.
void append_user(std::string& key, call const& c) {
    if (!c.identity().empty()) {
        key.push_back('i');
        append_part(key, c.identity());
        return;
    }
    key.push_back('a');
    append_metadata(key, c, "authorization");
    if (auto const* const certificate = c.context().peer_identity()) {
        append_part(key, certificate->subject);
        for (auto const* const names :
             {&certificate->dns_names, &certificate->uris, &certificate->ip_addresses, &certificate->emails}) {
            for (std::string const& each : *names)
                append_part(key, each);
            key.push_back(';');
        }
    }
}

} // namespace

std::optional<std::string> make_cache_key(call const& c, cache_options const& options) {
    std::string key(c.name());
    key.push_back('\0'); // for answer_table::erase
    if (c.codec() != nullptr)
        append_part(key, c.codec()->name());
    key.push_back('/');
    if (options.key) {
        auto const own = options.key(c);
        if (!own)
            return std::nullopt;
        return key.append(*own);
    }
    append_part(key, c.arguments().empty() && c.codec() == nullptr ? "{}" : c.arguments());
    if (!options.shared)
        append_user(key, c);
    key.push_back('|');
    for (std::string const& each : options.vary)
        append_metadata(key, c, each);
    return key;
}

} // namespace joust::game
