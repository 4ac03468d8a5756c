//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/inherit.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace joust::rpc {

namespace {

constexpr std::size_t longest_tracestate = 512; // what everybody has to hand on (W3C Trace Context, 3.3.1.5)

bool is_hex(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_identifier(std::string_view text) noexcept {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

void inherit_trace(metadata const& from, metadata& to) {
    auto const trace = from.get("traceparent");
    if (!trace || !is_traceparent(*trace) || to.contains("traceparent"))
        return;
    to.add("traceparent", *trace);
    auto const states = from.get_all("tracestate");
    std::size_t size = 0;
    for (std::string_view const each : states)
        size += each.size() + 1;
    if (size > longest_tracestate + 1 || to.contains("tracestate"))
        return;
    for (std::string_view const each : states)
        if (!validate("tracestate", each))
            to.add("tracestate", each);
}

} // namespace

// version "-" trace-id "-" parent-id "-" trace-flags, and what later versions append.
bool is_traceparent(std::string_view text) noexcept {
    constexpr std::size_t size = 2 + 1 + 32 + 1 + 16 + 1 + 2;
    if (text.size() < size || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return false;
    std::string_view const version = text.substr(0, 2);
    bool const fits = text.size() == size || (version != "00" && text[size] == '-' && text.size() <= 2 * size);
    return fits && version != "ff" && is_hex(version) && is_identifier(text.substr(3, 32)) &&
           is_identifier(text.substr(36, 16)) && is_hex(text.substr(53, 2)) &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

void inherit(call_options& options) {
    call_context const* const parent = std::exchange(options.parent, nullptr);
    if (parent == nullptr)
        return;
    if (auto const theirs = parent->deadline())
        options.deadline = std::min(options.deadline.value_or(*theirs), *theirs);
    inherit_trace(parent->request_metadata(), options.metadata);
}

} // namespace joust::rpc
