//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/metadata.hpp"
#include "joust/net/credentials.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace joust::cli {

enum class command { call, stream, list, describe, stats };

/// What the command line asks for.
struct options {
    command what = command::call;
    std::string address;
    std::string method;
    /// Of whom `list`, `describe` and `stats` tell: a service, one method of it, or nothing for all.
    std::string name;
    /// The arguments as they were given, `-` included; nothing for none.
    std::optional<std::string> payload;
    std::string service;
    std::optional<std::chrono::steady_clock::duration> timeout;
    /// For the envelope and for the headers.
    std::vector<std::pair<std::string, std::string>> metadata;
    joust::metadata headers;
    channel_credentials credentials;
    bool many = false;
    bool json = false;
    bool verbose = false;
};

/// `500ms`, `1.5s`, `2m`, `1h`; nothing for any other text, and for a time that is not positive or beyond ten years.
std::optional<std::chrono::steady_clock::duration> parse_duration(std::string_view text);

/// The options; or the exit code when there is nothing to call: help was printed, or a complaint.
std::variant<options, int> parse_command_line(int argc, char const* const* argv);

} // namespace joust::cli
