//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/codec_attempts.hpp"

#include "game/call_handler.hpp"
#include "game/stream_exchange.hpp"
#include "joust/game/answer.hpp"
#include "joust/game/envelope.hpp"
#include "joust/rpc/framing.hpp"
#include "rpc/completion.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

/// The same request in JSON.
result<buffer> in_json(buffer const& framed, detail::call_codec const& codec) {
    request_view request;
    if (status s = decode_request(framed.view().substr(wire::prefix_size), request); !s.ok())
        return s;
    buffer json;
    if (!request.payload.empty() && codec.to_json != nullptr) {
        if (status s = codec.to_json(json, request.payload, *codec.used); !s.ok())
            return s;
        request.payload = json.view();
    }
    std::erase_if(request.metadata, [](auto const& pair) { return pair.first == codec_key; });
    return make_framed([&](buffer& out) { return encode_request(out, request); });
}

bool is_refused(buffer const& answer) {
    auto const opened = detail::open_envelope(answer.view());
    return opened.has_error() && is_codec_refusal(opened.error());
}

/// How one and many requests are sent.
struct unary {
    using answer_type = buffer;
    static constexpr auto all_refused = &is_refused;
    static void start(channel_base& via, std::vector<buffer> framed, joust::call_options options,
                      channel_base::unary_handler_type handler) {
        via.start_unary(call_path, std::move(framed.front()), std::move(options), std::move(handler));
    }
};

struct many {
    using answer_type = std::vector<buffer>;
    static bool all_refused(std::vector<buffer> const& answers) {
        return !answers.empty() && std::all_of(answers.begin(), answers.end(), is_refused);
    }
    static void start(channel_base& via, std::vector<buffer> framed, joust::call_options options,
                      asio::any_completion_handler<void(result<std::vector<buffer>>)> handler) {
        run_stream_exchange(via, std::move(framed), std::move(options), std::move(handler));
    }
};

/// A call and, maybe, its repetition. What completes and what cancels meet on a strand of its own.
template <class Kind>
class attempts final : public std::enable_shared_from_this<attempts<Kind>> {
public:
    using answer_type = typename Kind::answer_type;
    using handler_type = asio::any_completion_handler<void(result<answer_type>)>;

    attempts(std::shared_ptr<channel_base> via, std::vector<buffer> framed, joust::call_options options,
             codec_choice choice, handler_type handler)
        : via_(std::move(via)), strand_(asio::make_strand(via_->get_executor())), framed_(std::move(framed)),
          options_(std::move(options)), choice_(std::move(choice)), done_(std::move(handler), via_->get_executor()) {}

    void start() {
        if (auto slot = done_.slot(); slot.is_connected())
            slot.assign([strand = strand_, weak = this->weak_from_this()](asio::cancellation_type type) {
                asio::dispatch(strand, [weak, type] {
                    if (auto const self = weak.lock())
                        self->cancel(type);
                });
            });
        fix_deadline();
        send(std::vector<buffer>(framed_));
    }

private:
    /// One for both attempts. The context that the call is made for may be gone when the second begins.
    void fix_deadline() {
        auto const sooner = [this](std::chrono::steady_clock::time_point at) {
            options_.deadline = std::min(options_.deadline.value_or(at), at);
        };
        if (options_.timeout)
            sooner(std::chrono::steady_clock::now() + *options_.timeout);
        if (options_.parent != nullptr)
            if (auto const inherited = options_.parent->deadline())
                sooner(*inherited);
    }

    void send(std::vector<buffer> framed) {
        auto answered = asio::bind_executor(
            strand_, [self = this->shared_from_this()](result<answer_type> r) { self->on_answer(std::move(r)); });
        Kind::start(*via_, std::move(framed), options_,
                    asio::bind_cancellation_slot(under_way_.slot(), std::move(answered)));
    }

    void on_answer(result<answer_type> r) {
        auto const used = choice_.codec->used;
        if (used == nullptr || r.has_error() || !Kind::all_refused(*r))
            return done_.dispatch(std::move(r));
        choice_.memory->refused(std::chrono::steady_clock::now());
        if (cancelled_)
            return done_.dispatch(status(status_code::cancelled, "the call was cancelled"));
        std::vector<buffer> again;
        for (buffer const& each : framed_) {
            result<buffer> json = in_json(each, *choice_.codec);
            if (json.has_error())
                return done_.dispatch(json.error());
            again.push_back(std::move(*json));
        }
        choice_.codec->used = nullptr;
        options_.parent = nullptr;
        send(std::move(again));
    }

    void cancel(asio::cancellation_type type) {
        cancelled_ = true;
        under_way_.emit(type);
    }

    std::shared_ptr<channel_base> via_;
    asio::strand<asio::any_io_executor> strand_;
    std::vector<buffer> framed_;
    joust::call_options options_;
    codec_choice choice_;
    asio::cancellation_signal under_way_;
    bool cancelled_ = false;
    rpc::completion<result<answer_type>> done_;
};

} // namespace

void call_with_codec(std::shared_ptr<channel_base> const& via, buffer framed, joust::call_options options,
                     codec_choice choice, asio::any_completion_handler<void(result<buffer>)> handler) {
    std::vector<buffer> one;
    one.push_back(std::move(framed));
    std::make_shared<attempts<unary>>(via, std::move(one), std::move(options), std::move(choice), std::move(handler))
        ->start();
}

void exchange_with_codec(std::shared_ptr<channel_base> const& via, std::vector<buffer> framed,
                         joust::call_options options, codec_choice choice,
                         asio::any_completion_handler<void(result<std::vector<buffer>>)> handler) {
    std::make_shared<attempts<many>>(via, std::move(framed), std::move(options), std::move(choice), std::move(handler))
        ->start();
}

} // namespace joust::game
