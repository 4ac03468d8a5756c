//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/happy_eyeballs_order.hpp"

#include <algorithm>
#include <iterator>

namespace joust::net {

using boost::asio::ip::tcp;

std::vector<tcp::endpoint> happy_eyeballs_order(std::vector<tcp::endpoint> const& addresses) {
    std::vector<tcp::endpoint> first, second;
    std::partition_copy(addresses.begin(), addresses.end(), std::back_inserter(first), std::back_inserter(second),
                        [&](tcp::endpoint const& e) { return e.protocol() == addresses.front().protocol(); });
    std::vector<tcp::endpoint> ordered;
    ordered.reserve(addresses.size());
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i)
        for (auto const* const family : {&first, &second})
            if (i < family->size())
                ordered.push_back((*family)[i]);
    return ordered;
}

} // namespace joust::net
