//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "schema_text.hpp"

#include "table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string_view>

namespace joust::cli {

namespace bj = boost::json;

namespace {

std::string plain(bj::value const& v) {
    bj::string const* const text = v.if_string();
    return text != nullptr ? std::string(text->data(), text->size()) : bj::serialize(v);
}

/// The texts of a list's elements, between them a separator.
template <class Text>
std::string join(bj::value const& list, std::string_view between, Text text) {
    std::string all;
    if (bj::array const* const elements = list.if_array())
        for (bj::value const& each : *elements) {
            all += all.empty() ? "" : between;
            all += text(each);
        }
    return all;
}

/// The name behind the last slash; of a document itself, "itself".
std::string name_of_reference(std::string const& reference) {
    return reference == "#" ? "itself" : reference.substr(reference.rfind('/') + 1);
}

std::string array_text(bj::object const& o) {
    if (bj::value const* const elements = o.if_contains("prefixItems"))
        return "[" + join(*elements, ", ", type_text) + "]";
    bj::value const* const items = o.if_contains("items");
    return items != nullptr ? "array of " + type_text(*items) : "array";
}

std::string object_text(bj::object const& o) {
    bj::value const* const values = o.if_contains("additionalProperties");
    return values != nullptr && values->is_object() ? "map of " + type_text(*values) : "object";
}

std::string text_of_type(bj::object const& o, bj::value const& type) {
    if (type.is_array())
        return join(type, " | ", [&](bj::value const& each) { return text_of_type(o, each); });
    if (type == "array")
        return array_text(o);
    return type == "object" ? object_text(o) : plain(type);
}

void add_fields(table& to, bj::value const& schema) {
    bj::object const& o = schema.as_object();
    bj::value const* const required = o.if_contains("required");
    for (auto const& [name, value] : o.at("properties").as_object()) {
        bj::value const* const initial = value.is_object() ? value.as_object().if_contains("default") : nullptr;
        bool needed = false;
        if (required != nullptr && required->is_array())
            for (bj::value const& each : required->as_array())
                needed = needed || each == name;
        to.add({std::string(name), type_text(value),
                initial != nullptr ? "default " + bj::serialize(*initial)
                : needed           ? ""
                                   : "optional"});
    }
}

bool has_fields(bj::value const& schema) {
    bj::object const* const o = schema.if_object();
    bj::value const* const properties = o != nullptr ? o->if_contains("properties") : nullptr;
    return properties != nullptr && properties->is_object();
}

void append(std::vector<std::string>& to, std::vector<std::string> const& more) {
    to.insert(to.end(), more.begin(), more.end());
}

} // namespace

std::string type_text(bj::value const& schema) {
    bj::object const* const o = schema.if_object();
    if (o == nullptr)
        return "anything";
    if (bj::value const* const reference = o->if_contains("$ref"))
        return name_of_reference(plain(*reference));
    if (bj::value const* const names = o->if_contains("enum"))
        return join(*names, " | ", [](bj::value const& each) { return bj::serialize(each); });
    if (bj::value const* const types = o->if_contains("anyOf"))
        return join(*types, " | ", type_text);
    bj::value const* const type = o->if_contains("type");
    return type != nullptr ? text_of_type(*o, *type) : "anything";
}

std::vector<std::string> schema_lines(bj::value const& schema, std::size_t indent) {
    std::vector<std::string> lines;
    if (has_fields(schema)) {
        table fields(3);
        add_fields(fields, schema);
        append(lines, fields.lines(indent));
    } else if (type_text(schema) != "null") {
        table one(1);
        one.add({type_text(schema)});
        append(lines, one.lines(indent));
    }
    bj::object const* const o = schema.if_object();
    bj::value const* const definitions = o != nullptr ? o->if_contains("$defs") : nullptr;
    if (definitions == nullptr || !definitions->is_object())
        return lines;
    for (auto const& [name, definition] : definitions->as_object()) {
        table title(1);
        title.add({std::string(name) + ":"});
        append(lines, title.lines(indent));
        append(lines, schema_lines(definition, indent + 2));
    }
    return lines;
}

} // namespace joust::cli
