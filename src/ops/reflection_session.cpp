//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "ops/reflection_session.hpp"

#include <google/protobuf/descriptor.pb.h>

#include <cstddef>
#include <utility>

namespace joust::ops {

namespace pb = google::protobuf;

reflection_session::response reflection_session::answer(request const& q) {
    response r;
    r.set_valid_host(q.host());
    *r.mutable_original_request() = q;
    if (status const s = fill(q, r); !s.ok()) {
        auto& error = *r.mutable_error_response();
        error.set_error_code(static_cast<int>(s.code()));
        error.set_error_message(s.message());
    }
    return r;
}

status reflection_session::fill(request const& q, response& r) {
    switch (q.message_request_case()) {
    case request::kListServices: list_services(r); return {};
    case request::kFileByFilename:
        return add_file(known_.file(q.file_by_filename()), "file " + q.file_by_filename(), r);
    case request::kFileContainingSymbol:
        return add_file(known_.file_of_symbol(q.file_containing_symbol()), "symbol " + q.file_containing_symbol(), r);
    case request::kFileContainingExtension: {
        auto const& [type, number] = std::pair(q.file_containing_extension().containing_type(),
                                               q.file_containing_extension().extension_number());
        return add_file(known_.file_of_extension(type, number), "extension " + std::to_string(number) + " of " + type,
                        r);
    }
    case request::kAllExtensionNumbersOfType: {
        auto const& type = q.all_extension_numbers_of_type();
        auto const numbers = known_.extension_numbers(type);
        if (!numbers)
            return status(status_code::not_found, "unknown message " + type);
        auto& found = *r.mutable_all_extension_numbers_response();
        found.set_base_type_name(type);
        found.mutable_extension_number()->Add(numbers->begin(), numbers->end());
        return {};
    }
    case request::MESSAGE_REQUEST_NOT_SET: break;
    }
    return status(status_code::invalid_argument, "the request asks for nothing that is known here");
}

status reflection_session::add_file(pb::FileDescriptor const* file, std::string const& what, response& r) {
    if (file == nullptr)
        return status(status_code::not_found, "unknown " + what);
    auto& out = *r.mutable_file_descriptor_response();
    sent_.erase(file); // what is asked for is sent again
    std::vector<pb::FileDescriptor const*> due{file};
    for (std::size_t i = 0; i != due.size(); ++i) {
        if (!sent_.insert(due[i]).second)
            continue;
        pb::FileDescriptorProto proto;
        due[i]->CopyTo(&proto);
        due[i]->CopyJsonNameTo(&proto);
        proto.SerializeToString(out.add_file_descriptor_proto());
        for (int d = 0; d != due[i]->dependency_count(); ++d)
            due.push_back(due[i]->dependency(d));
    }
    return {};
}

void reflection_session::list_services(response& r) const {
    auto& list = *r.mutable_list_services_response();
    for (auto const& s : services_)
        list.add_service()->set_name(std::string(s.name));
}

} // namespace joust::ops
