//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The input is a service config, as a resolver may get it from anybody. It is refused with words, or all of it is
// valid.

#include "joust/client/service_config.hpp"

#include "fuzz/require.hpp"

using namespace joust;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const parsed = service_config::parse(fuzz::as_text(data, size));
    if (parsed.has_error()) {
        fuzz::require(parsed.error().code() == status_code::invalid_argument);
        fuzz::require(!parsed.error().message().empty());
        return 0;
    }
    for (auto const* path : {"/s/m", "/s/other", "/other/m", "", "/"})
        if (method_config const* const found = parsed->find(path))
            fuzz::require(!validate(*found));
    fuzz::require(!parsed->throttling || !validate(*parsed->throttling));
    if (auto const& balancing = parsed->load_balancing) {
        fuzz::require(!balancing->policy.empty() && balancing->json.starts_with('{'));
        fuzz::require(balancing->choice_count >= 2 && balancing->choice_count <= 10);
        fuzz::require(balancing->min_ring_size >= 1 && balancing->min_ring_size <= balancing->max_ring_size);
    }
    return 0;
}
