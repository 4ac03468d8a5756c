//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "support/frames.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <nghttp2/nghttp2.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace joust::test {

/// A decoded header block.
struct raw_headers {
    std::int32_t id = 0;
    bool end_stream = false;
    field_list fields;

    /// The first value of this name, or empty.
    std::string value(std::string_view name) const {
        for (auto const& [n, v] : fields)
            if (n == name)
                return v;
        return {};
    }
};

/// All that came on one stream.
struct raw_answer {
    raw_headers headers;
    raw_headers trailers; ///< empty for Trailers-Only
    std::string data;
    bool reset = false;
    std::uint32_t reset_code = 0;

    /// From the trailers, or the headers of Trailers-Only.
    std::string value(std::string_view name) const {
        return trailers.fields.empty() ? headers.value(name) : trailers.value(name);
    }
    std::string http_status() const { return headers.value(":status"); }
    std::string grpc_status() const { return value("grpc-status"); }
};

/// The other end of a connection, by hand: it says what a test makes it say and hears frames. Acknowledges SETTINGS and
/// nothing else.
class raw_peer {
public:
    using tcp = boost::asio::ip::tcp;
    template <class T>
    using awaitable = boost::asio::awaitable<T>;

    explicit raw_peer(tcp::socket socket) : socket_(std::move(socket)) {
        nghttp2_hd_inflater* inflater = nullptr;
        if (nghttp2_hd_inflate_new(&inflater) != 0)
            throw std::bad_alloc();
        inflater_.reset(inflater);
    }

    static awaitable<raw_peer> connect(std::string address) {
        std::size_t const colon = address.rfind(':');
        tcp::socket socket(co_await boost::asio::this_coro::executor);
        tcp::endpoint const to(boost::asio::ip::make_address(address.substr(0, colon)),
                               static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
        co_await socket.async_connect(to, boost::asio::use_awaitable);
        co_return raw_peer(std::move(socket));
    }

    tcp::socket& socket() noexcept { return socket_; }

    awaitable<void> send(std::string bytes) {
        co_await boost::asio::async_write(socket_, boost::asio::buffer(bytes), boost::asio::use_awaitable);
    }

    /// The next frame; its header block is in `last_headers`. Throws when the connection ends.
    awaitable<parsed_frame> next() {
        if (in_.starts_with("PRI "))
            in_.erase(0, preface.size());
        while (!has_frame()) {
            if (!co_await read_more())
                throw std::runtime_error("the connection has ended");
            if (in_.starts_with("PRI ") && in_.size() >= preface.size())
                in_.erase(0, preface.size());
        }
        std::size_t const size = header_size + parse_big_endian(std::string_view(in_).substr(0, 3));
        parsed_frame const f = parse_frames(std::string_view(in_).substr(0, size)).front();
        in_.erase(0, size);
        if (f.type == frame_type::headers)
            decode(f);
        if (f.type == frame_type::settings && !f.has(flag_ack))
            co_await send(settings_ack());
        co_return f;
    }

    awaitable<parsed_frame> frame_of(frame_type type) {
        for (;;) {
            parsed_frame const f = co_await next();
            if (f.type == type)
                co_return f;
        }
    }

    awaitable<raw_headers> headers() {
        co_await frame_of(frame_type::headers);
        co_return last_headers;
    }

    /// Everything up to the end of the stream. Frames of other streams are dropped.
    awaitable<raw_answer> answer(std::int32_t id) {
        raw_answer a;
        for (;;) {
            parsed_frame const f = co_await next();
            if (f.id != id)
                continue;
            if (f.type == frame_type::headers)
                (a.headers.fields.empty() ? a.headers : a.trailers) = last_headers;
            if (f.type == frame_type::data)
                a.data.append(f.payload);
            if (f.type == frame_type::rst_stream) {
                a.reset = true;
                a.reset_code = f.number(0);
            }
            bool const carries_end = f.type == frame_type::headers || f.type == frame_type::data;
            if (a.reset || (carries_end && f.has(flag_end_stream)))
                co_return a;
        }
    }

    /// Bytes until the other side closes, without what was parsed already.
    awaitable<std::string> rest() {
        bool more = true; // GCC 12 cannot await in the condition of an empty loop
        while (more)
            more = co_await read_more();
        co_return std::exchange(in_, {});
    }

    raw_headers last_headers;

private:
    static constexpr std::size_t header_size = 9;

    bool has_frame() const {
        return in_.size() >= header_size &&
               in_.size() >= header_size + parse_big_endian(std::string_view(in_).substr(0, 3));
    }

    awaitable<bool> read_more() {
        std::array<char, 16 * 1024> some;
        boost::system::error_code ec;
        std::size_t const n = co_await socket_.async_read_some(
            boost::asio::buffer(some), boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        in_.append(some.data(), n);
        co_return !ec;
    }

    void decode(parsed_frame const& f) {
        last_headers = {f.id, f.has(flag_end_stream), {}};
        std::string block = f.payload;
        auto* at = reinterpret_cast<std::uint8_t*>(block.data());
        std::size_t left = block.size();
        for (int flags = 0; (flags & NGHTTP2_HD_INFLATE_FINAL) == 0;) {
            nghttp2_nv nv;
            flags = 0;
            auto const n = nghttp2_hd_inflate_hd2(inflater_.get(), &nv, &flags, at, left, 1);
            if (n < 0)
                throw std::runtime_error("a header block that cannot be decoded");
            at += n;
            left -= static_cast<std::size_t>(n);
            if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0)
                last_headers.fields.emplace_back(std::string(reinterpret_cast<char*>(nv.name), nv.namelen),
                                                 std::string(reinterpret_cast<char*>(nv.value), nv.valuelen));
        }
        nghttp2_hd_inflate_end_headers(inflater_.get());
    }

    struct delete_inflater {
        void operator()(nghttp2_hd_inflater* i) const noexcept { nghttp2_hd_inflate_del(i); }
    };

    tcp::socket socket_;
    std::string in_;
    std::unique_ptr<nghttp2_hd_inflater, delete_inflater> inflater_;
};

/// Accepts connections whose other end a test plays.
class raw_server {
public:
    explicit raw_server(boost::asio::io_context& io) : acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}) {}

    std::string address() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

    /// A connection on which nothing has been said.
    boost::asio::awaitable<raw_peer> accept_silent() {
        auto socket = co_await acceptor_.async_accept(boost::asio::use_awaitable);
        co_return raw_peer(std::move(socket));
    }

    /// A connection on which SETTINGS have been sent.
    boost::asio::awaitable<raw_peer> accept() {
        raw_peer peer = co_await accept_silent();
        co_await peer.send(settings_frame());
        co_return peer;
    }

private:
    boost::asio::ip::tcp::acceptor acceptor_;
};

} // namespace joust::test
