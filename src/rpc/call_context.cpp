//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/rpc/call_context.hpp"

#include "net/server_connection.hpp"

namespace joust {

std::string_view call_context::path() const noexcept {
    return stream_->call().path();
}

std::string_view call_context::authority() const noexcept {
    return stream_->call().authority();
}

std::string_view call_context::content_subtype() const noexcept {
    return stream_->call().content_subtype();
}

std::string_view call_context::peer() const noexcept {
    return stream_->connection().peer();
}

metadata const& call_context::request_metadata() const noexcept {
    return stream_->call().request_metadata();
}

std::optional<call_context::time_point> call_context::deadline() const noexcept {
    return stream_->call().deadline();
}

bool call_context::cancelled() const noexcept {
    return stream_->call().finished();
}

status call_context::set_initial_metadata(metadata m) {
    return stream_->call().set_initial_metadata(std::move(m));
}

boost::asio::any_io_executor call_context::get_executor() const {
    return stream_->connection().get_executor();
}

} // namespace joust
