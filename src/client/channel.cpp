//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/channel.hpp"

#include "client/authorizer.hpp"
#include "client/make_resolver.hpp"
#include "client/pool.hpp"
#include "client/target.hpp"
#include "joust/core/version.hpp"
#include "net/strand.hpp"
#include "rpc/completion.hpp"
#include "rpc/known_compressors.hpp"

#include <stdexcept>
#include <utility>

namespace joust {

namespace asio = boost::asio;

namespace {

/// Where the calls go, and by what name.
struct destination {
    client::pool_target pool;
    std::string authority;
    bool stays_on_this_machine = false;
};

destination to_one(net::address where) {
    destination d;
    d.authority = net::default_authority(where);
    d.stays_on_this_machine = net::stays_on_this_machine(where);
    d.pool.name = net::to_string(where);
    d.pool.only = std::move(where);
    return d;
}

destination to_many(std::shared_ptr<resolver> source, std::string_view name, std::string authority) {
    destination d;
    d.pool.own_authorities = authority.empty();
    d.authority = std::move(authority);
    d.pool.name = name;
    d.pool.source = std::move(source);
    return d;
}

result<destination> find(std::string_view text, channel_options const& options) {
    auto parsed = client::parse_target(text);
    if (parsed.has_error())
        return parsed.error();
    if (parsed->from == client::target::source::addresses && parsed->addresses.size() == 1) {
        auto where = net::parse_address(parsed->addresses.front().address);
        if (where.has_error())
            return where.error();
        return to_one(std::move(*where));
    }
    client::resolver_settings settings;
    if (options.resolver_refresh)
        settings.dns.refresh = *options.resolver_refresh;
    bool const by_name = parsed->from == client::target::source::dns;
    auto d = to_many(client::make_resolver(*parsed, settings), text,
                     by_name ? net::default_authority(net::address(parsed->dns)) : std::string());
    if (by_name)
        d.pool.certificate_name = parsed->dns.host;
    return d;
}

/// The calls of a channel and what they start from; the pool does the rest.
class pooled_channel final : public channel_base {
public:
    pooled_channel(asio::any_io_executor user, result<destination> to, channel_options options)
        : user_(std::move(user)) {
        options.compressors = rpc::known_compressors(std::move(options.compressors));
        auto defaults = std::make_shared<rpc::call_defaults>();
        defaults->limits.max_receive_message_size = options.max_receive_message_size;
        defaults->limits.max_send_message_size = options.max_send_message_size;
        defaults->limits.max_header_list_size = options.max_header_list_size;
        defaults->compressors = options.compressors;
        defaults->timeout = options.default_timeout;
        defaults->retry_buffer_size = options.retry_buffer_size;
        defaults->user_agent = options.user_agent.empty() ? "" : options.user_agent + " ";
        defaults->user_agent += "joust/" JOUST_VERSION_STRING;
        if (to.has_error()) {
            bad_target_ = to.error();
        } else {
            defaults->secure = options.credentials.secure();
            if (auto const chosen = authority(options); !chosen.empty()) {
                to->authority = chosen;
                to->pool.own_authorities = false;
            }
            defaults->authority = to->authority;
            auto io = options.use_strand ? net::make_strand(user_) : user_;
            bool const safe = defaults->secure || to->stays_on_this_machine;
            authorizer_ = client::authorizer(options, safe, defaults->authority, to->pool.name);
            pool_ =
                std::make_shared<client::pool>(std::move(io), std::move(to->pool),
                                               std::make_shared<channel_options const>(std::move(options)), defaults);
        }
        defaults_ = std::move(defaults);
    }
    pooled_channel(pooled_channel const&) = delete;
    pooled_channel& operator=(pooled_channel const&) = delete;
    ~pooled_channel() override {
        if (pool_)
            pool_->retire();
    }

    /// Null when the target is malformed.
    client::pool* pool() const noexcept { return pool_.get(); }

    asio::any_io_executor get_executor() const override { return user_; }
    channel_statistics statistics() const override { return pool_ ? pool_->counters()->read() : channel_statistics(); }

    void start_unary(std::string_view path, result<buffer> framed, call_options options,
                     unary_handler_type handler) override {
        if (!pool_)
            return rpc::post_completion(std::move(handler), user_, result<buffer>(bad_target_));
        submit(rpc::make_unary_call(pool_->get_executor(), user_, defaults_, path, std::move(framed),
                                    std::move(options), std::move(handler)));
    }

    void start_stream(std::string_view path, call_options options, open_handler_type handler) override {
        open(path, std::nullopt, std::move(options), std::move(handler));
    }

    void start_server_streaming(std::string_view path, result<buffer> framed, call_options options,
                                open_handler_type handler) override {
        open(path, std::move(framed), std::move(options), std::move(handler));
    }

private:
    void open(std::string_view path, std::optional<result<buffer>> only, call_options options,
              open_handler_type handler) {
        if (!pool_)
            return rpc::post_completion(std::move(handler), user_,
                                        result<std::shared_ptr<client_messages>>(bad_target_));
        submit(rpc::make_stream_call(pool_->get_executor(), user_, defaults_, path, std::move(only), std::move(options),
                                     std::move(handler)));
    }

    void submit(std::shared_ptr<rpc::pending_call> call) {
        if (authorizer_.concerns(*call))
            authorizer_.authorize(std::move(call), pool_);
        else
            pool_->submit(std::move(call));
    }

    /// What the options want, or nothing.
    static std::string authority(channel_options const& options) {
        if (!options.authority.empty())
            return options.authority;
        if (auto const& tls = options.credentials.store())
            return tls->options().ssl_target_name_override;
        return {};
    }

    asio::any_io_executor user_;
    std::shared_ptr<rpc::call_defaults const> defaults_;
    std::shared_ptr<client::pool> pool_;
    client::authorizer authorizer_;
    status bad_target_;
};

channel_options checked(channel_options options) {
    if (auto complaint = validate(options))
        throw std::invalid_argument("channel_options: " + *complaint);
    return options;
}

std::shared_ptr<channel_base> make_channel(asio::any_io_executor executor, result<destination> to,
                                           channel_options options) {
    return std::make_shared<pooled_channel>(std::move(executor), std::move(to), std::move(options));
}

client::pool* pool_of(channel const& c) {
    return static_cast<pooled_channel&>(*c.base()).pool();
}

template <class Options>
std::optional<std::string> complaint_of(std::string_view field, std::optional<Options> const& options) {
    if (options)
        if (auto complaint = validate(*options))
            return std::string(field) + "." + *complaint;
    return std::nullopt;
}

} // namespace

std::optional<std::string> validate(channel_options const& o) {
    constexpr std::uint32_t largest_window = 0x7fffffff; // RFC 9113, 6.9.1
    using std::chrono::steady_clock;
    if (o.connect_timeout <= steady_clock::duration::zero())
        return "connect_timeout must be positive";
    if (o.initial_backoff <= steady_clock::duration::zero() || o.max_backoff < o.initial_backoff)
        return "initial_backoff must be positive and at most max_backoff";
    if (!(o.backoff_multiplier >= 1))
        return "backoff_multiplier must be at least 1";
    if (!(o.backoff_jitter >= 0 && o.backoff_jitter < 1))
        return "backoff_jitter must be from 0 to 1";
    if (o.max_connections == 0 || o.max_connections > 10000)
        return "max_connections must be from 1 to 10000";
    if (o.min_connections > o.max_connections)
        return "min_connections must be at most max_connections";
    if (o.connection_idle_timeout <= steady_clock::duration::zero())
        return "connection_idle_timeout must be positive";
    if (o.resolver_refresh && *o.resolver_refresh < std::chrono::seconds(1))
        return "resolver_refresh must be at least 1s";
    if (auto complaint = complaint_of("retry", o.retry))
        return complaint;
    if (auto complaint = complaint_of("hedging", o.hedging))
        return complaint;
    if (o.retry && o.hedging)
        return "hedging must not stand beside retry";
    if (auto complaint = complaint_of("retry_throttling", std::optional(o.retry_throttling)))
        return complaint;
    if (auto complaint = complaint_of("circuit_breaker", o.circuit_breaker))
        return complaint;
    if (auto complaint = complaint_of("outlier_detection", o.outlier_detection))
        return complaint;
    if (auto complaint = complaint_of("health_check", o.health_check))
        return complaint;
    if (!o.service_config.empty())
        if (auto const parsed = service_config::parse(o.service_config); parsed.has_error())
            return "service_config: " + parsed.error().message();
    if (o.default_timeout && *o.default_timeout <= steady_clock::duration::zero())
        return "default_timeout must be positive";
    if (o.max_receive_message_size > 0xffffffff)
        return "max_receive_message_size must be at most 4294967295";
    if (o.max_header_list_size < 1024 || o.max_header_list_size > 8 * 1024 * 1024)
        return "max_header_list_size must be from 1024 to 8388608";
    if (o.stream_window < 65535 || o.stream_window > largest_window)
        return "stream_window must be from 65535 to 2147483647";
    if (o.send_queue == 0)
        return "send_queue must be at least 1";
    if (o.keepalive.time && *o.keepalive.time < std::chrono::seconds(10))
        return "keepalive.time must be at least 10s";
    if (o.keepalive.timeout <= steady_clock::duration::zero())
        return "keepalive.timeout must be positive";
    return std::nullopt;
}

channel::channel(asio::any_io_executor executor, std::string_view target, channel_options options)
    : any_channel(make_channel(std::move(executor), find(target, options), checked(options))) {}

channel::channel(asio::any_io_executor executor, std::string_view target)
    : channel(std::move(executor), target, channel_options()) {}

channel::channel(asio::any_io_executor executor, in_process const& wire, channel_options options)
    : any_channel(make_channel(std::move(executor), to_one(net::address(wire.port())), checked(std::move(options)))) {}

channel::channel(asio::any_io_executor executor, in_process const& wire)
    : channel(std::move(executor), wire, channel_options()) {}

channel::channel(asio::any_io_executor executor, std::shared_ptr<resolver> source, std::string_view name,
                 channel_options options)
    : any_channel(make_channel(std::move(executor), to_many(std::move(source), name, std::string(name)),
                               checked(std::move(options)))) {}

void channel::shut_down() {
    if (auto* const pool = pool_of(*this))
        pool->shut_down();
}

void channel::connect() {
    if (auto* const pool = pool_of(*this))
        pool->connect();
}

connectivity_state channel::state() const {
    auto* const pool = pool_of(*this);
    return pool != nullptr ? pool->state() : connectivity_state::transient_failure;
}

void channel::wait_for_state_change(connectivity_state last,
                                    asio::any_completion_handler<void(connectivity_state)> handler) const {
    if (auto* const pool = pool_of(*this))
        pool->wait_for_state(last, std::move(handler));
    else
        rpc::post_completion(std::move(handler), get_executor(), connectivity_state::transient_failure);
}

void channel::reset_backoff() {
    if (auto* const pool = pool_of(*this))
        pool->reset_backoff();
}

void channel::refresh() {
    if (auto* const pool = pool_of(*this))
        pool->refresh();
}

status channel::set_service_config(std::string_view json) {
    auto parsed = service_config::parse(json);
    if (parsed.has_error())
        return parsed.error();
    if (auto* const pool = pool_of(*this))
        pool->set_service_config(std::make_shared<service_config const>(std::move(*parsed)));
    return {};
}

void channel::set_circuit(std::string_view address, circuit_control what) {
    if (auto* const pool = pool_of(*this))
        pool->set_circuit(std::string(address), what);
}

} // namespace joust
