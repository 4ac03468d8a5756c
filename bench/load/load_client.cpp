//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "common/arguments.hpp"
#include "common/counters.hpp"
#include "common/echo.hpp"
#include "joust/client/channel.hpp"
#include "load/bare_channel.hpp"

#include <boost/asio/io_context.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

namespace asio = boost::asio;
using namespace joust;
using time_point = std::chrono::steady_clock::time_point;

namespace {

constexpr std::string_view usage = R"(usage: load_client --connect HOST:PORT [OPTION...]
  --connections N   channels, each with a connection (1)
  --streams N       calls in flight on each (100)
  --calls N         calls to measure (20000), after a few to warm up
  --timeout-ms N    deadline of each call; 0, the default: none
  --no-strand       channels without strands
  --resilient       with retries, a service config, a circuit breaker, outlier detection, health probes and pings
  --bare            over bare connections, without the client stack
Calls /bench.Echo/Unary on one thread and compares each answer. Exit code 1 when a call failed.
)";

std::chrono::microseconds cpu_time() {
    rusage u{};
    getrusage(RUSAGE_SELF, &u);
    return std::chrono::seconds(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           std::chrono::microseconds(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

struct mark {
    time_point when = std::chrono::steady_clock::now();
    std::chrono::microseconds cpu = cpu_time();
    bench::counters counts = bench::count();
};

// Keeps a fixed number of calls in flight until all have been made.
class load {
public:
    load(std::uint64_t warm_up, std::uint64_t calls, call_options options)
        : warm_up_(warm_up), all_(warm_up + calls), options_(std::move(options)) {
        latencies_.reserve(calls);
    }

    /// Puts `streams` calls in flight on each channel; the channels close when all calls are done.
    void start(std::vector<any_channel> channels, std::uint64_t streams, std::function<void()> close) {
        channels_ = std::move(channels);
        close_ = std::move(close);
        for (any_channel const& c : channels_)
            for (std::uint64_t i = 0; i != streams; ++i)
                next(c);
    }

    bool report(std::ostream& os);

private:
    void next(any_channel const& via) {
        if (begun_ == all_)
            return;
        ++begun_;
        via.async_call(bench::echo, request_, options_,
                       [this, &via, began = std::chrono::steady_clock::now()](result<std::string> answer) {
                           on_done(answer, began);
                           next(via);
                       });
    }

    void on_done(result<std::string> const& answer, time_point began) {
        if (!answer || *answer != request_) {
            if (failures_++ == 0)
                std::cerr << "the first failure: " << (answer ? status() : answer.error()) << '\n';
        }
        ++done_;
        if (done_ > warm_up_)
            latencies_.push_back(std::chrono::steady_clock::now() - began);
        if (done_ == warm_up_)
            begin_.emplace();
        if (done_ == all_) {
            end_.emplace();
            close_();
        }
    }

    double latency(double quantile) {
        auto const at =
            latencies_.begin() + static_cast<std::ptrdiff_t>(quantile * static_cast<double>(latencies_.size() - 1));
        std::nth_element(latencies_.begin(), at, latencies_.end());
        return std::chrono::duration<double, std::micro>(*at).count();
    }

    std::vector<any_channel> channels_;
    std::function<void()> close_;
    std::uint64_t warm_up_;
    std::uint64_t all_;
    call_options options_;
    std::string request_ = bench::payload;
    std::uint64_t begun_ = 0;
    std::uint64_t done_ = 0;
    std::uint64_t failures_ = 0;
    std::optional<mark> begin_;
    std::optional<mark> end_;
    std::vector<std::chrono::steady_clock::duration> latencies_;
};

bool load::report(std::ostream& os) {
    if (!end_ || latencies_.empty()) {
        os << "calls=" << done_ << " failures=" << failures_ << " incomplete\n";
        return false;
    }
    auto const calls = static_cast<double>(latencies_.size());
    auto const seconds = std::chrono::duration<double>(end_->when - begin_->when).count();
    auto const cpu = std::chrono::duration<double, std::micro>(end_->cpu - begin_->cpu).count();
    os << "calls=" << latencies_.size() << " failures=" << failures_
       << " calls_per_second=" << static_cast<std::uint64_t>(calls / seconds) << " cpu_us_per_call=" << cpu / calls
       << " p50_us=" << latency(0.5) << " p99_us=" << latency(0.99) << ' '
       << (end_->counts - begin_->counts).per_call(calls) << '\n';
    return failures_ == 0;
}

} // namespace

int main(int argc, char** argv) {
    bench::arguments args(argc, argv, usage);
    auto const to = args.text("--connect", "127.0.0.1:50051");
    auto const connections = args.number("--connections", 1);
    auto const streams = args.number("--streams", 100);
    auto const calls = args.number("--calls", 20000);
    auto const timeout = args.number("--timeout-ms", 0);
    channel_options kind;
    kind.use_strand = !args.flag("--no-strand");
    kind.max_connections = 1;
    bool const resilient = args.flag("--resilient");
    if (resilient) {
        kind.retry.emplace();
        kind.circuit_breaker.emplace();
        kind.outlier_detection.emplace();
        kind.health_check.emplace();
        kind.keepalive.time = std::chrono::seconds(30);
        kind.service_config = R"({"methodConfig":[{"name":[{"service":"bench.Echo"}],"waitForReady":true}]})";
    }
    bool const bare = args.flag("--bare");
    args.done();

    asio::io_context io(1);
    call_options options;
    options.idempotent = resilient;
    if (timeout != 0)
        options.timeout = std::chrono::milliseconds(timeout);
    constexpr std::uint64_t turns_to_warm_up = 10;
    load l(turns_to_warm_up * connections * streams, calls, std::move(options));
    std::vector<any_channel> channels;
    std::vector<std::function<void()>> closing;
    for (std::uint64_t i = 0; i != connections; ++i) {
        if (bare) {
            auto const c = std::make_shared<bench::bare_channel>(io, to, kind.use_strand);
            channels.emplace_back(c);
            closing.emplace_back([c] { c->shut_down(); });
        } else {
            channel c(io.get_executor(), to, kind);
            channels.push_back(c);
            closing.emplace_back([c]() mutable { c.shut_down(); });
        }
    }
    l.start(std::move(channels), streams, [&] {
        for (auto const& close : closing)
            close();
    });
    io.run();
    return l.report(std::cout) ? 0 : 1;
}
