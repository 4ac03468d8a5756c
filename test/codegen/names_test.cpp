//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What the golden files cannot show: that the headers with difficult names compile, together, and mean what they say.

#include "deprecated.joust.hpp"
#include "names.joust.hpp"
#include "no_package.joust.hpp"
#include "shop/service.joust.hpp"
#include "shop/types.joust.hpp"

#include <joust/rpc/router.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(generated_names)

namespace {

using names::of::echo;
using names::of::register_;

static_assert(names::of::echo_::delete_.path == "/names.of.Echo/Delete");
static_assert(names::of::echo_::service.name == "names.of.Echo");
static_assert(pinger::ping.path == "/Pinger/Ping");
static_assert(std_::ping.path == "/Std/Ping");
static_assert(
    std::is_same_v<decltype(shop::checkout::price_of), unary_method<shop::types::Item, shop::types::Item_Price> const>);

struct difficult_echo {
    names::of::echo_Inner_Most delete_(names::of::echo_Inner const&) { return {}; }
    echo bind_(register_ const&) { return {}; }
    echo service_(register_ const&) { return {}; }
    boost::asio::awaitable<void> handlers_(server_stream<register_, echo>&) { co_return; }
    echo http_get2(register_ const&) { return {}; }
    echo already_snake(register_ const&) { return {}; }
    echo getIt(register_ const&) { return {}; }
    echo GetIt(register_ const&) { return {}; }
};

struct nothing {};

struct old_service {
    old::Fresh former(old::Fresh const& m) { return m; }
    old::Fresh current(old::Fresh const& m) { return m; }
    template <class Old>
    old::Fresh takes_old(Old const&) {
        return {};
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(every_method_is_routed) {
    router routes;
    names::of::echo_::bind(difficult_echo()).bind(routes);
    for (char const* const method :
         {"Delete", "Bind", "Service", "Handlers", "HTTPGet2", "already_snake", "getIt", "GetIt"})
        BOOST_TEST((routes.find("/names.of.Echo/" + std::string(method)) != nullptr), method);
}

BOOST_AUTO_TEST_CASE(service_without_methods_is_no_service) {
    router routes;
    names::of::empty::bind(nothing()).bind(routes);
    BOOST_TEST(routes.services().empty());
}

BOOST_AUTO_TEST_CASE(binding_deprecated_methods_does_not_warn) { // warnings are errors
    router routes;
    old::mixed::bind(old_service()).bind(routes);
    BOOST_TEST((routes.find("/old.Mixed/Former") != nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
