//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace joust::game {

/// Values by text, and which of them was used longest ago.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
template <class Value>
class lru_map {
public:
    struct entry {
        entry(std::string k, Value v) : key(std::move(k)), value(std::move(v)) {}

        std::string const key;
        Value value;
    };

    /// The value of this key, which is now the one used last; null when there is none.
    Value* find(std::string_view key) {
        auto const at = index_.find(key);
        if (at == index_.end())
            return nullptr;
        entries_.splice(entries_.begin(), entries_, at->second);
        return &at->second->value;
    }

    /// Adds a value; there is none of this key. Valid until it is erased.
    Value& insert(std::string key, Value value) {
        entries_.emplace_front(std::move(key), std::move(value));
        try {
            index_.emplace(entries_.front().key, entries_.begin());
        } catch (...) {
            entries_.pop_front();
            throw;
        }
        return entries_.front().value;
    }

    /// The one that was used longest ago. There is one.
    entry& oldest() noexcept { return entries_.back(); }
    void erase_oldest() {
        index_.erase(entries_.back().key);
        entries_.pop_back();
    }

    /// `key` may be that of the entry itself.
    void erase(std::string_view key) {
        auto const at = index_.find(key);
        if (at == index_.end())
            return;
        auto const found = at->second;
        index_.erase(at);
        entries_.erase(found);
    }

    /// Erases the entries of which `predicate` is true.
    template <class Predicate>
    void erase_if(Predicate predicate) {
        for (auto at = entries_.begin(); at != entries_.end();) {
            if (predicate(std::as_const(*at))) {
                index_.erase(at->key);
                at = entries_.erase(at);
            } else {
                ++at;
            }
        }
    }

    void clear() noexcept {
        index_.clear();
        entries_.clear();
    }
    std::size_t size() const noexcept { return entries_.size(); }
    bool empty() const noexcept { return entries_.empty(); }

private:
    std::list<entry> entries_;                                                        // the one used last is in front
    std::unordered_map<std::string_view, typename std::list<entry>::iterator> index_; // into the entries' keys
};

} // namespace joust::game
