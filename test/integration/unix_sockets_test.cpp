//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Servers and channels at Unix sockets.

#include "support/loopback.hpp"
#include "support/raw_peer.hpp"
#include "support/scratch_folder.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

namespace joust::test {

namespace {

using local = asio::local::stream_protocol;
namespace fs = std::filesystem;

struct unix_server : loopback {
    scratch_folder folder;
    std::string path = folder.path("s");
    std::string seen_peer, seen_authority;

    unix_server() {
        server.add(bytes_service::unary, [this](octets q, call_context& context) {
            seen_peer = context.peer();
            seen_authority = context.authority();
            return q;
        });
    }

    result<octets> call_at(std::string const& at, std::string authority = {}) {
        channel_options o;
        o.authority = std::move(authority);
        joust::channel const ch(io.get_executor(), at, o);
        result<octets> answer = octets();
        test::run(io, [&]() -> asio::awaitable<void> { answer = co_await call(ch, "hello"); });
        return answer;
    }
};

/// The file of a socket that nobody listens at.
void leave_behind(asio::io_context& io, std::string const& path) {
    local::acceptor const gone(io, local::endpoint(path));
}

} // namespace

BOOST_AUTO_TEST_SUITE(unix_sockets)

BOOST_FIXTURE_TEST_CASE(absolute_relative_and_abstract, unix_server) {
    BOOST_TEST(server.listen("unix://" + path).value().to_string() == "unix:" + path);
    BOOST_TEST(call_at("unix:" + path).value() == "hello");
    BOOST_TEST(call_at("unix://" + path).value() == "hello");
    BOOST_TEST(seen_authority == "localhost");
    BOOST_TEST(seen_peer == "unix:pid=" + std::to_string(::getpid()) + ",uid=" + std::to_string(::getuid()));

    std::string const relative = fs::relative(folder.path("r")).string();
    BOOST_TEST(server.listen("unix:" + relative).value().to_string() == "unix:" + relative);
    BOOST_TEST(call_at("unix:" + folder.path("r")).value() == "hello");

    std::string const name = "unix-abstract:joust-test-" + std::to_string(::getpid());
    BOOST_TEST(server.listen(name).value().to_string() == name);
    BOOST_TEST(call_at(name).value() == "hello");
    BOOST_TEST(!fs::exists(name));
    BOOST_TEST(code_of(server.listen(name)) == status_code::unavailable);
}

BOOST_FIXTURE_TEST_CASE(a_path_as_authority_is_accepted, unix_server) {
    server.listen("unix:" + path).value();
    std::vector<std::string> const authorities = {path, "unix:" + path, "%2Ftmp%2Fs", "a b"};
    for (std::string const& authority : authorities) {
        BOOST_TEST(call_at("unix:" + path, authority).value() == "hello");
        BOOST_TEST(seen_authority == authority);
    }
    auto const tcp = server.listen("127.0.0.1:0").value();
    BOOST_TEST(call_at(tcp.to_string(), "127.0.0.1").value() == "hello");
    BOOST_TEST(call_at(tcp.to_string(), path).has_error()); // as HTTP/2 has it
}

BOOST_FIXTURE_TEST_CASE(the_file_is_removed_at_the_end, unix_server) {
    server.listen("unix:" + path).value();
    BOOST_TEST(fs::exists(path));
    server.stop();
    BOOST_TEST(!fs::exists(path));

    joust::server drained(io.get_executor());
    drained.listen("unix:" + path).value();
    bool done = false;
    drained.async_drain(1s, [&](auto) { done = true; });
    run_until(io, [&] { return done; });
    BOOST_TEST(!fs::exists(path));
}

BOOST_FIXTURE_TEST_CASE(a_file_of_somebody_else_stays, unix_server) {
    server.listen("unix:" + path).value();
    fs::remove(path);
    leave_behind(io, path);
    server.stop();
    BOOST_TEST(fs::exists(path));
}

BOOST_FIXTURE_TEST_CASE(a_stale_file_is_replaced, unix_server) {
    leave_behind(io, path);
    BOOST_TEST(fs::exists(path));
    server.listen("unix:" + path).value();
    BOOST_TEST(call_at("unix:" + path).value() == "hello");
}

BOOST_FIXTURE_TEST_CASE(what_is_in_use_or_no_socket_is_not, unix_server) {
    server.listen("unix:" + path).value();
    joust::server other(io.get_executor());
    auto const taken = other.listen("unix:" + path);
    BOOST_TEST(code_of(taken) == status_code::unavailable);
    BOOST_TEST(message_of(taken) == "listen at unix:" + path + ": Address already in use");
    BOOST_TEST(call_at("unix:" + path).value() == "hello");
    auto const file = folder.write("file", "text");
    BOOST_TEST(code_of(other.listen("unix:" + file)) == status_code::unavailable);
    BOOST_TEST(fs::file_size(file) == 4U);
    BOOST_TEST(code_of(other.listen("unix:" + folder.path("no/such"))) == status_code::unavailable);
}

BOOST_FIXTURE_TEST_CASE(malformed_ones_are_refused, unix_server) {
    std::vector<std::string> const bad = {"unix:", "unix://relative",
                                          "unix-abstract:", "unix:/" + std::string(200, 'x')};
    for (std::string const& at : bad) {
        BOOST_TEST(code_of(server.listen(at)) == status_code::invalid_argument, at);
        BOOST_TEST(code_of(call_at(at)) == status_code::invalid_argument, at);
    }
}

BOOST_FIXTURE_TEST_CASE(nobody_there_says_so, unix_server) {
    auto const r = call_at("unix:" + path);
    BOOST_TEST(code_of(r) == status_code::unavailable);
    BOOST_TEST(message_of(r) == "connect to unix:" + path + ": No such file or directory");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
