//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/last_good_store.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace joust::game {

namespace {

/// With its length, so that no two lists of texts give the same.
void append_text(std::string& key, std::string_view text) {
    std::uint64_t const size = text.size();
    char bytes[sizeof size];
    std::memcpy(bytes, &size, sizeof size);
    key.append(bytes, sizeof bytes).append(text);
}

bool of_traces(std::string_view header) noexcept {
    return header == "traceparent" || header == "tracestate" || header == "grpc-trace-bin";
}

template <class Pairs>
void append_sorted(std::string& key, Pairs const& all) {
    std::vector<std::pair<std::string_view, std::string_view>> sorted;
    for (auto const& [name, value] : all)
        if (!of_traces(name))
            sorted.emplace_back(name, value);
    std::stable_sort(sorted.begin(), sorted.end(), [](auto const& a, auto const& b) { return a.first < b.first; });
    for (auto const& [name, value] : sorted) {
        append_text(key, name);
        append_text(key, value);
    }
}

} // namespace

std::string last_good_store::key_of(outgoing_call const& call) const {
    std::string key;
    append_text(key, call.service());
    append_text(key, call.method());
    append_text(key, call.arguments());
    if (options_.identity) {
        append_text(key, options_.identity(call));
        return key;
    }
    std::string rest;
    append_sorted(rest, call.metadata());
    append_text(key, rest);
    rest.clear();
    append_sorted(rest, call.options().metadata);
    append_text(key, rest);
    auto const who = reinterpret_cast<std::uintptr_t>(call.options().credentials.get());
    char bytes[sizeof who];
    std::memcpy(bytes, &who, sizeof who);
    key.append(bytes, sizeof bytes);
    return key;
}

void last_good_store::put(std::string key, std::string_view answer, std::shared_ptr<call_credentials> credentials,
                          time_point now) {
    std::lock_guard const lock(mutex_);
    if (auto const old = by_key_.find(key); old != by_key_.end())
        drop(old->second);
    entries_.push_front({std::move(key), buffer(answer), std::move(credentials), now});
    bytes_ += entries_.front().bytes();
    by_key_.emplace(entries_.front().key, entries_.begin());
    while (!entries_.empty() && (entries_.size() > options_.max_entries || bytes_ > options_.max_bytes))
        drop(std::prev(entries_.end()));
}

std::optional<last_good_store::found> last_good_store::get(std::string_view key, time_point now) {
    std::lock_guard const lock(mutex_);
    auto const at = by_key_.find(key);
    if (at == by_key_.end())
        return std::nullopt;
    auto const e = at->second;
    auto const age = now - e->when;
    if (options_.max_age && age > *options_.max_age) {
        drop(e);
        return std::nullopt;
    }
    entries_.splice(entries_.begin(), entries_, e);
    return found{buffer(e->answer.view()), age};
}

std::size_t last_good_store::size() const {
    std::lock_guard const lock(mutex_);
    return entries_.size();
}

void last_good_store::drop(entries::iterator at) {
    by_key_.erase(at->key);
    bytes_ -= at->bytes();
    entries_.erase(at);
}

} // namespace joust::game
