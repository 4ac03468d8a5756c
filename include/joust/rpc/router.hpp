//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/service_info.hpp"
#include "joust/rpc/typed_handler.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace joust {

/// Which handler serves which path. Fill it before the server listens.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe; finding is safe once nothing is added.
class router {
public:
    using handler = std::variant<std::unique_ptr<unary_handler>, std::unique_ptr<stream_handler>>;

    /// Binds a handler to a method:
    ///
    /// | kind | handler |
    /// |---|---|
    /// | unary | `R(Request)`; `R` is `Response`, `result<Response>` or an awaitable of either |
    /// | client streaming | `awaitable<R>(server_reader<Request>&)` |
    /// | server streaming | `awaitable<S>(Request, server_writer<Response>&)`; `S` is `void`, `status` or
    /// `result<void>` | | bidirectional | `awaitable<S>(server_stream<Request, Response>&)` |
    ///
    /// Each may take a `call_context&` at the end. A handler that returns a plain value runs inline on the
    /// connection's executor and must not block. An exception becomes INTERNAL with a fixed text; `rpc_error` chooses.
    ///
    /// *Errors*: throws `std::invalid_argument` when the path is malformed or bound already.
    template <message Request, message Response, call_kind Kind, class F>
    void add(basic_method<Request, Response, Kind> method, F f) {
        using namespace detail;
        if constexpr (Kind == call_kind::unary) {
            static_assert(handles<F, Request>, "a unary handler takes (Request) or (Request, call_context&)");
            add(method.path, std::make_unique<typed_unary_handler<Request, Response, F>>(std::move(f)));
        } else if constexpr (Kind == call_kind::client_streaming) {
            static_assert(handles<F, server_reader<Request>&>,
                          "a client streaming handler takes (server_reader<Request>&) or that and a call_context&");
            add(method.path, std::make_unique<typed_client_streaming_handler<Request, Response, F>>(std::move(f)));
        } else if constexpr (Kind == call_kind::server_streaming) {
            static_assert(handles<F, Request, server_writer<Response>&>,
                          "a server streaming handler takes (Request, server_writer<Response>&) or that and a "
                          "call_context&");
            add(method.path, std::make_unique<typed_server_streaming_handler<Request, Response, F>>(std::move(f)));
        } else {
            static_assert(handles<F, server_stream<Request, Response>&>,
                          "a bidirectional handler takes (server_stream<Request, Response>&) or that and a "
                          "call_context&");
            add(method.path, std::make_unique<typed_bidi_streaming_handler<Request, Response, F>>(std::move(f)));
        }
    }

    /// Binds an erased handler.
    void add(std::string_view path, handler h);

    /// Replaces every handler by what `f` makes of it.
    void replace_handlers(std::function<handler(handler)> const& f);

    /// The handler of this path, or null.
    handler const* find(std::string_view path) const noexcept;
    /// True when some path of this service is bound (`package.Service`).
    bool has_service(std::string_view service) const noexcept;

    /// Tells which file defines a service, for `services`. Generated binders do.
    void describe(service_info service);
    /// The services that have methods here, by name. The names live as long as this object.
    std::vector<service_info> services() const;

    /// Calls `f` when the server begins to drain: handlers that end only when they are told to need it. On the thread
    /// that drains; once, or once for each server of the same routes.
    void on_drain(std::function<void()> f);
    /// Calls what `on_drain` was given. The server does.
    void begin_drain() const;

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>()(s); }
    };

    std::unordered_map<std::string, handler, text_hash, std::equal_to<>> handlers_;
    std::unordered_map<std::string_view, service_info> described_; ///< by name
    std::vector<std::function<void()>> on_drain_;
};

} // namespace joust
