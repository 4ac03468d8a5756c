//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/circuit_breaker_options.hpp"
#include "joust/client/connectivity_state.hpp"
#include "joust/client/health_check_options.hpp"
#include "joust/client/load_balancer.hpp"
#include "joust/client/outlier_detection_options.hpp"
#include "joust/client/resolver.hpp"
#include "joust/client/retry_policy.hpp"
#include "joust/core/keepalive_options.hpp"
#include "joust/core/observer.hpp"
#include "joust/net/credentials.hpp"
#include "joust/net/in_process.hpp"
#include "joust/rpc/any_channel.hpp"
#include "joust/rpc/call_credentials.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace joust {

class compressors;

/// How a channel connects and what its calls start from.
struct channel_options {
    /// TLS, or nothing.
    channel_credentials credentials = {};
    /// Asked for metadata of every call, before it is made; see `bearer_token`. Null: none.
    std::shared_ptr<joust::call_credentials> call_credentials = {};
    /// Send what call credentials give over connections that others can read, too. Otherwise such calls fail with
    /// UNAUTHENTICATED; TLS, Unix sockets and `in_process` are safe.
    bool call_credentials_without_tls = false;
    /// How long resolving, connecting and the handshakes of TLS and HTTP/2 may take together.
    std::chrono::steady_clock::duration connect_timeout = std::chrono::seconds(20);
    /// The pause after a failed attempt to connect: the first one, what it is multiplied by, and the longest; each is
    /// shortened or lengthened by up to `backoff_jitter` of itself.
    std::chrono::steady_clock::duration initial_backoff = std::chrono::seconds(1);
    double backoff_multiplier = 1.6;
    std::chrono::steady_clock::duration max_backoff = std::chrono::seconds(120);
    double backoff_jitter = 0.2;
    /// How many connections are kept, calls or not, over all addresses (0: they are made when a call needs them, and
    /// kept), and how many there may be. There is one for each address as far as `max_connections` allows, and one more
    /// whenever a call finds no free stream.
    std::size_t min_connections = 0;
    std::size_t max_connections = 20;
    /// How long one above the minimum may be without calls.
    std::chrono::steady_clock::duration connection_idle_timeout = std::chrono::seconds(60);
    /// Which address a call goes to. Null: the service config's, else `round_robin`.
    std::shared_ptr<load_balancer> balancer = {};
    /// For names with `dns:///`: how often they are resolved without need. None: when connections fail.
    std::optional<std::chrono::steady_clock::duration> resolver_refresh = {};
    /// How calls with `call_options::idempotent` are made again. None: only what the server did not run is.
    std::optional<retry_policy> retry = {};
    /// How unary calls with `call_options::idempotent` are made several times at once, instead of `retry`. None: they
    /// are not. Requests above `retry_buffer_size` are made once, and so are streams.
    std::optional<hedging_policy> hedging = {};
    /// The budget of all retries and hedged attempts of the channel.
    joust::retry_throttling retry_throttling = {};
    /// What was sent of a call is kept for another attempt while it is no more than this, in bytes; 0: there is none.
    std::size_t retry_buffer_size = 256 * 1024;
    /// Stops calls to an address that fails. None: no breaker.
    std::optional<circuit_breaker_options> circuit_breaker = {};
    /// Takes addresses out that do worse than the others. None: off.
    std::optional<outlier_detection_options> outlier_detection = {};
    /// Asks the servers for their health, on each connection. None: off.
    std::optional<health_check_options> health_check = {};
    /// gRPC's service config as JSON text; goes before a resolver's. Empty: none.
    std::string service_config = {};
    /// Timeout of calls that name none.
    std::optional<std::chrono::steady_clock::duration> default_timeout = {};
    /// Largest message accepted, in bytes.
    std::size_t max_receive_message_size = 4 * 1024 * 1024;
    /// Largest message sent, in bytes.
    std::size_t max_send_message_size = 0xffffffff;
    /// Largest header block accepted, counted as RFC 9113 6.5.2 does.
    std::uint32_t max_header_list_size = 8 * 1024;
    /// Bytes that a server may send ahead of the reading, per call.
    std::uint32_t stream_window = 1024 * 1024;
    /// A write waits while this many bytes are queued for its call.
    std::size_t send_queue = 64 * 1024;
    /// Calls that may wait for a connection or a free stream, or for call credentials; more fail with
    /// RESOURCE_EXHAUSTED.
    std::size_t max_queued_calls = 10000;
    /// Pings while a call is under way. Off unless a time is set; it is doubled for an address whose server finds that
    /// there are too many pings.
    keepalive_options keepalive = {};
    /// `:authority` of the calls; empty: `ssl_target_name_override`, or the host and port of the address, or, where
    /// that has none, `localhost`.
    std::string authority = {};
    /// Put before `joust/<version>` in the user-agent.
    std::string user_agent = {};
    /// The encodings of messages: all of these are read, and `call_options::encoding` chooses one for the request.
    /// Null: `compressors::standard()`.
    std::shared_ptr<joust::compressors const> compressors = {};
    /// Give the channel's connection a strand. Needed when several threads run the executor; without it the executor
    /// must run one thing at a time, and calls must be made on it.
    bool use_strand = true;
    /// Sees connections and calls; may be null.
    std::shared_ptr<joust::observer> observer = {};
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(channel_options const& options);

/// What a circuit breaker does: its work, or what it is told.
enum class circuit_control : std::uint8_t {
    automatic,    ///< closed, with everything forgotten
    force_open,   ///< no calls
    force_closed, ///< all calls
};

/// Calls to a service: to one address or many, over as many connections as it takes, made when they are needed and made
/// again when they are lost.
///
/// A call waits for a connection within its deadline. When none can be made, calls fail with UNAVAILABLE until the next
/// attempt begins, unless they have `wait_for_ready`. A call whose server did not run it is made again by itself; what
/// else is, the options say.
///
/// *Lifetime*: a cheap handle; calls keep what they need. When the last copy goes, no new calls can be made; those
/// under way finish.
/// *Thread safety*: safe. All of a channel's connections run on one strand.
class channel : public any_channel {
public:
    /// `target` names one address: `host:port`, `[v6]:port`, `unix:path`, `unix:///absolute/path`,
    /// `unix-abstract:name`; or many: a list with commas, also after `ipv4:` or `ipv6:`; all addresses of a name,
    /// `dns:///host:port`; the lines of a file that is watched, `file:path`; a list in the environment, `env:NAME`.
    /// Nothing is done before the first call; a malformed target fails every call with INVALID_ARGUMENT. Throws
    /// `std::invalid_argument` with the words of `validate` when an option is out of range.
    channel(boost::asio::any_io_executor executor, std::string_view target, channel_options options);
    /// The same with the default options. Not a default argument: in an expression with a `co_await` GCC 12 would
    /// destroy it twice.
    channel(boost::asio::any_io_executor executor, std::string_view target);
    /// To a server of this process that listens there.
    channel(boost::asio::any_io_executor executor, in_process const& wire, channel_options options);
    channel(boost::asio::any_io_executor executor, in_process const& wire);

    /// To what this resolver finds, which is started with the first call. `name` is for texts, and the `:authority` of
    /// calls unless the options or addresses have one.
    channel(boost::asio::any_io_executor executor, std::shared_ptr<joust::resolver> source, std::string_view name,
            channel_options options);

    /// Closes the connections when the calls under way are done; new calls fail with UNAVAILABLE.
    void shut_down();

    /// Connects without a call, and keeps connected.
    void connect();
    connectivity_state state() const;
    /// Waits until the state is another than `last`.
    ///
    /// *Completion*: `void(connectivity_state)`. *Cancellation*: none; it ends with the channel's shutdown.
    template <class Token = boost::asio::deferred_t>
    auto async_wait_for_state_change(connectivity_state last, Token&& token = {}) const {
        return boost::asio::async_initiate<Token, void(connectivity_state)>(
            [](auto handler, channel const& self, connectivity_state l) {
                self.wait_for_state_change(l, std::move(handler));
            },
            token, *this, last);
    }
    /// Tries addresses again whose pause after a failure is not over.
    void reset_backoff();
    /// Resolves the target again.
    void refresh();
    /// INVALID_ARGUMENT, with the path of what is wrong, leaves the config that there is.
    status set_service_config(std::string_view json);
    /// Of the address, as the target has it; empty: of all. Does nothing without `channel_options::circuit_breaker`.
    void set_circuit(std::string_view address, circuit_control what);

private:
    void wait_for_state_change(connectivity_state last,
                               boost::asio::any_completion_handler<void(connectivity_state)> handler) const;
};

} // namespace joust
