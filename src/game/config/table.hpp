//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/config/kinds.hpp"
#include "game/config/node.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace joust::game::config {

class table;

/// One option of a struct: how it is read, and what the reference says of it.
struct option {
    std::string_view name;
    std::string type;
    std::string_view doc;
    /// Reads into the struct.
    std::function<void(node const&, void*)> read;
    /// Its value in the struct.
    std::function<std::string(void const*)> show;
    /// An object's own options, and where they lie in the struct, or in a default one.
    table const* nested = nullptr;
    std::function<void const*(void const*)> part = {};
};

/// The options of a struct: the one description that files are read by and the reference is made of.
class table {
public:
    std::vector<option> const& options() const noexcept { return options_; }

    /// Reads an object; unknown names are complained of.
    void read_into(node const& n, void* to) const;

protected:
    std::vector<option> options_;
};

template <class S>
class table_of : public table {
public:
    void read(node const& n, S& to) const { read_into(n, &to); }

    /// A member, read as its type is.
    template <class M>
    table_of& add(std::string_view name, M S::*member, std::string_view doc) {
        return add_as<kind<M>>(name, member, doc);
    }

    /// A number of bytes.
    template <class M>
    table_of& add_size(std::string_view name, M S::*member, std::string_view doc) {
        return add_as<size_kind<M>>(name, member, doc);
    }

    template <class Kind, class M>
    table_of& add_as(std::string_view name, M S::*member, std::string_view doc) {
        options_.push_back(
            {.name = name,
             .type = Kind::name(),
             .doc = doc,
             .read = [member](node const& n, void* to) { Kind::read(n, static_cast<S*>(to)->*member); },
             .show = [member](void const* of) { return Kind::show(static_cast<S const*>(of)->*member); }});
        return *this;
    }

    /// A member that is one of these.
    template <class M>
    table_of& add_choice(std::string_view name, M S::*member, std::vector<std::pair<std::string_view, M>> choices,
                         std::string_view doc) {
        std::string type;
        std::vector<std::string_view> names;
        for (auto const& [text, value] : choices) {
            type.append(type.empty() ? "" : ", ").append(text);
            names.push_back(text);
        }
        auto read = [member, choices, names, type](node const& n, void* to) {
            auto const text = n.text();
            if (!text)
                return;
            for (auto const& [choice, value] : choices)
                if (choice == *text) {
                    static_cast<S*>(to)->*member = value;
                    return;
                }
            n.complain("must be one of " + type);
        };
        auto show = [member, choices](void const* of) {
            for (auto const& [choice, value] : choices)
                if (static_cast<S const*>(of)->*member == value)
                    return std::string(choice);
            return std::string();
        };
        options_.push_back(
            {.name = name, .type = std::move(type), .doc = doc, .read = std::move(read), .show = std::move(show)});
        return *this;
    }

    /// What needs a hand of its own.
    table_of& add_special(std::string_view name, std::string type, std::function<void(node const&, S&)> read,
                          std::string shown, std::string_view doc) {
        options_.push_back(
            {.name = name,
             .type = std::move(type),
             .doc = doc,
             .read = [read = std::move(read)](node const& n, void* to) { read(n, *static_cast<S*>(to)); },
             .show = [shown = std::move(shown)](void const*) { return shown; }});
        return *this;
    }

    /// A member with options of its own.
    template <class M>
    table_of& add_object(std::string_view name, M S::*member, table_of<M> const& its, std::string_view doc) {
        options_.push_back(
            {.name = name,
             .type = "object",
             .doc = doc,
             .read = [member, &its](node const& n, void* to) { its.read(n, static_cast<S*>(to)->*member); },
             .show = [](void const*) { return std::string("as below"); },
             .nested = &its,
             .part = [member](void const* of) { return &(static_cast<S const*>(of)->*member); }});
        return *this;
    }

    /// The same, which may not be there: `null`. An object, even an empty one, puts it there, with what it had.
    template <class M>
    table_of& add_object(std::string_view name, std::optional<M> S::*member, table_of<M> const& its,
                         std::string_view doc) {
        auto read = [member, &its](node const& n, void* to) {
            std::optional<M>& m = static_cast<S*>(to)->*member;
            if (n.is_null())
                return m.reset();
            if (!m)
                m.emplace();
            its.read(n, *m);
        };
        options_.push_back(
            {.name = name,
             .type = "object or null",
             .doc = doc,
             .read = std::move(read),
             .show = [member](void const* of) { return static_cast<S const*>(of)->*member ? "as below" : "null"; },
             .nested = &its,
             .part = [member](void const* of) -> void const* {
                 static M const when_turned_on{};
                 std::optional<M> const& m = static_cast<S const*>(of)->*member;
                 return m ? &*m : &when_turned_on;
             }});
        return *this;
    }

    /// A list of objects.
    template <class M>
    table_of& add_list(std::string_view name, std::vector<M> S::*member, table_of<M> const& its, std::string_view doc) {
        auto read = [member, &its](node const& n, void* to) {
            if (!n.value().is_array())
                return n.complain("must be a list");
            auto& all = static_cast<S*>(to)->*member;
            all.clear();
            for (auto const& each : n.value().get_array()) {
                node const element = n.element(all.size(), each);
                its.read(element, all.emplace_back());
            }
        };
        options_.push_back({.name = name,
                            .type = "list of objects",
                            .doc = doc,
                            .read = std::move(read),
                            .show = [](void const*) { return std::string(); },
                            .nested = &its,
                            .part = [](void const*) -> void const* {
                                static M const each{};
                                return &each;
                            }});
        return *this;
    }

    /// All options of a part of the struct, which stand beside its own in the file.
    template <class Part>
    table_of& include(table_of<Part> const& its, Part& (*part)(S&)) {
        for (option o : its.options()) {
            o.read = [read = o.read, part](node const& n, void* to) { read(n, &part(*static_cast<S*>(to))); };
            o.show = [show = o.show, part](void const* of) {
                return show(&part(const_cast<S&>(*static_cast<S const*>(of))));
            };
            if (o.part)
                o.part = [inner = o.part, part](void const* of) {
                    return inner(&part(const_cast<S&>(*static_cast<S const*>(of))));
                };
            options_.push_back(std::move(o));
        }
        return *this;
    }
};

} // namespace joust::game::config
