//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/rpc/call_context.hpp"

#include "joust/core/result.hpp"
#include "net/server_connection.hpp"

#include <array>
#include <charconv>

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

peer_identity const* call_context::peer_identity() const noexcept {
    return stream_->connection().identity();
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

status const* call_context::outcome() const noexcept {
    return cancelled() ? &stream_->call().outcome() : nullptr;
}

status call_context::check_response_size(std::size_t size) const {
    return stream_->call().check_message_size(size);
}

status call_context::set_initial_metadata(metadata m) {
    return stream_->call().set_initial_metadata(std::move(m));
}

status call_context::set_encoding(std::string_view name) {
    return stream_->call().set_encoding(name);
}

bool call_context::message_compressed() const noexcept {
    return stream_->call().was_compressed();
}

std::string call_context::call_id() const {
    std::array<char, 16> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), stream_->connection().id(), 16).ptr;
    return std::string(digits.data(), end) + "-" + std::to_string(stream_->id());
}

status call_context::failure(std::exception_ptr e, std::string_view method) const {
    std::string what = "an exception of unknown type";
    try {
        std::rethrow_exception(std::move(e));
    } catch (rpc_error const& error) {
        if (!error.status().ok())
            return error.status();
        what = "an rpc_error with the status OK";
    } catch (std::exception const& error) {
        what = error.what();
    } catch (...) {
        // `what` says it.
    }
    std::string const whose = method.empty() ? std::string() : std::string(method) + ": ";
    std::string const id = call_id();
    if (observer* const o = stream_->connection().watcher())
        o->handler_failed(path(), id, whose + what);
    return status(status_code::internal, whose + "the handler failed (call id " + id + ")");
}

boost::asio::any_io_executor call_context::get_executor() const {
    return stream_->connection().get_executor();
}

} // namespace joust
