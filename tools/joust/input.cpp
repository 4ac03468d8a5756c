//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "input.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace joust::cli {

namespace asio = boost::asio;

namespace {

status cannot_read(std::string const& why) {
    return status(status_code::invalid_argument, "cannot read stdin: " + why);
}

} // namespace

input::input(asio::any_io_executor const& executor) : readable_(executor) {
    // Asio would make the descriptor itself non-blocking. An epoll set of its own is readable when the input is.
    int const set = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    if (set >= 0 && ::epoll_ctl(set, EPOLL_CTL_ADD, STDIN_FILENO, &event) == 0)
        readable_.assign(set);
    else if (set >= 0)
        ::close(set); // a file, which never waits; if it is something worse, the first read will say so
}

asio::awaitable<result<std::optional<std::string>>> input::read_line() {
    for (std::size_t searched = taken_;;) {
        std::size_t const end = text_.find('\n', searched);
        if (end != std::string::npos) {
            std::string line = text_.substr(taken_, end - taken_);
            taken_ = end + 1;
            co_return std::optional(std::move(line));
        }
        text_.erase(0, std::exchange(taken_, 0));
        searched = text_.size();
        auto filling = fill();
        result<bool> const more = co_await std::move(filling);
        if (more.has_error())
            co_return more.error();
        if (!*more && text_.empty())
            co_return std::optional<std::string>();
        if (!*more)
            co_return std::optional(std::exchange(text_, {}));
    }
}

asio::awaitable<result<std::string>> input::read_all() {
    for (;;) {
        auto filling = fill();
        result<bool> const more = co_await std::move(filling);
        if (more.has_error())
            co_return more.error();
        if (!*more)
            co_return std::exchange(text_, {});
    }
}

asio::awaitable<result<bool>> input::fill() {
    constexpr std::size_t chunk = 64 * 1024;
    if (at_end_)
        co_return false;
    for (;;) {
        if (readable_.is_open()) {
            auto waiting =
                readable_.async_wait(asio::posix::stream_descriptor::wait_read, asio::as_tuple(asio::use_awaitable));
            auto const [failed] = co_await std::move(waiting);
            if (failed)
                co_return cannot_read(failed.message());
        }
        std::size_t const before = text_.size();
        text_.resize(before + chunk);
        ssize_t const n = ::read(STDIN_FILENO, text_.data() + before, chunk);
        int const error = errno;
        text_.resize(before + static_cast<std::size_t>(n < 0 ? 0 : n));
        if (n >= 0) {
            at_end_ = n == 0;
            co_return !at_end_;
        }
        if (error != EINTR && error != EAGAIN)
            co_return cannot_read(std::system_category().message(error));
    }
}

void input::close() {
    error_code ignored;
    readable_.close(ignored);
}

} // namespace joust::cli
