//! The TestService of gRPC's interop suite on tonic, which compresses every message of a stream for a client that takes it.

mod common;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use common::{flags, pb, zeros, Compressed, Watch, ECHO_INITIAL, ECHO_TRAILING};
use http_body_util::BodyExt;
use pb::test_service_server::{TestService, TestServiceServer};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::body::Body;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::transport::{Identity, Server, ServerTlsConfig};
use tonic::{Code, Request, Response, Status, Streaming};
use tower::Service;

type Asked = pb::StreamingOutputCallRequest;
type Answer = Result<pb::StreamingOutputCallResponse, Status>;

/// The status that a request asks for, if any.
fn echo_status(wanted: &Option<pb::EchoStatus>) -> Result<(), Status> {
    match wanted {
        Some(status) if status.code != 0 => Err(Status::new(Code::from_i32(status.code), &status.message)),
        _ => Ok(()),
    }
}

/// Fails when a message came otherwise than it says; stricter than the suite asks, which lets one that should not be
/// compressed come compressed.
fn expect_compressed(wanted: &Option<pb::BoolValue>, compressed: bool) -> Result<(), Status> {
    match wanted {
        Some(wanted) if wanted.value && !compressed => Err(Status::invalid_argument("the message is not compressed")),
        Some(wanted) if !wanted.value && compressed => Err(Status::invalid_argument("the message is compressed")),
        _ => Ok(()),
    }
}

fn flags_of<T>(request: &Request<T>) -> Compressed {
    request.extensions().get::<Compressed>().expect("the layer has noted them").clone()
}

/// Answers all requests, until one asks for a status or the client has gone.
fn answers(requests: impl Stream<Item = Result<Asked, Status>> + Send + 'static) -> ReceiverStream<Answer> {
    let (send, receive) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut requests = Box::pin(requests);
        while let Some(Ok(request)) = requests.next().await {
            if let Err(status) = echo_status(&request.response_status) {
                let _ = send.send(Err(status)).await;
                return;
            }
            for wanted in request.response_parameters {
                if wanted.interval_us > 0 {
                    tokio::time::sleep(Duration::from_micros(wanted.interval_us as u64)).await;
                }
                let answer = pb::StreamingOutputCallResponse { payload: zeros(wanted.size as usize) };
                if send.send(Ok(answer)).await.is_err() {
                    return;
                }
            }
        }
    });
    ReceiverStream::new(receive)
}

/// A single response; a stream has no such choice.
fn respond<T>(message: T, compressed: bool) -> Result<Response<T>, Status> {
    let mut response = Response::new(message);
    if !compressed {
        response.disable_compression();
    }
    Ok(response)
}

struct Handlers;

#[tonic::async_trait]
impl TestService for Handlers {
    type StreamingOutputCallStream = ReceiverStream<Answer>;
    type FullDuplexCallStream = ReceiverStream<Answer>;
    type HalfDuplexCallStream = ReceiverStream<Answer>;

    async fn empty_call(&self, _: Request<pb::Empty>) -> Result<Response<pb::Empty>, Status> {
        respond(pb::Empty {}, false)
    }

    async fn unary_call(&self, request: Request<pb::SimpleRequest>) -> Result<Response<pb::SimpleResponse>, Status> {
        let compressed = flags_of(&request).of(0);
        let request = request.into_inner();
        expect_compressed(&request.expect_compressed, compressed)?;
        echo_status(&request.response_status)?;
        let mut answer = pb::SimpleResponse { payload: zeros(request.response_size as usize), ..Default::default() };
        if request.fill_server_id {
            answer.server_id = std::process::id().to_string();
        }
        respond(answer, request.response_compressed.is_some_and(|wanted| wanted.value))
    }

    async fn streaming_input_call(
        &self,
        request: Request<Streaming<pb::StreamingInputCallRequest>>,
    ) -> Result<Response<pb::StreamingInputCallResponse>, Status> {
        let compressed = flags_of(&request);
        let mut requests = request.into_inner();
        let (mut count, mut size) = (0, 0);
        while let Some(request) = requests.message().await? {
            expect_compressed(&request.expect_compressed, compressed.of(count))?;
            count += 1;
            size += request.payload.map_or(0, |payload| payload.body.len());
        }
        respond(pb::StreamingInputCallResponse { aggregated_payload_size: size as i32 }, false)
    }

    async fn streaming_output_call(
        &self,
        request: Request<Asked>,
    ) -> Result<Response<Self::StreamingOutputCallStream>, Status> {
        Ok(Response::new(answers(tokio_stream::once(Ok(request.into_inner())))))
    }

    async fn full_duplex_call(
        &self,
        request: Request<Streaming<Asked>>,
    ) -> Result<Response<Self::FullDuplexCallStream>, Status> {
        Ok(Response::new(answers(request.into_inner())))
    }

    async fn half_duplex_call(
        &self,
        request: Request<Streaming<Asked>>,
    ) -> Result<Response<Self::HalfDuplexCallStream>, Status> {
        let mut requests = request.into_inner();
        let mut all = Vec::new();
        while let Some(request) = requests.message().await? {
            all.push(Ok(request));
        }
        Ok(Response::new(answers(tokio_stream::iter(all))))
    }

    async fn unimplemented_call(&self, _: Request<pb::Empty>) -> Result<Response<pb::Empty>, Status> {
        Err(Status::unimplemented("not implemented"))
    }
}

/// Sends back the metadata that a call asks for. A handler of tonic has no say in the trailers of a call that succeeds.
#[derive(Clone)]
struct Echo<S>(S);

impl<S> Service<http::Request<Body>> for Echo<S>
where
    S: Service<http::Request<Body>, Response = http::Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = http::Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let initial = request.headers().get(ECHO_INITIAL).cloned();
        let trailing = request.headers().get(ECHO_TRAILING).cloned();
        let answer = self.0.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            if let Some(value) = initial {
                response.headers_mut().insert(ECHO_INITIAL, value);
            }
            Ok(response.map(|body| {
                Body::new(body.map_frame(move |mut frame| {
                    if let (Some(trailers), Some(value)) = (frame.trailers_mut(), &trailing) {
                        trailers.insert(ECHO_TRAILING, value.clone());
                    }
                    frame
                }))
            }))
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let flags = flags();
    let mut builder = Server::builder();
    if flags.get("use_tls").is_some_and(|word| word == "true") {
        let identity =
            Identity::from_pem(std::fs::read(&flags["tls_cert_file"])?, std::fs::read(&flags["tls_key_file"])?);
        builder = builder.tls_config(ServerTlsConfig::new().identity(identity))?;
    }
    let service = TestServiceServer::new(Handlers).accept_compressed(Gzip).send_compressed(Gzip);
    let address = format!("127.0.0.1:{}", flags["port"]);
    let serving = builder
        .layer(tower::layer::layer_fn(Echo))
        .layer(tower::layer::layer_fn(Watch))
        .add_service(service)
        .serve(address.parse()?);
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        ended = serving => Ok(ended?),
        _ = terminate.recv() => Ok(()),
    }
}
