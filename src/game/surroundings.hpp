//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/last_good_store.hpp"
#include "joust/game/client_interceptor.hpp"
#include "joust/game/client_options.hpp"
#include "joust/game/fallback.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace joust::game {

/// A fallback of one client, with the answers that were kept for it.
class kept_fallback {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// What a step answered.
    struct given {
        buffer payload;
        answer_source source = answer_source::value;
        std::chrono::steady_clock::duration age = {};
    };

    explicit kept_fallback(fallback rule);

    fallback const& rule() const noexcept { return rule_; }
    /// None of its steps is a coroutine.
    bool synchronous() const noexcept { return synchronous_; }

    /// Before the call: under what its answer is to be kept. Empty: it is not.
    std::vector<std::string> keys_of(outgoing_call const& call) const;
    void keep(std::vector<std::string> keys, outgoing_call const& call, std::string_view answer) const;

    /// Tries the steps in turn. Precondition: synchronous().
    std::optional<given> answer(outgoing_call const& call, std::vector<std::string> const& keys) const;
    /// The same; coroutines are cancelled at `until`.
    boost::asio::awaitable<std::optional<given>> async_answer(outgoing_call const& call,
                                                              std::vector<std::string> const& keys,
                                                              std::optional<time_point> until) const;

private:
    std::optional<given> try_plain(fallback::step const& s, std::size_t& kept, outgoing_call const& call,
                                   std::vector<std::string> const& keys) const;

    fallback rule_;
    std::vector<std::unique_ptr<last_good_store>> stores_; // of its last_good steps
    bool synchronous_ = true;
};

/// What stands around the calls of one client: interceptors and fallbacks.
///
/// *Thread safety*: safe.
class surroundings {
public:
    explicit surroundings(client_options const& options);

    /// Null for a client that has none, whose calls then cost nothing more.
    static std::shared_ptr<surroundings const> of(client_options const& options);

    std::vector<any_client_interceptor> const& interceptors() const noexcept { return interceptors_; }
    bool synchronous() const noexcept { return synchronous_; }
    /// That of the method, else that of all; or null.
    kept_fallback const* fallback_of(std::string_view service, std::string_view method) const;

private:
    std::vector<any_client_interceptor> interceptors_;
    bool synchronous_ = true; // all of them
    std::map<std::string, kept_fallback, std::less<>> by_method_;
    std::optional<kept_fallback> of_all_;
};

} // namespace joust::game
