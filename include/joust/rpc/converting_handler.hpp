//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>

#include <type_traits>
#include <utility>

namespace joust::detail {

/// A completion handler that converts its arguments before it calls the user's. Everything associated with the user's
/// handler (executor, allocator, cancellation slot) is associated with this one.
template <class Handler, class Convert>
struct converting_handler {
    Handler handler;
    Convert convert;

    template <class... Args>
    void operator()(Args&&... args) {
        std::move(handler)(convert(std::forward<Args>(args)...));
    }
};

template <class Handler, class Convert>
converting_handler(Handler, Convert) -> converting_handler<Handler, Convert>;

} // namespace joust::detail

namespace boost::asio {

template <template <class, class> class Associator, class Handler, class Convert, class Default>
struct associator<Associator, joust::detail::converting_handler<Handler, Convert>, Default>
    : Associator<Handler, Default> {
    static auto get(joust::detail::converting_handler<Handler, Convert> const& h) noexcept {
        return Associator<Handler, Default>::get(h.handler);
    }
    static auto get(joust::detail::converting_handler<Handler, Convert> const& h, Default const& d) noexcept {
        return Associator<Handler, Default>::get(h.handler, d);
    }
};

} // namespace boost::asio
