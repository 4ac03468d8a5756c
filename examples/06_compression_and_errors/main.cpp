//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Compressed messages, an encoding of one's own, and errors with details.

#include <joust/joust.hpp>
#include <joust/rpc/error_details.hpp>

#include <google/rpc/error_details.pb.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;

namespace report {
inline constexpr joust::unary_method<std::string, std::string> make{"/shop.Report/Make"};
inline constexpr joust::bidi_streaming_method<std::string, std::string> follow{"/shop.Report/Follow"};
inline constexpr joust::unary_method<std::string, std::string> order{"/shop.Report/Order"};
} // namespace report

namespace {

// [plug-in]
/// Leaves out the blanks at the end; `count text`.
class trailing_blanks final : public joust::compressor {
public:
    std::string_view name() const noexcept override { return "x-trailing-blanks"; }

    joust::status compress(std::string_view message, joust::buffer& out) const override {
        std::string_view const text = message.substr(0, message.find_last_not_of(' ') + 1);
        out.append(std::to_string(message.size() - text.size()) + " ");
        out.append(text);
        return {};
    }

    joust::status decompress(std::string_view bytes, std::size_t limit, joust::buffer& out) const override {
        std::size_t const blank = bytes.find(' ');
        if (blank == 0 || blank > 9 || bytes.find_first_not_of("0123456789") != blank)
            return corrupt(); // a peer may send anything
        auto const blanks = static_cast<std::size_t>(std::stoul(std::string(bytes.substr(0, blank))));
        std::string_view const text = bytes.substr(blank + 1);
        if (text.size() > limit || blanks > limit - text.size())
            return too_large(limit); // before there is memory for it
        out.append(text);
        out.append(std::string(blanks, ' '));
        return {};
    }
};

std::shared_ptr<joust::compressors const> with_trailing_blanks() {
    joust::compressors all = joust::compressors::standard();
    all.add(std::make_shared<trailing_blanks>());
    return std::make_shared<joust::compressors const>(std::move(all));
}
// [/plug-in]

// [server]
std::string make(std::string const& what, joust::call_context& context) {
    (void)context.set_encoding("zstd"); // before the first message; plain if the client does not accept it
    return what + std::string(1000, '.');
}

asio::awaitable<void> follow(joust::server_stream<std::string, std::string>& both, joust::call_context& context) {
    (void)context.set_encoding("gzip");
    while (auto const line = (co_await both.async_read()).value()) {
        bool const picture = line->starts_with("GIF"); // compressed already
        (co_await both.async_write(*line, joust::write_options{.compress = !picture})).value();
    }
}
// [/server]

// [details]
joust::result<std::string> order(std::string const& what) {
    if (what.empty()) {
        google::rpc::BadRequest bad;
        auto& violation = *bad.add_field_violations();
        violation.set_field("what");
        violation.set_description("must not be empty");
        return joust::make_status(joust::status_code::invalid_argument, "nothing was ordered", bad);
    }
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(30);
    google::rpc::ErrorInfo info;
    info.set_reason("SOLD_OUT");
    info.set_domain("shop.example");
    return joust::make_status(joust::status_code::unavailable, what + " is sold out", retry, info);
}
// [/details]

asio::awaitable<void> call_all(joust::channel channel) {
    // [client]
    joust::call_options options;
    options.encoding = "gzip"; // of the request; empty: not compressed
    joust::response_info info;
    options.info = &info;
    std::string const what(1000, 'a');
    joust::result<std::string> answer = co_await channel.async_call(report::make, what, options);
    std::cout << answer.value().size() << " bytes, compressed: " << info.compressed << '\n';
    // [/client]

    // [stream]
    joust::call_options streaming;
    streaming.encoding = "x-trailing-blanks";
    auto call = (co_await channel.async_open(report::follow, streaming)).value();
    std::string const picture = "GIF89a" + std::string(100, ' ');
    (co_await call.async_write(picture, joust::write_options{.compress = false})).value();
    auto const echoed = co_await call.async_read();
    std::cout << echoed.value()->size() << " bytes, compressed: " << call.message_compressed() << '\n';
    // [/stream]
    (co_await call.async_writes_done()).value();
    (co_await call.async_finish()).value();

    // [find]
    std::string const tea = "tea";
    joust::result<std::string> ordered = co_await channel.async_call(report::order, tea);
    if (ordered.has_error()) {
        joust::status const& why = ordered.error();
        if (auto const retry = joust::find_detail<google::rpc::RetryInfo>(why))
            std::cout << why << ", try again in " << retry->retry_delay().seconds() << " s\n";
    }
    // [/find]
    std::string const nothing;
    ordered = co_await channel.async_call(report::order, nothing);
    auto const bad = joust::find_detail<google::rpc::BadRequest>(ordered.error());
    std::cout << bad.value().field_violations(0).field() << ' ' << bad->field_violations(0).description() << std::endl;
}

} // namespace

int main() {
    asio::io_context io;
    // [options]
    joust::server_options options;
    options.compressors = with_trailing_blanks(); // none given: the standard ones
    joust::server server(io.get_executor(), options);
    // [/options]
    server.add(report::make, make);
    server.add(report::follow, follow);
    server.add(report::order, order);
    auto const endpoint = server.listen("127.0.0.1:0").value();
    joust::channel_options client_options;
    client_options.compressors = options.compressors;
    joust::channel const channel(io.get_executor(), endpoint.to_string(), client_options);
    int code = 0;
    asio::co_spawn(io, call_all(channel), [&](std::exception_ptr failed) {
        server.stop();
        try {
            if (failed)
                std::rethrow_exception(failed);
        } catch (std::exception const& e) {
            std::cerr << e.what() << '\n';
            code = 1;
        }
    });
    io.run();
    return code;
}
