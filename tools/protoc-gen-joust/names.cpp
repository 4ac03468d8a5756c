//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "names.hpp"

#include <google/protobuf/compiler/cpp/names.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace joust::codegen {

namespace pb = google::protobuf;
namespace cpp = google::protobuf::compiler::cpp;

namespace {

using names = std::set<std::string, std::less<>>;

/// Keywords, alternative tokens and common macros in lower case.
bool is_keyword(std::string_view name) {
    static names const all{"NULL",
                           "alignas",
                           "alignof",
                           "and",
                           "and_eq",
                           "asm",
                           "assert",
                           "auto",
                           "bitand",
                           "bitor",
                           "bool",
                           "break",
                           "case",
                           "catch",
                           "char",
                           "char16_t",
                           "char32_t",
                           "char8_t",
                           "class",
                           "co_await",
                           "co_return",
                           "co_yield",
                           "compl",
                           "concept",
                           "const",
                           "const_cast",
                           "consteval",
                           "constexpr",
                           "constinit",
                           "continue",
                           "decltype",
                           "default",
                           "delete",
                           "do",
                           "double",
                           "dynamic_cast",
                           "else",
                           "enum",
                           "errno",
                           "explicit",
                           "export",
                           "extern",
                           "false",
                           "float",
                           "for",
                           "friend",
                           "goto",
                           "if",
                           "inline",
                           "int",
                           "linux",
                           "long",
                           "major",
                           "minor",
                           "mutable",
                           "namespace",
                           "new",
                           "noexcept",
                           "not",
                           "not_eq",
                           "nullptr",
                           "offsetof",
                           "operator",
                           "or",
                           "or_eq",
                           "private",
                           "protected",
                           "public",
                           "register",
                           "requires",
                           "reinterpret_cast",
                           "return",
                           "short",
                           "signed",
                           "sizeof",
                           "static",
                           "stderr",
                           "stdin",
                           "stdout",
                           "static_assert",
                           "static_cast",
                           "struct",
                           "switch",
                           "template",
                           "this",
                           "thread_local",
                           "throw",
                           "true",
                           "try",
                           "typedef",
                           "typeid",
                           "typename",
                           "union",
                           "unix",
                           "unsigned",
                           "using",
                           "virtual",
                           "void",
                           "volatile",
                           "wchar_t",
                           "while",
                           "xor",
                           "xor_eq"};
    return all.contains(name);
}

/// Snake case where that keeps them apart, with underscores after those that are taken.
std::vector<std::string> distinct(std::vector<std::string> const& originals, names taken) {
    std::vector<std::string> chosen;
    for (std::string const& original : originals) {
        std::string name = snake_case(original);
        auto const same = [&](std::string const& other) { return snake_case(other) == name; };
        if (std::ranges::count_if(originals, same) > 1)
            name = original;
        while (is_keyword(name) || taken.contains(name))
            name += '_';
        taken.insert(name);
        chosen.push_back(std::move(name));
    }
    return chosen;
}

void collect(pb::EnumDescriptor const& type, names& into) {
    into.insert(cpp::ClassName(&type));
    if (type.containing_type() == nullptr)
        for (int i = 0; i != type.value_count(); ++i)
            into.insert(type.value(i)->name());
}

void collect(pb::Descriptor const& type, names& into) {
    into.insert(cpp::ClassName(&type));
    for (int i = 0; i != type.nested_type_count(); ++i)
        collect(*type.nested_type(i), into);
    for (int i = 0; i != type.enum_type_count(); ++i)
        collect(*type.enum_type(i), into);
}

/// What protoc's code of this file and of those that it imports has in `package`.
void collect(pb::FileDescriptor const& file, std::string const& package, names& into, names& seen) {
    if (!seen.insert(file.name()).second)
        return;
    for (int i = 0; i != file.dependency_count(); ++i)
        collect(*file.dependency(i), package, into, seen);
    if (file.package() != package)
        return;
    for (int i = 0; i != file.message_type_count(); ++i)
        collect(*file.message_type(i), into);
    for (int i = 0; i != file.enum_type_count(); ++i)
        collect(*file.enum_type(i), into);
    for (int i = 0; i != file.extension_count(); ++i)
        into.insert(file.extension(i)->name());
    if (file.options().cc_generic_services())
        for (int i = 0; i != file.service_count(); ++i)
            into.insert({file.service(i)->name(), file.service(i)->name() + "_Stub"});
}

} // namespace

std::string snake_case(std::string_view name) {
    auto const is = [&](std::size_t at, auto classify) {
        return at < name.size() && classify(static_cast<unsigned char>(name[at])) != 0;
    };
    auto const upper = [](unsigned char c) { return std::isupper(c); };
    auto const lower = [](unsigned char c) { return std::islower(c); };
    auto const digit = [](unsigned char c) { return std::isdigit(c); };
    std::string snake;
    for (std::size_t i = 0; i != name.size(); ++i) {
        bool const after_word = i > 0 && (is(i - 1, lower) || is(i - 1, digit));
        bool const ends_capitals = i > 0 && is(i - 1, upper) && is(i + 1, lower);
        if (is(i, upper) && (after_word || ends_capitals))
            snake += '_';
        snake += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
    }
    return snake;
}

std::string namespace_of(std::string_view package) {
    std::string all;
    while (!package.empty()) {
        std::size_t const dot = std::min(package.find('.'), package.size());
        std::string_view const part = package.substr(0, dot);
        all.append(all.empty() ? "" : "::").append(part).append(is_keyword(part) ? "_" : "");
        package.remove_prefix(std::min(dot + 1, package.size()));
    }
    return all;
}

std::vector<std::string> service_names(pb::FileDescriptor const& file) {
    names taken{"boost", "google", "joust", "std"}; // where there is no package, these are others' namespaces
    names seen;
    collect(file, file.package(), taken, seen);
    std::vector<std::string> originals;
    for (int i = 0; i != file.service_count(); ++i)
        originals.push_back(file.service(i)->name());
    return distinct(originals, std::move(taken));
}

std::vector<std::string> method_names(pb::ServiceDescriptor const& service) {
    std::vector<std::string> originals;
    for (int i = 0; i != service.method_count(); ++i)
        originals.push_back(service.method(i)->name());
    return distinct(originals, {"args", "bind", "binder", "handlers", "impl", "service"});
}

} // namespace joust::codegen
