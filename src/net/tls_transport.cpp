//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/tls_transport.hpp"

#include "net/tcp_options.hpp"
#include "net/transport_handlers.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace joust::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;

namespace {

// What one TLS record holds. asio::ssl writes one record of one buffer at a time.
constexpr std::size_t record_size = 16 * 1024;

class tls_read_handler : public read_handler {
public:
    using read_handler::read_handler;

    void operator()(error_code ec, std::size_t n) {
        // Many peers close without saying so by TLS. What that could cut off, HTTP/2 notices by itself.
        if (ec == ssl::error::stream_truncated)
            ec = asio::error::eof;
        read_handler::operator()(ec, n);
    }
};

class tls_transport final : public transport {
public:
    tls_transport(std::shared_ptr<tls_stream> stream, std::optional<peer_identity> identity)
        : stream_(std::move(stream)), identity_(std::move(identity)), peer_(peer_text(stream_->next_layer())),
          has_path_(is_unix(stream_->next_layer())) {}

    asio::any_io_executor get_executor() override { return stream_->get_executor(); }

    void read_some(std::span<std::uint8_t> into, std::shared_ptr<events> whom) override {
        stream_->async_read_some(asio::buffer(into.data(), into.size()),
                                 tls_read_handler(read_memory_, std::move(whom)));
    }

    void write_some(pieces from, std::shared_ptr<events> whom) override {
        auto const record = next_record(from);
        stream_->async_write_some(asio::const_buffer(record.data(), record.size()),
                                  write_handler(write_memory_, std::move(whom)));
    }

    void keep_alive(keepalive_options const& o) noexcept override {
        set_user_timeout(stream_->next_layer().native_handle(), o);
    }

    void close() noexcept override {
        if (!stream_->next_layer().is_open())
            return;
        try {
            // Says so (RFC 8446, 6.1) as far as the socket takes it at once; nobody waits for the peer's answer.
            stream_->async_shutdown([keep = stream_](error_code) {});
        } catch (std::exception const&) {
            // No memory for a farewell.
        }
        error_code ignored;
        stream_->next_layer().shutdown(stream_socket::shutdown_both, ignored);
        stream_->next_layer().close(ignored);
    }

    std::string peer() const override { return peer_; }
    std::string local() const override { return local_text(stream_->next_layer()); }
    peer_identity const* identity() const noexcept override { return identity_ ? &*identity_ : nullptr; }
    bool has_path() const noexcept override { return has_path_; }

private:
    /// The beginning of the pieces, as much as a record takes; copied together unless it is one piece anyway.
    std::span<std::uint8_t const> next_record(pieces from) {
        if (from.size() == 1 || from[0].size() >= record_size)
            return from[0].first(std::min(from[0].size(), record_size));
        record_.clear();
        for (auto const& piece : from) {
            std::size_t const n = std::min(piece.size(), record_size - record_.size());
            record_.insert(record_.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(n));
            if (record_.size() == record_size)
                break;
        }
        return record_;
    }

    operation_memory read_memory_;
    operation_memory write_memory_;
    std::shared_ptr<tls_stream> stream_;
    std::optional<peer_identity> identity_;
    std::string peer_;
    bool has_path_ = false;
    std::vector<std::uint8_t> record_;
};

} // namespace

std::unique_ptr<transport> make_tls_transport(std::shared_ptr<tls_stream> stream,
                                              std::optional<peer_identity> identity) {
    return std::make_unique<tls_transport>(std::move(stream), std::move(identity));
}

} // namespace joust::net
