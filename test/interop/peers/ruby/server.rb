# frozen_string_literal: true

# The TestService of gRPC's interop suite on Ruby's grpc, which does not show a handler whether a message came
# compressed: expect_compressed is not looked at.

require_relative 'common'

# The handlers.
class Handlers < TestService
  def empty_call(_request, _call)
    Empty.new
  end

  def unary_call(request, call)
    echo_metadata(call)
    call.metadata_to_send[ENCODING_REQUEST] = 'gzip' if request.response_compressed&.value
    echo_status(request)
    server_id = request.fill_server_id ? Process.pid.to_s : ''
    SimpleResponse.new(payload: zeros(request.response_size), server_id: server_id)
  end

  def streaming_input_call(call)
    echo_metadata(call)
    StreamingInputCallResponse.new(aggregated_payload_size: call.each_remote_read.sum { |r| r.payload.body.bytesize })
  end

  def streaming_output_call(request, call)
    responses([request], call)
  end

  def full_duplex_call(requests, call)
    responses(requests, call)
  end

  def half_duplex_call(requests, call)
    responses(requests.to_a, call)
  end

  private

  def echo_metadata(call)
    initial = call.metadata[ECHO_INITIAL]
    trailing = call.metadata[ECHO_TRAILING]
    call.metadata_to_send[ECHO_INITIAL] = initial if initial
    call.output_metadata[ECHO_TRAILING] = trailing if trailing
  end

  def echo_status(request)
    status = request.response_status
    raise GRPC::BadStatus.new_status_exception(status.code, status.message) if status && status.code != 0
  end

  def responses(requests, call)
    echo_metadata(call)
    Enumerator.new do |out|
      requests.each do |request|
        echo_status(request)
        request.response_parameters.each do |parameters|
          sleep(parameters.interval_us / 1e6)
          out << StreamingOutputCallResponse.new(payload: zeros(parameters.size))
        end
      end
    end
  end
end

options = flags
credentials = :this_port_is_insecure
if options['use_tls'] == 'true'
  pair = { private_key: File.read(options['tls_key_file']), cert_chain: File.read(options['tls_cert_file']) }
  credentials = GRPC::Core::ServerCredentials.new(nil, [pair], false)
end
server = GRPC::RpcServer.new(pool_size: 64, server_args: { 'grpc.so_reuseport' => 0 })
port = server.add_http2_port("127.0.0.1:#{options.fetch('port')}", credentials)
server.handle(Handlers)
$stdout.puts "listening on 127.0.0.1:#{port}"
$stdout.flush
server.run_till_terminated_or_interrupted(%w[TERM INT])
