//! The client of gRPC's interop suite on tonic: one case a run.

mod common;

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Debug;
use std::time::Duration;

use common::{flags, pb, zeros, Compressed, Watch, ECHO_INITIAL, ECHO_TRAILING};
use pb::test_service_client::TestServiceClient;
use pb::unimplemented_service_client::UnimplementedServiceClient;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request, Response, Status};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;
type Client = TestServiceClient<Watch<Channel>>;
type Flags = HashMap<String, String>;

const SIZES: [(usize, usize); 4] = [(27182, 31415), (8, 9), (1828, 2653), (45904, 58979)];
const MESSAGE: &str = "test status message";
const SPECIAL: &str = "\t\ntest with whitespace\r\nand Unicode BMP \u{263a} and non-BMP \u{1f608}\t\n";

fn expect<T: PartialEq + Debug>(what: &str, got: T, wanted: T) -> Outcome {
    if got == wanted {
        return Ok(());
    }
    Err(format!("{what} is {got:?}, not {wanted:?}").into())
}

fn expect_zeros(payload: &Option<pb::Payload>, size: usize) -> Outcome {
    let body = payload.as_ref().map_or(&[][..], |payload| &payload.body);
    expect("size of the payload", body.len(), size)?;
    expect("zeros in the payload", body.iter().filter(|byte| **byte == 0).count(), size)
}

fn failure<T>(what: &str, outcome: Result<T, Status>) -> Outcome<Status> {
    outcome.err().ok_or_else(|| format!("{what} succeeded").into())
}

fn compressed<T>(response: &Response<T>) -> Compressed {
    response.extensions().get::<Compressed>().expect("the channel has noted them").clone()
}

fn yes_or_no(value: bool) -> Option<pb::BoolValue> {
    Some(pb::BoolValue { value })
}

fn simple() -> pb::SimpleRequest {
    pb::SimpleRequest { response_size: 314159, payload: zeros(271828), ..Default::default() }
}

/// A request of `size` bytes for responses of those sizes.
fn ask(size: usize, responses: &[usize]) -> pb::StreamingOutputCallRequest {
    let parameters = responses.iter().map(|s| pb::ResponseParameters { size: *s as i32, ..Default::default() });
    pb::StreamingOutputCallRequest {
        response_parameters: parameters.collect(),
        payload: zeros(size),
        ..Default::default()
    }
}

fn status_of(message: &str) -> Option<pb::EchoStatus> {
    Some(pb::EchoStatus { code: Code::Unknown as i32, message: message.to_string() })
}

async fn open(flags: &Flags) -> Outcome<Watch<Channel>> {
    let tls = flags.get("use_tls").is_some_and(|word| word == "true");
    let scheme = if tls { "https" } else { "http" };
    let host = flags.get("server_host").map_or("127.0.0.1", |host| host);
    let mut endpoint = Endpoint::from_shared(format!("{scheme}://{host}:{}", flags["server_port"]))?;
    let name = flags.get("server_host_override");
    if let Some(name) = name {
        endpoint = endpoint.origin(format!("{scheme}://{name}").parse()?);
    }
    if tls {
        let mut config =
            ClientTlsConfig::new().ca_certificate(Certificate::from_pem(std::fs::read(&flags["ca_file"])?));
        if let Some(name) = name {
            config = config.domain_name(name);
        }
        endpoint = endpoint.tls_config(config)?;
    }
    Ok(Watch(endpoint.connect().await?))
}

fn client_on(channel: &Watch<Channel>) -> Client {
    TestServiceClient::new(channel.clone()).accept_compressed(Gzip)
}

async fn large(client: &mut Client, request: pb::SimpleRequest) -> Outcome<bool> {
    let size = request.response_size as usize;
    let response = client.unary_call(request).await?;
    expect_zeros(&response.get_ref().payload, size)?;
    Ok(compressed(&response).of(0))
}

async fn client_compressed_unary(client: &mut Client) -> Outcome {
    let mut compressing = client.clone().send_compressed(Gzip);
    let wants = |value| pb::SimpleRequest { expect_compressed: yes_or_no(value), ..simple() };
    let probe = failure("the probe", client.unary_call(wants(true)).await)?;
    expect("code of the probe", probe.code(), Code::InvalidArgument)?;
    large(&mut compressing, wants(true)).await?;
    large(client, wants(false)).await?;
    Ok(())
}

async fn server_compressed_unary(client: &mut Client) -> Outcome {
    for wanted in [true, false] {
        let request = pb::SimpleRequest { response_compressed: yes_or_no(wanted), ..simple() };
        expect("the compressed flag", large(client, request).await?, wanted)?;
    }
    Ok(())
}

async fn client_streaming(client: &mut Client) -> Outcome {
    let requests = SIZES.map(|(size, _)| pb::StreamingInputCallRequest { payload: zeros(size), ..Default::default() });
    let response = client.streaming_input_call(tokio_stream::iter(requests)).await?.into_inner();
    expect("the aggregated size", response.aggregated_payload_size, 74922)
}

/// Sizes of the responses, and whether each should be compressed if that was asked for.
async fn streamed(client: &mut Client, wanted: &[(usize, Option<bool>)]) -> Outcome {
    let parameters = wanted.iter().map(|(size, compressed)| pb::ResponseParameters {
        size: *size as i32,
        compressed: compressed.and_then(yes_or_no),
        ..Default::default()
    });
    let request = pb::StreamingOutputCallRequest { response_parameters: parameters.collect(), ..Default::default() };
    let response = client.streaming_output_call(request).await?;
    let flags = compressed(&response);
    let mut responses = response.into_inner();
    for (index, (size, compressed)) in wanted.iter().enumerate() {
        let response = responses.message().await?.ok_or("the responses ended too early")?;
        expect_zeros(&response.payload, *size)?;
        expect("the compressed flag", flags.of(index), compressed.unwrap_or(flags.of(index)))?;
    }
    expect("what follows the responses", responses.message().await?, None)
}

async fn ping_pong(client: &mut Client) -> Outcome {
    let (send, requests) = mpsc::channel(1);
    send.send(ask(SIZES[0].0, &[SIZES[0].1])).await?;
    let mut responses = client.full_duplex_call(ReceiverStream::new(requests)).await?.into_inner();
    for (index, (_, wanted)) in SIZES.iter().enumerate() {
        let response = responses.message().await?.ok_or("the responses ended too early")?;
        expect_zeros(&response.payload, *wanted)?;
        if let Some((size, next)) = SIZES.get(index + 1) {
            send.send(ask(*size, &[*next])).await?;
        }
    }
    drop(send);
    expect("what follows the responses", responses.message().await?, None)
}

async fn empty_stream(client: &mut Client) -> Outcome {
    let mut responses = client.full_duplex_call(tokio_stream::empty()).await?.into_inner();
    expect("the response", responses.message().await?, None)
}

async fn custom_metadata(client: &mut Client) -> Outcome {
    fn with_metadata<T>(message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert(ECHO_INITIAL, MetadataValue::from_static("test_initial_metadata_value"));
        request.metadata_mut().insert_bin(ECHO_TRAILING, MetadataValue::from_bytes(b"\xab\xab\xab"));
        request
    }
    fn check(initial: &MetadataMap, trailing: &MetadataMap) -> Outcome {
        let value = initial.get(ECHO_INITIAL).ok_or("no initial metadata")?;
        expect(ECHO_INITIAL, value.to_str()?, "test_initial_metadata_value")?;
        let value = trailing.get_bin(ECHO_TRAILING).ok_or("no trailing metadata")?;
        expect(ECHO_TRAILING, &value.to_bytes()?[..], b"\xab\xab\xab")
    }
    // tonic merges the two kinds of metadata of a single response.
    let response = client.unary_call(with_metadata(simple())).await?;
    expect_zeros(&response.get_ref().payload, 314159)?;
    check(response.metadata(), response.metadata())?;

    let requests = with_metadata(tokio_stream::once(ask(271828, &[314159])));
    let response = client.full_duplex_call(requests).await?;
    let initial = response.metadata().clone();
    let mut responses = response.into_inner();
    let response = responses.message().await?.ok_or("there was no response")?;
    expect_zeros(&response.payload, 314159)?;
    expect("what follows the response", responses.message().await?, None)?;
    check(&initial, &responses.trailers().await?.ok_or("no trailers")?)
}

async fn status_code_and_message(client: &mut Client) -> Outcome {
    let request = pb::SimpleRequest { response_status: status_of(MESSAGE), ..Default::default() };
    let unary = failure("UnaryCall", client.unary_call(request).await)?;
    expect("status of UnaryCall", (unary.code(), unary.message()), (Code::Unknown, MESSAGE))?;

    let request = pb::StreamingOutputCallRequest { response_status: status_of(MESSAGE), ..Default::default() };
    let duplex = match client.full_duplex_call(tokio_stream::once(request)).await {
        Ok(response) => failure("FullDuplexCall", response.into_inner().message().await)?,
        Err(status) => status,
    };
    expect("status of FullDuplexCall", (duplex.code(), duplex.message()), (Code::Unknown, MESSAGE))
}

async fn special_status_message(client: &mut Client) -> Outcome {
    let request = pb::SimpleRequest { response_status: status_of(SPECIAL), ..Default::default() };
    let status = failure("the call", client.unary_call(request).await)?;
    expect("the status", (status.code(), status.message()), (Code::Unknown, SPECIAL))
}

async fn unimplemented_method(client: &mut Client) -> Outcome {
    let status = failure("the call", client.unimplemented_call(pb::Empty {}).await)?;
    expect("the code", status.code(), Code::Unimplemented)
}

async fn unimplemented_service(channel: &Watch<Channel>) -> Outcome {
    let mut client = UnimplementedServiceClient::new(channel.clone());
    let status = failure("the call", client.unimplemented_call(pb::Empty {}).await)?;
    expect("the code", status.code(), Code::Unimplemented)
}

async fn pick_first_unary(client: &mut Client) -> Outcome {
    let mut servers = std::collections::HashSet::new();
    for _ in 0..100 {
        let request = pb::SimpleRequest { fill_server_id: true, ..Default::default() };
        servers.insert(client.unary_call(request).await?.into_inner().server_id);
    }
    expect("the number of servers", servers.len(), 1)?;
    expect("a server without a name", servers.contains(""), false)
}

/// To cancel a call is to drop it, which leaves no one to be told a status: what can be seen is that the channel lives.
async fn after_cancel(client: &mut Client) -> Outcome {
    client.empty_call(pb::Empty {}).await?;
    large(client, simple()).await?;
    Ok(())
}

async fn cancel_after_begin(client: &mut Client) -> Outcome {
    let (send, requests) = mpsc::channel::<pb::StreamingInputCallRequest>(1);
    // Time enough for the headers to leave; no server answers before the half-close.
    let call = client.streaming_input_call(ReceiverStream::new(requests));
    if let Ok(outcome) = tokio::time::timeout(Duration::from_millis(100), call).await {
        return Err(format!("the call ended before its requests: {outcome:?}").into());
    }
    drop(send);
    after_cancel(client).await
}

async fn cancel_after_first_response(client: &mut Client) -> Outcome {
    let (send, requests) = mpsc::channel(1);
    send.send(ask(27182, &[31415])).await?;
    let mut responses = client.full_duplex_call(ReceiverStream::new(requests)).await?.into_inner();
    let response = responses.message().await?.ok_or("there was no response")?;
    expect_zeros(&response.payload, 31415)?;
    drop(responses);
    after_cancel(client).await
}

async fn run(case: &str, flags: &Flags) -> Outcome {
    let channel = open(flags).await?;
    let client = &mut client_on(&channel);
    let iterations: usize = flags.get("soak_iterations").map_or(Ok(10), |word| word.parse())?;
    match case {
        "empty_unary" => expect("the response", client.empty_call(pb::Empty {}).await?.into_inner(), pb::Empty {}),
        "large_unary" => large(client, simple()).await.map(|_| ()),
        "client_compressed_unary" => client_compressed_unary(client).await,
        "server_compressed_unary" => server_compressed_unary(client).await,
        "client_streaming" => client_streaming(client).await,
        "server_streaming" => streamed(client, &SIZES.map(|(_, size)| (size, None))).await,
        "server_compressed_streaming" => streamed(client, &[(31415, Some(true)), (92653, Some(false))]).await,
        "ping_pong" => ping_pong(client).await,
        "empty_stream" => empty_stream(client).await,
        "custom_metadata" => custom_metadata(client).await,
        "status_code_and_message" => status_code_and_message(client).await,
        "special_status_message" => special_status_message(client).await,
        "unimplemented_method" => unimplemented_method(client).await,
        "unimplemented_service" => unimplemented_service(&channel).await,
        "cancel_after_begin" => cancel_after_begin(client).await,
        "cancel_after_first_response" => cancel_after_first_response(client).await,
        "pick_first_unary" => pick_first_unary(client).await,
        "rpc_soak" => {
            for _ in 0..iterations {
                large(client, simple()).await?;
            }
            Ok(())
        }
        "channel_soak" => {
            for _ in 0..iterations {
                large(&mut client_on(&open(flags).await?), simple()).await?;
            }
            Ok(())
        }
        _ => Err("there is no such case".into()),
    }
}

#[tokio::main]
async fn main() {
    let flags = flags();
    let case = &flags["test_case"];
    let outcome = match tokio::time::timeout(Duration::from_secs(60), run(case, &flags)).await {
        Ok(outcome) => outcome,
        Err(_) => Err("it took more than 60 s".into()),
    };
    if let Err(error) = outcome {
        eprintln!("{case}: {}", error.to_string().replace(['\r', '\n'], " "));
        std::process::exit(1);
    }
}
