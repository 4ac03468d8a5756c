# frozen_string_literal: true

# The client of gRPC's interop suite on Ruby's grpc: one case a run.
#
# What its description wants to know of the compressed flag of a response stays unchecked: grpc does not show it.

require_relative 'common'

SIZES = [[27_182, 31_415], [8, 9], [1828, 2653], [45_904, 58_979]].freeze
MESSAGE = 'test status message'
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n"
GZIP = { ENCODING_REQUEST => 'gzip' }.freeze
YES = BoolValue.new(value: true)
NO = BoolValue.new(value: false)

# The peer did something else than the case asks for.
class Failed < StandardError; end

def expect(what, got, wanted)
  raise Failed, "#{what} is #{got.inspect}, not #{wanted.inspect}" unless got == wanted
end

def expect_zeros(what, payload, size)
  expect("size of #{what}", payload.body.bytesize, size)
  expect("zeros in #{what}", payload.body.count("\0"), size)
end

# The error with which a call ends, as it must.
def failure(what)
  yield
  raise Failed, "#{what} succeeded"
rescue GRPC::BadStatus => e
  e
end

# What a stream sends, message by message, until it is half-closed.
class Requests
  def initialize
    @queue = Queue.new
  end

  def send_one(request)
    @queue << request
  end

  def close
    @queue.close
  end

  def each
    while (request = @queue.pop)
      yield request
    end
  end
end

# One request compressed, the next as it is: the flag counts when the message is sent.
class FirstCompressed
  attr_writer :call

  def initialize(*requests)
    @requests = requests
  end

  def each
    [0, GRPC::Core::WriteFlags::NO_COMPRESS].zip(@requests) do |flag, request|
      @call.write_flag = flag
      yield request
    end
  end
end

def simple(**more)
  SimpleRequest.new(response_size: 314_159, payload: zeros(271_828), **more)
end

# A request of `size` bytes for responses of those sizes.
def ask(size, *responses)
  StreamingOutputCallRequest.new(
    response_parameters: responses.map { |s| ResponseParameters.new(size: s) }, payload: zeros(size)
  )
end

# The cases, as methods.
class Cases
  def initialize(options)
    @options = options
    @channel = open_channel
    @stub = stub_of(TestService)
  end

  def empty_unary
    expect('the response', @stub.empty_call(Empty.new), Empty.new)
  end

  def large_unary(stub = @stub, request: simple, **more)
    response = stub.unary_call(request, **more)
    expect_zeros('the response', response.payload, request.response_size)
  end

  def client_compressed_unary
    probe = failure('the probe') { @stub.unary_call(simple(expect_compressed: YES)) }
    expect('code of the probe', probe.code, GRPC::Core::StatusCodes::INVALID_ARGUMENT)
    large_unary(request: simple(expect_compressed: YES), metadata: GZIP)
    large_unary(request: simple(expect_compressed: NO))
  end

  def server_compressed_unary
    [YES, NO].each { |compressed| large_unary(request: simple(response_compressed: compressed)) }
  end

  def client_streaming
    response = @stub.streaming_input_call(SIZES.map { |s, _| StreamingInputCallRequest.new(payload: zeros(s)) })
    expect('the aggregated size', response.aggregated_payload_size, 74_922)
  end

  def client_compressed_streaming
    first = StreamingInputCallRequest.new(expect_compressed: YES, payload: zeros(27_182))
    second = StreamingInputCallRequest.new(expect_compressed: NO, payload: zeros(45_904))
    probe = failure('the probe') { @stub.streaming_input_call([first]) }
    expect('code of the probe', probe.code, GRPC::Core::StatusCodes::INVALID_ARGUMENT)
    requests = FirstCompressed.new(first, second)
    call = @stub.streaming_input_call(requests, return_op: true, metadata: GZIP)
    requests.call = call
    expect('the aggregated size', call.execute.aggregated_payload_size, 73_086)
  end

  def server_streaming
    streamed(SIZES.map { |_, size| ResponseParameters.new(size: size) })
  end

  def server_compressed_streaming
    streamed([ResponseParameters.new(size: 31_415, compressed: YES),
              ResponseParameters.new(size: 92_653, compressed: NO)])
  end

  def ping_pong
    requests = Requests.new
    responses = @stub.full_duplex_call(requests)
    SIZES.each do |size, wanted|
      requests.send_one(ask(size, wanted))
      expect_zeros('a response', responses.next.payload, wanted)
    end
    requests.close
    expect('what follows the responses', rest(responses), [])
  end

  def empty_stream
    expect('the responses', @stub.full_duplex_call([]).to_a, [])
  end

  def custom_metadata
    metadata = { ECHO_INITIAL => 'test_initial_metadata_value', ECHO_TRAILING => "\xab\xab\xab".b }
    [@stub.unary_call(simple, return_op: true, metadata: metadata),
     @stub.full_duplex_call([ask(271_828, 314_159)], return_op: true, metadata: metadata)].each do |call|
      responses = call.execute
      responses = responses.is_a?(SimpleResponse) ? [responses] : responses.to_a
      expect('the number of responses', responses.size, 1)
      expect_zeros('the response', responses[0].payload, 314_159)
      expect(ECHO_INITIAL, call.metadata[ECHO_INITIAL], metadata[ECHO_INITIAL])
      expect(ECHO_TRAILING, call.trailing_metadata[ECHO_TRAILING], metadata[ECHO_TRAILING])
    end
  end

  def status_code_and_message
    status = EchoStatus.new(code: 2, message: MESSAGE)
    requests = [StreamingOutputCallRequest.new(response_status: status)]
    { 'UnaryCall' => -> { @stub.unary_call(SimpleRequest.new(response_status: status)) },
      'FullDuplexCall' => -> { @stub.full_duplex_call(requests).to_a } }.each do |what, call|
      error = failure(what, &call)
      expect("code of #{what}", error.code, GRPC::Core::StatusCodes::UNKNOWN)
      expect("message of #{what}", error.details, MESSAGE)
    end
  end

  def special_status_message
    request = SimpleRequest.new(response_status: EchoStatus.new(code: 2, message: SPECIAL))
    error = failure('the call') { @stub.unary_call(request) }
    expect('the code', error.code, GRPC::Core::StatusCodes::UNKNOWN)
    expect('the message', error.details.dup.force_encoding('UTF-8'), SPECIAL)
  end

  def unimplemented_method
    error = failure('the call') { @stub.unimplemented_call(Empty.new) }
    expect('the code', error.code, GRPC::Core::StatusCodes::UNIMPLEMENTED)
  end

  def unimplemented_service
    error = failure('the call') { stub_of(UnimplementedService).unimplemented_call(Empty.new) }
    expect('the code', error.code, GRPC::Core::StatusCodes::UNIMPLEMENTED)
  end

  def cancel_after_begin
    connect
    call = @stub.streaming_input_call([StreamingInputCallRequest.new(payload: zeros(8))], return_op: true)
    call.start_call
    call.cancel
    error = failure('the call') { call.execute }
    expect('the code', error.code, GRPC::Core::StatusCodes::CANCELLED)
  end

  def cancel_after_first_response
    requests = Requests.new
    call = @stub.full_duplex_call(requests, return_op: true)
    responses = call.execute
    requests.send_one(ask(27_182, 31_415))
    expect_zeros('the response', responses.next.payload, 31_415)
    call.cancel
    requests.close
    error = failure('the call') { rest(responses) }
    expect('the code', error.code, GRPC::Core::StatusCodes::CANCELLED)
  end

  def timeout_on_sleeping_server
    connect
    requests = Requests.new
    requests.send_one(ask(27_182))
    error = failure('the call') do
      @stub.full_duplex_call(requests, deadline: Time.now + 0.001).each { requests.close }
    ensure
      requests.close
    end
    expect('the code', error.code, GRPC::Core::StatusCodes::DEADLINE_EXCEEDED)
  end

  def pick_first_unary
    servers = Array.new(100) { @stub.unary_call(SimpleRequest.new(fill_server_id: true)).server_id }.uniq
    expect('the number of servers', servers.size, 1)
    expect('a server without a name', servers.include?(''), false)
  end

  def rpc_soak
    iterations.times { large_unary }
  end

  def channel_soak
    iterations.times do
      channel = open_channel
      large_unary(stub_of(TestService, channel))
      channel.close
    end
  end

  private

  def iterations
    Integer(@options.fetch('soak_iterations', '10'))
  end

  def open_channel
    # Without a pool of its own, a second channel would share the connection of the first.
    arguments = { 'grpc.use_local_subchannel_pool' => 1 }
    name = @options['server_host_override']
    credentials = :this_channel_is_insecure
    if @options['use_tls'] == 'true'
      credentials = GRPC::Core::ChannelCredentials.new(File.read(@options.fetch('ca_file')))
      arguments[GRPC::Core::Channel::SSL_TARGET] = name if name
    elsif name
      arguments['grpc.default_authority'] = name
    end
    address = "#{@options.fetch('server_host', '127.0.0.1')}:#{@options.fetch('server_port')}"
    GRPC::Core::Channel.new(address, arguments, credentials)
  end

  def stub_of(service, channel = @channel)
    service.rpc_stub_class.new('', nil, channel_override: channel, timeout: 30)
  end

  # Else a call could be cancelled, or end, before anything of it is sent.
  def connect
    empty_unary
  end

  def streamed(parameters)
    responses = @stub.streaming_output_call(StreamingOutputCallRequest.new(response_parameters: parameters)).to_a
    expect('the number of responses', responses.size, parameters.size)
    responses.zip(parameters) { |response, wanted| expect_zeros('a response', response.payload, wanted.size) }
  end

  # What is left of an enumerator that `next` has begun; to_a would begin again.
  def rest(responses)
    left = []
    loop { left << responses.next }
    left
  end
end

options = flags
name = options.fetch('test_case')
begin
  raise Failed, 'there is no such case' unless Cases.public_method_defined?(name, false)

  Cases.new(options).public_send(name)
rescue Failed, GRPC::BadStatus, GRPC::Core::CallError, StopIteration => e
  warn "#{name}: #{e.message.lines.first}"
  exit! 1
end
# Threads that wait for a cancelled call are of no interest any more.
$stdout.flush
exit! 0
