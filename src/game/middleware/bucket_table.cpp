//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/bucket_table.hpp"

#include <string>

namespace joust::game {

std::optional<token_bucket::duration> bucket_table::take(std::string_view key, token_bucket::time_point now) {
    token_bucket* bucket = buckets_.find(key);
    if (bucket == nullptr) {
        make_room(now);
        bucket = &buckets_.insert(std::string(key), token_bucket(rate_, burst_));
    }
    if (bucket->take(now))
        return std::nullopt;
    return bucket->wait();
}

void bucket_table::make_room(token_bucket::time_point now) {
    // Two go for one that comes, so that after a rush the table shrinks, and nobody waits for all of it.
    for (int i = 0; i != 2 && !buckets_.empty() && buckets_.oldest().value.full(now); ++i)
        buckets_.erase_oldest();
    if (buckets_.size() >= max_keys_)
        buckets_.erase_oldest();
}

} // namespace joust::game
