//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/file_resolver.hpp"

#include "client/list_resolution.hpp"
#include "client/watched_file.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace joust::client {

namespace asio = boost::asio;

/// What the timer's wait refers to, weakly.
class file_resolver::work : public std::enable_shared_from_this<work> {
public:
    work(asio::any_io_executor const& executor, std::string path, duration poll, listener l)
        : file_(std::move(path)), poll_(poll), listener_(std::move(l)), timer_(executor) {}

    void read() { listener_(resolve()); }

    void wait() {
        timer_.expires_after(poll_);
        timer_.async_wait([weak = weak_from_this()](error_code ec) {
            auto const self = weak.lock();
            if (!self || ec)
                return;
            self->wait();
            if (self->file_.changed())
                self->read();
        });
    }

private:
    resolution resolve() {
        auto const text = file_.read();
        if (text.has_value())
            return resolve_list("file " + file_.path(), *text);
        resolution r;
        r.problem = text.error();
        return r;
    }

    watched_file file_;
    duration poll_;
    listener listener_;
    asio::steady_timer timer_;
};

file_resolver::file_resolver(std::string path, duration poll) : path_(std::move(path)), poll_(poll) {}

file_resolver::~file_resolver() = default;

void file_resolver::start(asio::any_io_executor const& executor, listener on_resolution) {
    work_ = std::make_shared<work>(executor, path_, poll_, std::move(on_resolution));
    auto const w = work_;
    w->wait();
    w->read();
}

void file_resolver::refresh() {
    if (auto const w = work_)
        w->read();
}

} // namespace joust::client
