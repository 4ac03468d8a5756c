//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/dynamic.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string_view>

namespace joust::json {

using boost_value = codec<boost::json::value>;
using boost_object = codec<boost::json::object>;
using boost_array = codec<boost::json::array>;

namespace {

std::string_view view(boost::json::string_view text) noexcept {
    return {text.data(), text.size()};
}

bool encode_elements(writer& to, value_view array) {
    auto const opened = to.open();
    for (value_view const element : array.elements()) {
        to.raw(',');
        if (!codec<value_view>::encode(to, element))
            return false;
    }
    to.close(opened, '[', ']');
    return true;
}

bool encode_members(writer& to, value_view object) {
    auto const opened = to.open();
    for (auto const [key, value] : object.members()) {
        to.raw(',');
        if (!to.string(key))
            return false;
        to.raw(':');
        if (!codec<value_view>::encode(to, value))
            return false;
    }
    to.close(opened, '{', '}');
    return true;
}

} // namespace

bool boost_value::decode(value_view from, boost::json::value& to, decode_state& state) {
    switch (from.kind()) {
    case value_kind::null: to.emplace_null(); return true;
    case value_kind::boolean: return from.get_bool(to.emplace_bool());
    case value_kind::integer: {
        std::int64_t i;
        if (from.get_int64(i))
            to.emplace_int64() = i;
        else
            from.get_uint64(to.emplace_uint64());
        return true;
    }
    case value_kind::real: return from.get_double(to.emplace_double());
    case value_kind::string: {
        std::string_view text;
        from.get_string(text);
        to.emplace_string().assign(text.data(), text.size());
        return true;
    }
    case value_kind::array: return boost_array::decode(from, to.emplace_array(), state);
    default: return boost_object::decode(from, to.emplace_object(), state);
    }
}

bool boost_object::decode(value_view from, boost::json::object& to, decode_state& state) {
    if (!from.is_object())
        return state.refuse(from, "an object");
    to.clear();
    to.reserve(from.size_hint());
    for (auto const [key, value] : from.members()) {
        auto const [at, inserted] = to.emplace(boost::json::string_view(key.data(), key.size()), nullptr);
        if (!inserted)
            return state.trace.set("duplicate key " + quoted(key));
        if (!boost_value::decode(value, at->value(), state))
            return state.trace.in_key(key);
    }
    return true;
}

bool boost_array::decode(value_view from, boost::json::array& to, decode_state& state) {
    if (!from.is_array())
        return state.refuse(from, "an array");
    to.clear();
    to.reserve(from.size_hint());
    for (value_view const element : from.elements())
        if (!boost_value::decode(element, to.emplace_back(nullptr), state))
            return state.trace.in_element(to.size() - 1);
    return true;
}

bool boost_value::encode(writer& to, boost::json::value const& from) {
    switch (from.kind()) {
    case boost::json::kind::null: to.null(); return true;
    case boost::json::kind::bool_: to.boolean(from.get_bool()); return true;
    case boost::json::kind::int64: to.integer(from.get_int64()); return true;
    case boost::json::kind::uint64: to.integer(from.get_uint64()); return true;
    case boost::json::kind::double_: to.real(from.get_double()); return true;
    case boost::json::kind::string: return to.string(view(from.get_string()));
    case boost::json::kind::array: return boost_array::encode(to, from.get_array());
    default: return boost_object::encode(to, from.get_object());
    }
}

bool boost_object::encode(writer& to, boost::json::object const& from) {
    auto const opened = to.open();
    for (auto const& item : from) {
        to.raw(',');
        if (!to.string(view(item.key())))
            return false;
        to.raw(':');
        if (!boost_value::encode(to, item.value()))
            return to.trace.in_key(view(item.key()));
    }
    to.close(opened, '{', '}');
    return true;
}

bool boost_array::encode(writer& to, boost::json::array const& from) {
    auto const opened = to.open();
    std::size_t index = 0;
    for (boost::json::value const& element : from) {
        to.raw(',');
        if (!boost_value::encode(to, element))
            return to.trace.in_element(index);
        ++index;
    }
    to.close(opened, '[', ']');
    return true;
}

bool codec<value_view>::encode(writer& to, value_view from) {
    switch (from.kind()) {
    case value_kind::null: to.null(); return true;
    case value_kind::boolean: {
        bool b = false;
        from.get_bool(b);
        to.boolean(b);
        return true;
    }
    case value_kind::integer: {
        std::int64_t i = 0;
        std::uint64_t u = 0;
        if (from.get_int64(i))
            to.integer(i);
        else if (from.get_uint64(u))
            to.integer(u);
        return true;
    }
    case value_kind::real: {
        double d = 0;
        from.get_double(d);
        to.real(d);
        return true;
    }
    case value_kind::string: {
        std::string_view text;
        from.get_string(text);
        return to.string(text);
    }
    case value_kind::array: return encode_elements(to, from);
    default: return encode_members(to, from);
    }
}

} // namespace joust::json
