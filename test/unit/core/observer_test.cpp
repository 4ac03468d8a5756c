//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/connection_error.hpp"
#include "joust/core/observer.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(observer_)

namespace {

void tell_everything(joust::observer& o) {
    joust::status const outcome(joust::status_code::aborted);
    o.connection_opened(joust::role::server, "peer");
    o.call_started(joust::role::server, "/s/m", "peer");
    o.handler_failed("/s/m", "id", "what");
    o.call_finished({joust::role::server, "/s/m", "peer", outcome, std::chrono::milliseconds(3)});
    o.connection_closed(joust::role::server, "peer", joust::connection_error::closed);
}

struct recorder final : joust::observer {
    std::string path;
    joust::status_code code = joust::status_code::ok;
    std::chrono::nanoseconds elapsed{};

    void call_finished(joust::call_summary const& call) noexcept override {
        path = call.path;
        code = call.outcome.code();
        elapsed = call.elapsed;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(overridden_function_hears_and_the_others_need_not_be) {
    recorder r;
    tell_everything(r);
    BOOST_TEST(r.path == "/s/m");
    BOOST_TEST((r.code == joust::status_code::aborted));
    BOOST_TEST((r.elapsed == std::chrono::milliseconds(3)));
}

BOOST_AUTO_TEST_CASE(failure_log_writes_a_line_for_each_failed_handler_only) {
    std::ostringstream os;
    auto const log = joust::make_failure_log(os);
    tell_everything(*log);
    BOOST_TEST(os.str() == "joust: the handler of /s/m failed (call id id): what\n");
    log->handler_failed("/s/other", "7", "");
    BOOST_TEST(os.str().ends_with("\njoust: the handler of /s/other failed (call id 7): \n"));
}

BOOST_AUTO_TEST_CASE(failure_log_that_cannot_write_lets_the_call_go_on) {
    std::ostringstream os;
    os.setstate(std::ios::badbit);
    BOOST_CHECK_THROW(os.exceptions(std::ios::badbit), std::ios::failure);
    auto const log = joust::make_failure_log(os);
    tell_everything(*log);
    BOOST_TEST(os.str() == "");
}

BOOST_AUTO_TEST_SUITE_END()
