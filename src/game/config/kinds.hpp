//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/config/node.hpp"
#include "joust/core/status_code_set.hpp"
#include "joust/rpc/server.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace joust::game::config {

/// How values of a type are read and shown, and what a reader of the reference calls them.
template <class T>
struct kind;

template <>
struct kind<bool> {
    static std::string name() { return "true, false"; }
    static void read(node const& n, bool& to) {
        if (auto const v = n.boolean())
            to = *v;
    }
    static std::string show(bool v) { return v ? "true" : "false"; }
};

template <std::unsigned_integral T>
struct kind<T> {
    static std::string name() { return "number"; }
    static void read(node const& n, T& to) {
        if (auto const v = n.whole(std::numeric_limits<T>::max()))
            to = static_cast<T>(*v);
    }
    static std::string show(T v) { return std::to_string(v); }
};

/// A number of bytes.
template <std::unsigned_integral T>
struct size_kind {
    static std::string name() { return "size"; }
    static void read(node const& n, T& to) {
        if (auto const v = n.size(std::numeric_limits<T>::max()))
            to = static_cast<T>(*v);
    }
    static std::string show(T v) { return show_size(v); }
};

template <>
struct kind<double> {
    static std::string name() { return "number"; }
    static void read(node const& n, double& to) {
        if (auto const v = n.number())
            to = *v;
    }
    static std::string show(double v) { return show_number(v); }
};

template <>
struct kind<std::chrono::steady_clock::duration> {
    static std::string name() { return "duration"; }
    static void read(node const& n, std::chrono::steady_clock::duration& to) {
        if (auto const v = n.duration())
            to = *v;
    }
    static std::string show(std::chrono::steady_clock::duration v) { return show_duration(v); }
};

template <>
struct kind<std::string> {
    static std::string name() { return "text"; }
    static void read(node const& n, std::string& to) {
        if (auto const v = n.text())
            to = *v;
    }
    static std::string show(std::string const& v) { return v; }
};

/// The name of a file in PEM.
template <>
struct kind<pem_source> {
    static std::string name() { return "file"; }
    static void read(node const& n, pem_source& to);
    static std::string show(pem_source const& v) { return v.file; }
};

template <>
struct kind<std::vector<std::string>> {
    static std::string name() { return "list of texts"; }
    static void read(node const& n, std::vector<std::string>& to);
    static std::string show(std::vector<std::string> const& v) { return v.empty() ? "" : "..."; }
};

template <>
struct kind<status_code_set> {
    static std::string name() { return "list of codes"; }
    static void read(node const& n, status_code_set& to);
    static std::string show(status_code_set v);
};

/// `null` is none.
template <class T>
struct kind<std::optional<T>> {
    static std::string name() { return kind<T>::name() + " or null"; }
    static void read(node const& n, std::optional<T>& to) {
        if (n.is_null()) {
            to.reset();
            return;
        }
        T value = to.value_or(T());
        kind<T>::read(n, value);
        to = std::move(value);
    }
    static std::string show(std::optional<T> const& v) { return v ? kind<T>::show(*v) : "null"; }
};

} // namespace joust::game::config
