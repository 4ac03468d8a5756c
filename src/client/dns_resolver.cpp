//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/dns_resolver.hpp"

#include "client/address_list.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace joust::client {

namespace asio = boost::asio;
using asio::ip::tcp;

/// What the operations under way refer to, weakly.
class dns_resolver::work : public std::enable_shared_from_this<work> {
public:
    work(asio::any_io_executor const& executor, net::host_port name, resolve_schedule::settings const& when, listener l)
        : name_(std::move(name)), schedule_(when), listener_(std::move(l)), resolver_(executor), timer_(executor) {}

    void refresh() { resolve_if(schedule_.on_refresh()); }
    void doubt() { resolve_if(schedule_.on_doubt(clock::now())); }

private:
    using clock = std::chrono::steady_clock;

    void resolve_if(bool now) {
        if (!now) {
            wait();
            return;
        }
        timer_.cancel();
        resolver_.async_resolve(name_.host, name_.port, tcp::resolver::numeric_service,
                                [weak = weak_from_this()](error_code ec, tcp::resolver::results_type const& found) {
                                    if (auto const self = weak.lock())
                                        self->on_resolved(ec, found);
                                });
    }

    void on_resolved(error_code ec, tcp::resolver::results_type const& found) {
        resolution r;
        if (ec) {
            r.problem = failed(ec.message(), ec);
        } else if (found.empty()) {
            r.problem = failed("no addresses", ec);
        } else {
            for (auto const& entry : found) {
                auto const at = entry.endpoint();
                net::host_port const place{at.address().to_string(), std::to_string(at.port())};
                r.addresses.push_back({.address = place.to_string()});
            }
            auto checked = check_addresses(std::move(r.addresses));
            r.addresses = std::move(checked.addresses);
            r.problem = std::move(checked.problem);
        }
        schedule_.on_done(clock::now(), !ec);
        wait();
        listener_(std::move(r));
    }

    status failed(std::string const& why, error_code ec) const {
        return status(status_code::unavailable, "resolve " + name_.host + ": " + why, status_origin::network, ec);
    }

    void wait() {
        auto const due = schedule_.next();
        if (!due)
            return;
        timer_.expires_at(*due);
        timer_.async_wait([weak = weak_from_this()](error_code ec) {
            auto const self = weak.lock();
            if (self && !ec)
                self->resolve_if(self->schedule_.on_time(clock::now()));
        });
    }

    net::host_port name_;
    resolve_schedule schedule_;
    listener listener_;
    tcp::resolver resolver_;
    asio::steady_timer timer_;
};

dns_resolver::dns_resolver(net::host_port name, resolve_schedule::settings const& when)
    : name_(std::move(name)), when_(when) {}

dns_resolver::~dns_resolver() = default;

void dns_resolver::start(asio::any_io_executor const& executor, listener on_resolution) {
    work_ = std::make_shared<work>(executor, name_, when_, std::move(on_resolution));
    work_->refresh();
}

void dns_resolver::refresh() {
    if (work_)
        work_->refresh();
}

void dns_resolver::on_connection_failure() {
    if (work_)
        work_->doubt();
}

} // namespace joust::client
