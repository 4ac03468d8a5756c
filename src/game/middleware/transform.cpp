//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/transform.hpp"

#include "joust/game/middleware/payload.hpp"

namespace joust::game {

namespace {

class transformer final : public interceptor {
public:
    transformer(payload_change arguments, payload_change answer)
        : arguments_(std::move(arguments)), answer_(std::move(answer)) {}

    status before(call& c) override {
        if (arguments_.empty())
            return {};
        buffer changed;
        status s = change(c, arguments_, c.arguments(), "{}", changed);
        if (s.ok())
            c.set_arguments(std::move(changed));
        return s;
    }

    status after(call& c) override {
        if (answer_.empty())
            return {};
        buffer changed;
        status s = change(c, answer_, c.answer(), "null", changed);
        if (s.ok())
            c.set_answer(changed.view());
        return s;
    }

    status on_read(call& c, buffer& arguments) override { return replace(c, arguments_, arguments, "{}"); }
    status on_push(call& c, buffer& answer) override { return replace(c, answer_, answer, "null"); }

private:
    static status replace(call const& c, payload_change const& how, buffer& payload, std::string_view empty) {
        if (how.empty())
            return {};
        buffer changed;
        status s = change(c, how, payload.view(), empty, changed);
        if (s.ok())
            payload = std::move(changed);
        return s;
    }

    static status change(call const& c, payload_change const& how, std::string_view payload, std::string_view empty,
                         buffer& changed) {
        if (how.of_value())
            return change_value(c, how.of_value(), payload, empty, changed);
        result<std::string> text = how.of_text()(payload);
        if (text.has_error())
            return std::move(text).error();
        changed.append(*text);
        return {};
    }

    static status change_value(call const& c, payload_change::value_function const& how, std::string_view payload,
                               std::string_view empty, buffer& changed) {
        boost::json::value value;
        if (status s = detail::read_payload(c, payload, empty, value); !s.ok())
            return s;
        if (status s = how(value); !s.ok())
            return s;
        if (payload.empty() && value.is_null())
            return {}; // nothing stays nothing
        return detail::write_payload(c, value, changed);
    }

    payload_change const arguments_;
    payload_change const answer_;
};

} // namespace

std::shared_ptr<interceptor> transform(payload_change arguments, payload_change answer) {
    return std::make_shared<transformer>(std::move(arguments), std::move(answer));
}

} // namespace joust::game
