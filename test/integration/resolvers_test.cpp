//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Resolvers that wait: for the name service of this machine and for files.

#include "client/dns_resolver.hpp"
#include "client/file_resolver.hpp"
#include "joust/client/manual_resolver.hpp"
#include "support/run.hpp"
#include "support/scratch_folder.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace joust::test {

namespace {

using client::dns_resolver;
using client::file_resolver;
using texts = std::vector<std::string>;

struct listening {
    asio::io_context io;
    std::vector<resolution> seen;

    resolver::listener listener() {
        return [this](resolution r) { seen.push_back(std::move(r)); };
    }
    resolution next() {
        run_until(io, [&] { return !seen.empty(); });
        return only();
    }
    /// What came without anything being run.
    resolution only() {
        BOOST_TEST_REQUIRE(seen.size() == 1U);
        resolution r = std::move(seen.front());
        seen.clear();
        return r;
    }
    static texts addresses(resolution const& r) {
        texts all;
        for (auto const& a : r.addresses)
            all.push_back(a.address);
        return all;
    }
    void check(resolution const& r, texts const& expected) {
        BOOST_TEST(r.problem.ok(), r.problem);
        BOOST_TEST(addresses(r) == expected, boost::test_tools::per_element());
    }
    void check_problem(resolution const& r, std::string const& expected) {
        BOOST_TEST(r.addresses.empty());
        BOOST_TEST(r.problem.code() == status_code::unavailable);
        BOOST_TEST(r.problem.message() == expected);
    }
};

/// One that a test waits for is asked for; one that comes by itself comes soon.
constexpr auto never_by_itself = 24h;
constexpr auto soon = 1ms;

struct a_file : listening {
    scratch_folder folder;
    std::string path = folder.path("services");

    std::unique_ptr<file_resolver> start(file_resolver::duration poll) {
        auto r = std::make_unique<file_resolver>(path, poll);
        r->start(io.get_executor(), listener());
        return r;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(resolvers)

BOOST_FIXTURE_TEST_CASE(name_gives_its_addresses_with_the_port, listening) {
    dns_resolver r({"localhost", "50051"}, {});
    r.start(io.get_executor(), listener());
    auto const found = next();
    BOOST_TEST(found.problem.ok(), found.problem);
    BOOST_TEST(!found.addresses.empty());
    for (auto const& a : addresses(found))
        BOOST_TEST((a == "127.0.0.1:50051" || a == "[::1]:50051"), a);
    r.refresh();
    BOOST_TEST(addresses(next()) == addresses(found), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(name_that_does_not_exist_is_a_problem_and_tried_again, listening) {
    dns_resolver r({"no such name", "1"}, {.min_interval = soon});
    r.start(io.get_executor(), listener());
    for (int i = 0; i < 3; ++i) {
        auto const found = next();
        BOOST_TEST(found.addresses.empty());
        BOOST_TEST(found.problem.code() == status_code::unavailable);
        BOOST_TEST((found.problem.origin() == status_origin::network));
        BOOST_TEST(found.problem.message().starts_with("resolve no such name: "), found.problem);
    }
}

BOOST_FIXTURE_TEST_CASE(name_is_resolved_every_refresh_and_after_doubts, listening) {
    dns_resolver r({"localhost", "1"}, {.min_interval = soon, .refresh = soon});
    r.start(io.get_executor(), listener());
    next();
    next();

    listening other;
    dns_resolver calm({"localhost", "1"}, {.min_interval = soon});
    calm.start(other.io.get_executor(), other.listener());
    other.next();
    calm.on_connection_failure();
    other.next();
}

BOOST_FIXTURE_TEST_CASE(resolver_without_reasons_leaves_nothing_to_run, listening) {
    dns_resolver r({"localhost", "1"}, {});
    r.start(io.get_executor(), listener());
    io.run();
    only();
    r.on_connection_failure(); // in 30 s
    io.restart();
    BOOST_TEST(io.poll() == 0U);
    BOOST_TEST(seen.empty());
}

BOOST_FIXTURE_TEST_CASE(destroyed_resolver_is_silent_and_lets_the_loop_end, listening) {
    auto resolving = std::make_unique<dns_resolver>(net::host_port{"localhost", "1"},
                                                    client::resolve_schedule::settings{.refresh = never_by_itself});
    resolving->start(io.get_executor(), listener());
    resolving.reset();
    io.run();
    BOOST_TEST(seen.empty());

    auto waiting = std::make_unique<dns_resolver>(net::host_port{"localhost", "1"},
                                                  client::resolve_schedule::settings{.refresh = never_by_itself});
    waiting->start(io.get_executor(), listener());
    io.restart();
    next();
    waiting.reset();
    io.run();
    BOOST_TEST(seen.empty());
}

BOOST_FIXTURE_TEST_CASE(pushes_from_many_threads_end_with_the_last_one, listening) {
    manual_resolver source;
    manual_resolver mine(source);
    mine.start(io.get_executor(), listener());
    auto const push = [&source](std::string const& address) {
        std::vector<endpoint_address> all;
        all.push_back({.address = address});
        source.push(std::move(all));
    };
    auto more_to_come = asio::make_work_guard(io);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&push, t] {
            for (int i = 0; i < 100; ++i)
                push("host-" + std::to_string(t) + ":" + std::to_string(i));
        });
    run_until(io, [&] { return !seen.empty(); }); // while they push
    threads.clear();                              // joins
    push("last:1");
    run_until(io, [&] { return addresses(seen.back()) == texts{"last:1"}; });
    auto const count = seen.size();
    more_to_come.reset();
    io.restart();
    io.run();
    BOOST_TEST(seen.size() == count); // each was told once
}

BOOST_FIXTURE_TEST_CASE(file_is_read_at_the_start_and_when_it_is_replaced, a_file) {
    folder.replace("services", "a:1\nb:1 weight=3 # heavy\n");
    auto const r = start(soon);
    auto const first = only();
    check(first, {"a:1", "b:1"});
    BOOST_TEST(first.addresses[1].weight == 3U);
    folder.replace("services", "a:1\nc:1\n");
    check(next(), {"a:1", "c:1"});
}

BOOST_FIXTURE_TEST_CASE(file_may_go_and_come_and_is_reported_once_each_time, a_file) {
    auto const r = start(soon);
    check_problem(only(), "file " + path + ": No such file or directory");
    folder.replace("services", "a:1");
    check(next(), {"a:1"}); // nothing in between: the file that is missing was told of already
    folder.remove("services");
    check_problem(next(), "file " + path + ": No such file or directory");
}

BOOST_FIXTURE_TEST_CASE(broken_file_is_a_problem_that_names_the_line, a_file) {
    folder.replace("services", "a:1\nb\n");
    auto const r = start(never_by_itself);
    check_problem(only(), "file " + path + ": line 2: 'b': the port is missing (host:port)");
    folder.replace("services", "# nothing yet\n");
    r->refresh();
    check_problem(only(), "file " + path + ": no addresses");
    folder.replace("services", "a:1\n");
    r->refresh();
    check(only(), {"a:1"});
}

BOOST_FIXTURE_TEST_CASE(file_with_too_many_addresses_gives_the_first_and_a_problem, a_file) {
    std::string text;
    for (int i = 0; i < 10001; ++i)
        text += "host-" + std::to_string(i) + ":1\n";
    folder.replace("services", text);
    auto const r = start(never_by_itself);
    auto const found = only();
    BOOST_TEST(found.addresses.size() == 10000U);
    BOOST_TEST(found.problem.message() == "file " + path + ": 10001 addresses: only the first 10000 are used");
}

BOOST_FIXTURE_TEST_CASE(what_is_no_regular_file_does_not_hold_up_the_loop, a_file) {
    BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    auto const r = start(never_by_itself);
    check_problem(only(), "file " + path + ": not a regular file");
    folder.remove("services");
    folder.replace("services", std::string(9 * 1024 * 1024, '\n'));
    r->refresh();
    check_problem(only(), "file " + path + ": more than 8388608 bytes");
}

BOOST_FIXTURE_TEST_CASE(destroyed_file_resolver_lets_the_loop_end, a_file) {
    auto r = start(never_by_itself);
    only();
    r.reset();
    io.run();
    BOOST_TEST(seen.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
