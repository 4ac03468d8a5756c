//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/auth.hpp"

#include "game/middleware/auth_token.hpp"
#include "game/middleware/refusal.hpp"

#include <stdexcept>

namespace joust::game {

namespace asio = boost::asio;

namespace {

/// Takes over what the verifier said.
status accept(call& c, result<std::string> who) {
    if (who.has_error()) {
        status s = std::move(who).error();
        if (s.ok())
            throw std::logic_error("a verifier refused with the status OK");
        if (s.message().empty())
            s.set_message("this token will not do");
        return c.named(std::move(s));
    }
    if (who->empty())
        throw std::logic_error("a verifier let nobody in");
    c.context().set_value(caller{*who});
    c.set_identity(*std::move(who));
    return {};
}

/// The next request of a stream may be of a method that asks nobody.
void forget(call& c) {
    c.context().set_value(caller{});
}

class authentication final : public interceptor {
public:
    authentication(verifier verify, auth_options options) : verify_(std::move(verify)), options_(std::move(options)) {}

    status before(call& c) override {
        shown_token const shown = find_token(c, options_);
        return shown.token ? accept(c, verify_(*shown.token, c)) : shown.refusal;
    }
    status after(call& c) override {
        forget(c);
        return {};
    }
    void on_error(call& c, status& /*error*/) override { forget(c); }

private:
    verifier const verify_;
    auth_options const options_;
};

class async_authentication final : public async_interceptor {
public:
    async_authentication(async_verifier verify, auth_options options)
        : verify_(std::move(verify)), options_(std::move(options)) {}

    asio::awaitable<status> before(call& c) override {
        shown_token const shown = find_token(c, options_);
        if (!shown.token)
            co_return shown.refusal;
        auto verifying = verify_(std::string(*shown.token), c);
        auto who = co_await std::move(verifying);
        co_return accept(c, std::move(who));
    }
    asio::awaitable<status> after(call& c) override {
        forget(c);
        co_return status();
    }
    asio::awaitable<void> on_error(call& c, status& /*error*/) override {
        forget(c);
        co_return;
    }

private:
    async_verifier const verify_;
    auth_options const options_;
};

class authorization final : public interceptor {
public:
    explicit authorization(std::function<bool(call& c)> allowed) noexcept : allowed_(std::move(allowed)) {}

    status before(call& c) override {
        if (allowed_(c))
            return {};
        std::string const who = c.identity().empty() ? "the caller" : std::string(c.identity());
        return refusal(c, status_code::permission_denied, who + " may not do this");
    }

private:
    std::function<bool(call& c)> const allowed_;
};

void refuse_missing(bool there) {
    if (!there)
        refuse_options("auth", "there is no function to ask");
}

} // namespace

std::optional<std::string> validate(auth_options const& options) {
    if (options.key.empty())
        return "key must not be empty";
    for (char const c : options.key)
        if (c >= 'A' && c <= 'Z')
            return "key must be lower-case, as metadata are";
    return std::nullopt;
}

std::shared_ptr<interceptor> auth(verifier verify, auth_options options) {
    refuse_missing(static_cast<bool>(verify));
    refuse_options("auth", validate(options));
    return std::make_shared<authentication>(std::move(verify), std::move(options));
}

std::shared_ptr<async_interceptor> auth(async_verifier verify, auth_options options) {
    refuse_missing(static_cast<bool>(verify));
    refuse_options("auth", validate(options));
    return std::make_shared<async_authentication>(std::move(verify), std::move(options));
}

std::shared_ptr<interceptor> authorize(std::function<bool(call& c)> allowed) {
    refuse_missing(static_cast<bool>(allowed));
    return std::make_shared<authorization>(std::move(allowed));
}

verifier known_tokens(std::vector<std::pair<std::string, std::string>> tokens_and_identities) {
    for (auto const& [token, identity] : tokens_and_identities)
        if (token.empty() || identity.empty())
            refuse_options("known_tokens", "a token and whose it is must not be empty");
    return [known = std::move(tokens_and_identities)](std::string_view token, call&) -> result<std::string> {
        std::string const* who = nullptr;
        for (auto const& [each, identity] : known) // all of them, found or not
            if (same_secret(each, token))
                who = &identity;
        if (who == nullptr)
            return status(status_code::unauthenticated, "unknown token");
        return *who;
    };
}

bool same_secret(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size())
        return false;
    unsigned char volatile different = 0; // volatile: or else it may stop at the first difference
    for (std::size_t i = 0; i != a.size(); ++i)
        different = static_cast<unsigned char>(different |
                                               (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
    return different == 0;
}

} // namespace joust::game
