//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "ops/descriptors.hpp"

#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <utility>

namespace joust::ops {

namespace pb = google::protobuf;

descriptors::descriptors(std::vector<pb::DescriptorPool const*> pools, std::vector<service_info> const& services)
    : brought_(pb::DescriptorPool::generated_pool()), pools_(std::move(pools)) {
    pools_.insert(pools_.begin(), pb::DescriptorPool::generated_pool());
    for (auto const& s : services) {
        pb::FileDescriptorProto file;
        if (s.descriptor.empty() || file_of_symbol(std::string(s.name)) != nullptr)
            continue;
        if (file.ParseFromArray(s.descriptor.data(), static_cast<int>(s.descriptor.size())))
            brought_.BuildFile(file);
    }
    pools_.push_back(&brought_);
}

pb::FileDescriptor const* descriptors::file(std::string const& name) const {
    for (auto const* const pool : pools_)
        if (auto const* const found = pool->FindFileByName(name))
            return found;
    return nullptr;
}

pb::FileDescriptor const* descriptors::file_of_symbol(std::string const& name) const {
    for (auto const* const pool : pools_)
        if (auto const* const found = pool->FindFileContainingSymbol(name))
            return found;
    return nullptr;
}

pb::FileDescriptor const* descriptors::file_of_extension(std::string const& type, int number) const {
    for (auto const* const pool : pools_)
        if (auto const* const message = pool->FindMessageTypeByName(type))
            if (auto const* const found = pool->FindExtensionByNumber(message, number))
                return found->file();
    return nullptr;
}

std::optional<std::vector<int>> descriptors::extension_numbers(std::string const& type) const {
    std::optional<std::vector<int>> numbers;
    for (auto const* const pool : pools_) {
        auto const* const message = pool->FindMessageTypeByName(type);
        if (message == nullptr)
            continue;
        std::vector<pb::FieldDescriptor const*> extensions;
        pool->FindAllExtensions(message, &extensions);
        if (!numbers)
            numbers.emplace();
        for (auto const* const e : extensions)
            numbers->push_back(e->number());
    }
    if (numbers) {
        std::ranges::sort(*numbers);
        auto const repeated = std::ranges::unique(*numbers);
        numbers->erase(repeated.begin(), repeated.end());
    }
    return numbers;
}

} // namespace joust::ops
