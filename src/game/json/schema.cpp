//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/schema.hpp"

#include <boost/core/demangle.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <typeindex>
#include <utility>

namespace joust::json {

namespace bj = boost::json;

/// A schema under way.
struct detail::schema_document {
    bool written;    ///< what `encode` writes, not what `decode` takes
    bool omit_empty; ///< empty optionals are left out
    bool open;       ///< unknown fields are ignored
    bool begun = false;
    std::map<std::type_index, std::string> references = {};
    bj::object definitions = {};

    std::string new_name(std::type_info const& type) const;
};

namespace {

bj::string_view view(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// `page_item` for `game::page<game::item>`: what a JSON pointer needs no escapes for.
std::string short_name(std::type_info const& type) {
    std::string name;
    std::size_t word = 0; // where the name after the last `<` or `,` begins
    std::string const full = boost::core::demangle(type.name());
    for (std::size_t i = 0; i != full.size(); ++i) {
        char const c = full[i];
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (full.compare(i, 2, "::") == 0) {
            name.resize(word);
            ++i;
        } else if (plain) {
            name += c;
        } else if (c == '<' || c == ',') {
            name += '_';
            word = name.size();
        }
    }
    return name;
}

/// An object with one member. Not written in braces, where Boost.JSON guesses what is meant.
bj::object single(bj::string_view key, bj::value value) {
    bj::object o;
    o.emplace(key, std::move(value));
    return o;
}

/// Lets `null` be one of its types. False if that takes more than a list of types.
bool add_null(bj::value& schema) {
    bj::object* const object = schema.if_object();
    if (object == nullptr || object->contains("enum") || object->contains("const"))
        return false;
    bj::value* const type = object->if_contains("type");
    if (type == nullptr)
        return false;
    if (type->is_string()) {
        bj::array only;
        only.push_back(std::move(*type));
        *type = std::move(only);
    }
    bj::array* const types = type->if_array();
    if (types == nullptr)
        return false;
    for (bj::value const& each : *types)
        if (each == "null")
            return true;
    types->emplace_back("null");
    return true;
}

} // namespace

/// The name of a definition that is to be made.
std::string detail::schema_document::new_name(std::type_info const& type) const {
    std::string const name = short_name(type);
    std::string unique = name;
    for (int n = 2; definitions.contains(unique); ++n)
        unique = name + std::to_string(n);
    return unique;
}

bj::value schema_builder::describe(function type) {
    document_.begun = true;
    bj::value schema;
    schema_builder to(document_, schema);
    type(to);
    return schema;
}

void schema_builder::text(std::string_view schema) {
    decode_options deep;
    deep.max_depth = decode_options::deepest;
    if (status const s = decode_into(to_, schema, deep); !s.ok())
        throw std::invalid_argument("the schema of a joust::json::codec: " + s.message());
}

void schema_builder::kinds(unsigned kinds) {
    if ((kinds & takes_anything) == takes_anything) {
        to_ = true;
        return;
    }
    static constexpr bj::string_view names[] = {"null", "boolean", "number", "string", "array", "object"};
    bj::array types;
    for (std::size_t i = 0; i != std::size(names); ++i)
        if ((kinds >> i & 1) != 0)
            types.emplace_back(names[i]);
    to_ = single("type", types.size() == 1 ? std::move(types[0]) : bj::value(std::move(types)));
}

void schema_builder::integer(std::int64_t lowest, std::int64_t highest) {
    bj::object& o = to_.emplace_object();
    o["type"] = "integer";
    o["minimum"] = lowest;
    o["maximum"] = highest;
}

void schema_builder::integer(std::uint64_t highest) {
    bj::object& o = to_.emplace_object();
    o["type"] = "integer";
    o["minimum"] = 0;
    o["maximum"] = highest;
}

void schema_builder::real() {
    kinds(document_.written ? takes_number | takes_null : takes_number);
}

void schema_builder::names(std::span<std::string_view const> enumerators) {
    bj::array list;
    for (std::string_view const each : enumerators)
        list.emplace_back(view(each));
    to_ = single("enum", std::move(list));
}

void schema_builder::nullable(function type) {
    bj::value inner = describe(type);
    bool const anything = inner.is_bool();
    if (!anything && !add_null(inner)) {
        bj::array either;
        either.push_back(std::move(inner));
        either.push_back(single("type", "null"));
        inner = single("anyOf", std::move(either));
    }
    to_ = std::move(inner);
}

void schema_builder::any_of(std::span<function const> types) {
    bj::array list;
    for (function const each : types)
        list.push_back(describe(each));
    to_ = single("anyOf", std::move(list));
}

void schema_builder::array(function element, bool all_different) {
    bj::object& o = to_.emplace_object();
    o["type"] = "array";
    o["items"] = describe(element);
    if (all_different)
        o["uniqueItems"] = true;
}

void schema_builder::array(function element, std::size_t size) {
    array(element, false);
    bj::object& o = to_.get_object();
    o["minItems"] = size;
    o["maxItems"] = size;
}

void schema_builder::tuple(std::span<function const> elements) {
    bj::object& o = to_.emplace_object();
    o["type"] = "array";
    if (elements.empty()) { // a list of none is not allowed
        o["maxItems"] = 0;
        return;
    }
    bj::array list;
    for (function const each : elements)
        list.push_back(describe(each));
    o["prefixItems"] = std::move(list);
    o["items"] = false;
    o["minItems"] = elements.size();
}

void schema_builder::map(function mapped) {
    bj::object& o = to_.emplace_object();
    o["type"] = "object";
    o["additionalProperties"] = describe(mapped);
}

void schema_builder::map_of_integers(function mapped, bool with_sign) {
    map(mapped);
    to_.get_object()["propertyNames"] = single("pattern", with_sign ? "^-?[0-9]+$" : "^[0-9]+$");
}

void schema_builder::map_of_names(function mapped, std::span<std::string_view const> enumerators) {
    map(mapped);
    bj::value keys;
    schema_builder(document_, keys).names(enumerators);
    to_.get_object()["propertyNames"] = std::move(keys);
}

void schema_builder::object(std::type_info const& type, std::span<field const> of) {
    bool const root = !std::exchange(document_.begun, true);
    auto const [known, fresh] = document_.references.try_emplace(type);
    if (!fresh) {
        to_ = single("$ref", bj::value(view(known->second)));
        return;
    }
    if (root) {
        known->second = "#";
        bj::object& o = to_.emplace_object();
        o["title"] = short_name(type);
        return fields(o, of);
    }
    std::string const name = document_.new_name(type);
    known->second = "#/$defs/" + name;
    document_.definitions[name] = nullptr; // the name is taken, also by those within
    to_ = single("$ref", bj::value(view(known->second)));
    bj::object definition;
    fields(definition, of);
    document_.definitions[name] = std::move(definition);
}

void schema_builder::fields(bj::object& to, std::span<field const> fields) {
    bj::object properties;
    bj::array required;
    for (field const& each : fields) {
        bj::value schema = describe(each.type);
        presence p = document_.omit_empty && each.is_optional ? presence::may_be_missing : presence::required;
        if (!document_.written) {
            buffer text;
            {
                encode_options const options;
                writer value(text, options);
                p = each.when_missing(value);
                value.finish();
            }
            result<bj::value> const value = p == presence::has_default ? decode<bj::value>(text.view()) : nullptr;
            if (value.has_value() && !value->is_null() && schema.is_object())
                schema.get_object()["default"] = *value;
        }
        if (p == presence::required)
            required.emplace_back(view(each.name));
        properties.emplace(view(each.name), std::move(schema));
    }
    to["type"] = "object";
    to["properties"] = std::move(properties);
    if (!required.empty())
        to["required"] = std::move(required);
    if (!document_.open)
        to["additionalProperties"] = false;
}

namespace {

bj::value make(schema_builder::function of, detail::schema_document document) {
    bj::value body;
    schema_builder to(document, body);
    of(to);
    bj::object root;
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    if (bj::object* const o = body.if_object())
        for (auto& each : *o)
            root[each.key()] = std::move(each.value());
    if (!document.definitions.empty())
        root["$defs"] = std::move(document.definitions);
    return root;
}

} // namespace

bj::value detail::make_schema(schema_builder::function of, decode_options const& options) {
    return make(of, {.written = false, .omit_empty = false, .open = options.ignore_unknown_fields});
}

bj::value detail::make_schema(schema_builder::function of, encode_options const& options) {
    return make(of, {.written = true, .omit_empty = options.omit_empty, .open = false});
}

} // namespace joust::json
