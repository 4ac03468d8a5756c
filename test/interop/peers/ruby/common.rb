# frozen_string_literal: true

# What both sides share: the services, and the flags.

require 'grpc'
require 'grpc/testing/empty_pb'
require 'grpc/testing/messages_pb'

include Grpc::Testing

ECHO_INITIAL = 'x-grpc-test-echo-initial'
ECHO_TRAILING = 'x-grpc-test-echo-trailing-bin'
# C-core takes this metadata of a call as the encoding of its messages and does not send it.
ENCODING_REQUEST = 'grpc-internal-encoding-request'

# The service under test; UnimplementedCall is what no server has.
class TestService
  include GRPC::GenericService
  self.marshal_class_method = :encode
  self.unmarshal_class_method = :decode
  self.service_name = 'grpc.testing.TestService'

  rpc :EmptyCall, Empty, Empty
  rpc :UnaryCall, SimpleRequest, SimpleResponse
  rpc :StreamingOutputCall, StreamingOutputCallRequest, stream(StreamingOutputCallResponse)
  rpc :StreamingInputCall, stream(StreamingInputCallRequest), StreamingInputCallResponse
  rpc :FullDuplexCall, stream(StreamingOutputCallRequest), stream(StreamingOutputCallResponse)
  rpc :HalfDuplexCall, stream(StreamingOutputCallRequest), stream(StreamingOutputCallResponse)
  rpc :UnimplementedCall, Empty, Empty
end

# A service that no server has.
class UnimplementedService
  include GRPC::GenericService
  self.marshal_class_method = :encode
  self.unmarshal_class_method = :decode
  self.service_name = 'grpc.testing.UnimplementedService'

  rpc :UnimplementedCall, Empty, Empty
end

def zeros(size)
  Payload.new(body: "\0".b * size)
end

# --name=value, for all names; those that a side does not know are of no interest.
def flags
  ARGV.to_h { |word| word.delete_prefix('--').split('=', 2) }
end
