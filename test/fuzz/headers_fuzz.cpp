//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The input is a header block, one `name: value` a line. What is read from it and written again reads the same; and
// its text as a whole passes the encodings and back.

#include "joust/wire/encoding.hpp"
#include "joust/wire/head.hpp"
#include "joust/wire/header_list.hpp"
#include "joust/wire/timeout.hpp"

#include "fuzz/require.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace {

using joust::header_field;
using joust::metadata;
using joust::fuzz::require;
using namespace joust::wire;

// HTTP/2 lets no capitals pass in names.
void lower_names(std::string& block) {
    bool in_name = true;
    for (std::size_t i = 0; i < block.size(); ++i) {
        bool const begins = i == 0 || block[i - 1] == '\n';
        in_name = begins || (in_name && block[i] != ':');
        if (in_name && block[i] >= 'A' && block[i] <= 'Z')
            block[i] = static_cast<char>(block[i] - 'A' + 'a');
    }
}

std::vector<header_field> fields_of(std::string_view block) {
    std::vector<header_field> fields;
    while (!block.empty()) {
        std::string_view const line = block.substr(0, block.find('\n'));
        block.remove_prefix(std::min(line.size() + 1, block.size()));
        std::size_t const colon = line.find(':', 1); // the first one may begin a pseudo-header field
        if (colon == std::string_view::npos)
            continue;
        std::string_view value = line.substr(colon + 1);
        value.remove_prefix(value.starts_with(' ') ? 1 : 0);
        fields.push_back({line.substr(0, colon), value});
    }
    return fields;
}

void check_custom(metadata const& custom) {
    for (auto const& [key, value] : custom) {
        require(!key.starts_with(':') && key != "te" && key != "content-type" && key != "grpc-status");
        require(!key.starts_with("grpc-") || key == "grpc-previous-rpc-attempts" || key == "grpc-trace-bin" ||
                key == "grpc-tags-bin");
    }
    header_list written;
    written.add_metadata(custom);
    response_head head;
    metadata again;
    parse_response_head(written.fields(), head, again);
    require(again == custom);
    require(!head.has_status && head.http_status == 0);
}

void check_timeout(std::chrono::nanoseconds timeout) {
    timeout_text const text(timeout);
    require(text.view().size() >= 2 && text.view().size() <= 9);
    auto const back = parse_timeout(text.view());
    require(back && *back >= timeout);
    require(timeout_text(*back).view().size() <= 9);
}

void check_request(std::vector<header_field> const& fields) {
    request_head head;
    metadata custom;
    head_verdict const verdict = parse_request_head(fields, head, custom);
    require(verdict.http_status == 200 || verdict.http_status == 405 || verdict.http_status == 415);
    require(verdict.ok() == verdict.status.ok());
    require(verdict.status.message().size() < 200);
    if (head.timeout)
        check_timeout(*head.timeout);
    check_custom(custom);
}

void check_response(std::vector<header_field> const& fields) {
    response_head head;
    metadata custom;
    parse_response_head(fields, head, custom);
    require(head.http_status >= 0 && head.http_status <= 999);
    require(joust::to_status_code(static_cast<int>(head.status.code())).has_value());
    check_custom(custom);
    if (!head.has_status)
        return require(head.status == joust::status());
    header_list written;
    written.add_status(head.status);
    response_head again;
    parse_response_head(written.fields(), again, custom);
    require(again.has_status && again.status == head.status);
}

void check_encodings(std::string_view text) {
    std::string encoded;
    percent_encode(text, encoded);
    require(std::all_of(encoded.begin(), encoded.end(), [](char c) { return c >= 0x20 && c <= 0x7e; }));
    require(percent_decode(encoded) == text);
    require(percent_decode(text).size() <= text.size());

    std::string letters, decoded;
    base64_encode(text, letters);
    require(base64_decode(letters, decoded) && decoded == text);
    letters.resize((letters.size() + 3) / 4 * 4, '=');
    require(base64_decode(letters, decoded) && decoded.size() == 2 * text.size());

    std::string bytes, again, back;
    if (!base64_decode(text, bytes))
        return require(bytes.empty());
    base64_encode(bytes, again);
    require(base64_decode(again, back) && back == bytes);
    // All letters but the last say the same; of the last, only some bits count.
    require(again.size() <= text.size());
    require(again.empty() || text.starts_with(std::string_view(again).substr(0, again.size() - 1)));
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string block(joust::fuzz::as_text(data, size));
    check_encodings(block);
    lower_names(block);
    std::vector<header_field> const fields = fields_of(block);
    check_request(fields);
    check_response(fields);
    for (header_field const& field : fields) {
        check_encodings(field.value);
        if (auto const timeout = parse_timeout(field.value))
            check_timeout(*timeout);
    }
    if (std::int64_t count = 0; size >= sizeof count) {
        std::memcpy(&count, data, sizeof count);
        check_timeout(std::chrono::nanoseconds(count));
    }
    return 0;
}
