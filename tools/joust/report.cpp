//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "report.hpp"

#include "joust/core/connection_error.hpp"

#include <boost/asio/error.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <iterator>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace joust::cli {

namespace {

/// All of it, even to a terminal that some other program has made non-blocking.
std::error_code write_all(int to, std::string_view text) {
    while (!text.empty()) {
        ssize_t const n = ::write(to, text.data(), text.size());
        if (n >= 0) {
            text.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN) {
            pollfd writable{to, POLLOUT, 0};
            ::poll(&writable, 1, -1);
        } else if (errno != EINTR) {
            return {errno, std::system_category()};
        }
    }
    return {};
}

std::string_view name_of(place where) {
    switch (where) {
    case place::usage: return "usage";
    case place::resolve: return "resolve";
    case place::connect: return "connect";
    case place::call: return "call";
    case place::method: return "method";
    case place::payload: return "payload";
    case place::output: return "output";
    }
    return "call";
}

} // namespace

std::string printable(std::string_view text) {
    std::string line;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '\n')
            line += "\\n";
        else if (byte < 0x20 || byte == 0x7f)
            fmt::format_to(std::back_inserter(line), "\\x{:02x}", byte);
        else
            line += c;
    }
    return line;
}

std::string describe(status const& s) {
    std::string text(to_string(s.code()));
    if (s.application_code() != 0)
        text += fmt::format(" ({})", s.application_code());
    if (!s.message().empty())
        text += ": " + s.message();
    return text;
}

void complain(place where, std::string_view why) {
    (void)write_all(STDERR_FILENO, fmt::format("joust: {}: {}\n", name_of(where), printable(why)));
}

bool print_answer(std::string_view line) {
    std::error_code const failed = write_all(STDOUT_FILENO, fmt::format("{}\n", line));
    if (failed)
        complain(place::output, "cannot write to stdout: " + failed.message());
    return !failed;
}

place progress::where(status const& failed) const {
    if (failed.application_code() != 0)
        return place::method;
    if (called_)
        return place::call;
    auto const& category = failed.cause().category();
    bool const resolving = category == boost::asio::error::get_netdb_category() ||
                           category == boost::asio::error::get_addrinfo_category() ||
                           failed.cause() == connection_error::address_invalid;
    return resolving ? place::resolve : place::connect;
}

void progress::note(std::string_view what) const {
    if (!verbose_)
        return;
    std::chrono::duration<double, std::milli> const elapsed = std::chrono::steady_clock::now() - start_;
    (void)write_all(STDERR_FILENO, fmt::format("* {:9.3f} ms  {}\n", elapsed.count(), printable(what)));
}

void progress::note(status const& outcome, metadata const& trailing) const {
    note(fmt::format("status {}", describe(outcome)));
    for (auto const [key, value] : trailing)
        note(fmt::format("trailing metadata {}: {}", key, value));
}

void progress::connection_opened(role, std::string_view peer) noexcept {
    note(fmt::format("connected to {}", peer));
}

void progress::connection_closed(role, std::string_view peer, error_code why) noexcept {
    note(fmt::format("connection to {} closed: {}", peer, why.message()));
}

void progress::call_started(role, std::string_view path, std::string_view) noexcept {
    called_ = true;
    note(fmt::format("calling {}", path));
}

} // namespace joust::cli
