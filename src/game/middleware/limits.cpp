//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/limits.hpp"

#include "game/middleware/refusal.hpp"
#include "joust/game/description.hpp"

namespace joust::game {

namespace {

class size_limit final : public interceptor {
public:
    explicit size_limit(payload_limits const& most) noexcept : most_(most) {}

    status before(call& c) override { return look_at_arguments(c, c.arguments().size()); }
    status on_read(call& c, buffer& arguments) override { return look_at_arguments(c, arguments.size()); }
    status after(call& c) override { return look_at_answer(c, c.answer().size()); }
    status on_push(call& c, buffer& answer) override { return look_at_answer(c, answer.size()); }
    void describe(method_description& m) const override {
        narrow(m.max_arguments_size, most_.max_arguments);
        narrow(m.max_answer_size, most_.max_answer);
    }

private:
    /// `described` is 0 for no limit.
    static void narrow(std::size_t& described, std::size_t most) {
        if (most != payload_limits::none && (described == 0 || most < described))
            described = most;
    }

    status look_at_arguments(call const& c, std::size_t size) const {
        return look(c, size, most_.max_arguments, status_code::invalid_argument, "the arguments have ");
    }
    status look_at_answer(call const& c, std::size_t size) const {
        return look(c, size, most_.max_answer, status_code::internal, "the answer has ");
    }

    static status look(call const& c, std::size_t size, std::size_t most, status_code code, char const* what) {
        if (size <= most)
            return {};
        return refusal(c, code, what + std::to_string(size) + " bytes, more than " + std::to_string(most));
    }

    payload_limits const most_;
};

} // namespace

std::shared_ptr<interceptor> limits(payload_limits const& most) {
    return std::make_shared<size_limit>(most);
}

} // namespace joust::game
