//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/answer_table.hpp"

#include "game/middleware/lru_map.hpp"
#include "game/middleware/refusal.hpp"

#include <mutex>
#include <utility>

namespace joust::game {

namespace {

struct kept_answer {
    answer_table::answer what;
    answer_table::time_point good_until;
};

/// About what an entry takes beside key and answer: nodes of list and index, the answer's control block.
constexpr std::size_t bytes_of_an_entry = 200;

std::size_t size_of(std::string_view key, kept_answer const& a) {
    return key.size() + a.what->size() + bytes_of_an_entry;
}

} // namespace

struct answer_table::impl {
    answer_table_options const options;
    mutable std::mutex mutex;
    lru_map<kept_answer> answers;
    statistics count;

    explicit impl(answer_table_options const& o) : options(o) {}

    void erase_oldest() {
        count.bytes -= size_of(answers.oldest().key, answers.oldest().value);
        answers.erase_oldest();
    }
    void erase(std::string_view key, kept_answer const& a) {
        count.bytes -= size_of(key, a);
        answers.erase(key);
    }
};

std::optional<std::string> validate(answer_table_options const& options) {
    if (options.max_entries == 0)
        return "max_entries must be at least 1";
    if (options.max_bytes < 1024)
        return "max_bytes must be at least 1024";
    return std::nullopt;
}

answer_table::answer_table(answer_table_options const& options) : impl_(std::make_unique<impl>(options)) {
    refuse_options("answer_table", validate(options));
}

answer_table::~answer_table() = default;

answer_table::answer answer_table::find(std::string_view key, time_point now) {
    std::lock_guard const lock(impl_->mutex);
    kept_answer* const known = impl_->answers.find(key);
    if (known != nullptr && now < known->good_until) {
        ++impl_->count.hits;
        return known->what;
    }
    if (known != nullptr)
        impl_->erase(key, *known);
    ++impl_->count.misses;
    return nullptr;
}

void answer_table::put(std::string key, answer what, time_point good_until) {
    kept_answer fresh{std::move(what), good_until};
    std::size_t const size = size_of(key, fresh);
    std::lock_guard const lock(impl_->mutex);
    if (kept_answer* const old = impl_->answers.find(key))
        impl_->erase(key, *old);
    if (size > impl_->options.max_bytes)
        return;
    while (impl_->answers.size() >= impl_->options.max_entries ||
           impl_->count.bytes + size > impl_->options.max_bytes) {
        impl_->erase_oldest();
        ++impl_->count.evictions;
    }
    impl_->answers.insert(std::move(key), std::move(fresh));
    impl_->count.bytes += size;
}

void answer_table::clear() {
    std::lock_guard const lock(impl_->mutex);
    impl_->answers.clear();
    impl_->count.bytes = 0;
}

void answer_table::erase(std::string_view method) {
    std::string prefix(method);
    prefix.push_back('\0'); // as make_cache_key ends it
    std::lock_guard const lock(impl_->mutex);
    impl_->answers.erase_if([&](auto const& entry) {
        bool const erased = entry.key.starts_with(prefix);
        if (erased)
            impl_->count.bytes -= size_of(entry.key, entry.value);
        return erased;
    });
}

answer_table::statistics answer_table::counted() const {
    std::lock_guard const lock(impl_->mutex);
    statistics now = impl_->count;
    now.entries = impl_->answers.size();
    return now;
}

} // namespace joust::game
