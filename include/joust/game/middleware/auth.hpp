//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/interceptor.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::game {

struct auth_options {
    /// Where the token is: this key of the gRPC call's metadata, or else of the envelope's.
    std::string key = "authorization";
    /// What stands before the token; empty: nothing does.
    std::string scheme = "Bearer";
    /// True: a call without a token comes through, without an identity. A bad token is refused all the same.
    bool optional = false;
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(auth_options const& options);

/// Who called, for methods: `context.value<caller>()`, set by `auth` while the method of the call runs.
struct caller {
    std::string identity;
};

/// Says who shows this token, or why it will not do: UNAUTHENTICATED, code 401; PERMISSION_DENIED, 403; or that it
/// could not find out. It may leave more about the caller with `call::set_value`.
using verifier = std::function<result<std::string>(std::string_view token, call& c)>;
using async_verifier = std::function<boost::asio::awaitable<result<std::string>>(std::string token, call& c)>;

/// Asks who calls before anything else is done. What the verifier says becomes `call::identity` and `caller`.
///
/// Without a token: UNAUTHENTICATED, code 401. A verifier that throws, or names nobody, is as a method that throws.
/// Throws `std::invalid_argument` for bad options and without a verifier.
std::shared_ptr<interceptor> auth(verifier verify, auth_options options = {});
/// The same with a coroutine, which is cancelled with the call.
std::shared_ptr<async_interceptor> auth(async_verifier verify, auth_options options = {});

/// Lets a call through if the function says so, else PERMISSION_DENIED, code 403: `"logic.ban: ann may not do this"`.
std::shared_ptr<interceptor> authorize(std::function<bool(call& c)> allowed);

/// Knows a fixed list of tokens and whose they are. How long it takes tells nothing about them but their number and
/// lengths. Throws `std::invalid_argument` for an empty token or name.
verifier known_tokens(std::vector<std::pair<std::string, std::string>> tokens_and_identities);

/// Whether two secrets are the same; takes as long wherever they differ.
bool same_secret(std::string_view a, std::string_view b) noexcept;

} // namespace joust::game
