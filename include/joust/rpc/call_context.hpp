//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/metadata.hpp"
#include "joust/core/peer_identity.hpp"
#include "joust/core/status.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <any>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust {

namespace net {
class server_stream;
}
namespace rpc {
class time_limit;
}

/// What a server's handler sees of its call beside the messages.
///
/// *Lifetime*: until the handler is done. Views live as long.
/// *Thread safety*: on the call's executor only, where handlers run anyway.
class call_context {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit call_context(net::server_stream& stream) noexcept : stream_(&stream) {}
    call_context(call_context const&) = delete;
    call_context& operator=(call_context const&) = delete;
    ~call_context() = default;

    /// `/package.Service/Method`
    std::string_view path() const noexcept;
    std::string_view authority() const noexcept;
    /// What followed `application/grpc+` in the content-type, or empty.
    std::string_view content_subtype() const noexcept;
    /// The client's address, `"127.0.0.1:40000"`; over a Unix socket `"unix:pid=4711,uid=1000"`, or `"in-process"`.
    std::string_view peer() const noexcept;
    /// Who the client is by its certificate (mutual TLS); null when it showed none.
    joust::peer_identity const* peer_identity() const noexcept;
    metadata const& request_metadata() const noexcept;

    /// When the client stops waiting, if it said so.
    std::optional<time_point> deadline() const noexcept;
    /// True once nobody waits for the answer any more. A coroutine handler is cancelled, too.
    bool cancelled() const noexcept;
    /// How the call has ended without its handler's doing (cancelled by the client, deadline, drain); null while it
    /// goes on.
    status const* outcome() const noexcept;

    /// Metadata to be sent before the first message. FAILED_PRECONDITION once they are sent, INTERNAL when a pair may
    /// not be sent (see `validate`).
    status set_initial_metadata(metadata m);
    /// Compresses the answer's messages from the first on, in an encoding that the server's compressors have; if the
    /// client does not accept it, they are sent as they are. `identity` undoes it.
    /// FAILED_PRECONDITION once the headers are sent, INTERNAL when the encoding is not known.
    status set_encoding(std::string_view name);
    /// Whether the message that was read last came compressed.
    bool message_compressed() const noexcept;
    /// Metadata that are sent with the status.
    metadata& trailing_metadata() noexcept { return trailing_; }

    /// Keeps a value for this call, one of each type: what an interceptor found out and a handler wants to know.
    template <class T>
    void set_value(T value) {
        if (T* const old = find<T>())
            *old = std::move(value);
        else
            values_.emplace_back(std::move(value));
    }
    /// The value of this type that was set, or null. Valid until another value is set.
    template <class T>
    T const* value() const noexcept {
        return const_cast<call_context*>(this)->find<T>();
    }

    /// RESOURCE_EXHAUSTED when a message of this many bytes is larger than the server may send.
    status check_response_size(std::size_t size) const;

    /// Names this call in logs.
    std::string call_id() const;

    /// The status that an exception of a handler ends its call with: `rpc_error` chooses; everything else is INTERNAL
    /// with a fixed text and the call id, under which the server's observer hears what it was.
    /// `method` names the handler when there is more than one for the path.
    status failure(std::exception_ptr e, std::string_view method = {}) const;

    /// The executor of the call's connection: handlers run on it.
    boost::asio::any_io_executor get_executor() const;

private:
    friend class rpc::time_limit;

    template <class T>
    T* find() noexcept {
        for (std::any& each : values_)
            if (T* const found = std::any_cast<T>(&each))
                return found;
        return nullptr;
    }

    net::server_stream* stream_;
    rpc::time_limit* limit_ = nullptr; // of a coroutine
    metadata trailing_;
    std::vector<std::any> values_;
};

} // namespace joust
