//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/channel.hpp"

#include "client/authorizer.hpp"
#include "client/subchannel.hpp"
#include "joust/core/version.hpp"
#include "net/strand.hpp"
#include "rpc/completion.hpp"
#include "rpc/known_compressors.hpp"

#include <stdexcept>
#include <utility>

namespace joust {

namespace asio = boost::asio;

namespace {

/// A channel over one subchannel.
class single_channel final : public channel_base {
public:
    single_channel(asio::any_io_executor user, result<net::address> to, channel_options options)
        : user_(std::move(user)) {
        options.compressors = rpc::known_compressors(std::move(options.compressors));
        auto defaults = std::make_shared<rpc::call_defaults>();
        defaults->limits.max_receive_message_size = options.max_receive_message_size;
        defaults->limits.max_send_message_size = options.max_send_message_size;
        defaults->limits.max_header_list_size = options.max_header_list_size;
        defaults->compressors = options.compressors;
        defaults->timeout = options.default_timeout;
        defaults->user_agent = options.user_agent.empty() ? "" : options.user_agent + " ";
        defaults->user_agent += "joust/" JOUST_VERSION_STRING;
        if (to.has_error()) {
            bad_address_ = to.error();
        } else {
            defaults->secure = options.credentials.secure();
            defaults->authority = authority(*to, options);
            auto io = options.use_strand ? net::make_strand(user_) : user_;
            bool const safe = defaults->secure || net::stays_on_this_machine(*to);
            authorizer_ = client::authorizer(options, safe, defaults->authority, net::to_string(*to));
            subchannel_ = std::make_shared<client::subchannel>(std::move(io), std::move(*to), options);
        }
        defaults_ = std::move(defaults);
    }
    single_channel(single_channel const&) = delete;
    single_channel& operator=(single_channel const&) = delete;
    ~single_channel() override {
        if (subchannel_)
            subchannel_->retire();
    }

    void shut_down() {
        if (subchannel_)
            subchannel_->shut_down();
    }

    asio::any_io_executor get_executor() const override { return user_; }

    void start_unary(std::string_view path, result<buffer> framed, call_options options,
                     unary_handler_type handler) override {
        if (!subchannel_)
            return rpc::post_completion(std::move(handler), user_, result<buffer>(bad_address_));
        submit(rpc::make_unary_call(subchannel_->get_executor(), user_, defaults_, path, std::move(framed),
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
        if (!subchannel_)
            return rpc::post_completion(std::move(handler), user_,
                                        result<std::shared_ptr<client_messages>>(bad_address_));
        submit(rpc::make_stream_call(subchannel_->get_executor(), user_, defaults_, path, std::move(only),
                                     std::move(options), std::move(handler)));
    }

    void submit(std::shared_ptr<rpc::pending_call> call) {
        if (authorizer_.concerns(*call))
            authorizer_.authorize(std::move(call), subchannel_);
        else
            subchannel_->submit(std::move(call));
    }

    static std::string authority(net::address const& to, channel_options const& options) {
        if (!options.authority.empty())
            return options.authority;
        if (auto const& tls = options.credentials.store(); tls && !tls->options().ssl_target_name_override.empty())
            return tls->options().ssl_target_name_override;
        return net::default_authority(to);
    }

    asio::any_io_executor user_;
    std::shared_ptr<rpc::call_defaults const> defaults_;
    std::shared_ptr<client::subchannel> subchannel_; // none when the address is bad
    client::authorizer authorizer_;
    status bad_address_;
};

std::shared_ptr<channel_base> make_channel(asio::any_io_executor executor, result<net::address> to,
                                           channel_options const& options) {
    if (auto complaint = validate(options))
        throw std::invalid_argument("channel_options: " + *complaint);
    return std::make_shared<single_channel>(std::move(executor), std::move(to), options);
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

channel::channel(asio::any_io_executor executor, std::string_view address, channel_options options)
    : any_channel(make_channel(std::move(executor), net::parse_address(address), options)) {}

channel::channel(asio::any_io_executor executor, std::string_view address)
    : channel(std::move(executor), address, channel_options()) {}

channel::channel(asio::any_io_executor executor, in_process const& wire, channel_options options)
    : any_channel(make_channel(std::move(executor), net::address(wire.port()), options)) {}

channel::channel(asio::any_io_executor executor, in_process const& wire)
    : channel(std::move(executor), wire, channel_options()) {}

void channel::shut_down() {
    static_cast<single_channel&>(*base()).shut_down();
}

} // namespace joust
