//! What both sides share: the generated code, the flags, and a look at the compressed flag of each message, which tonic
//! does not show.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body_util::BodyExt;
use tonic::body::Body;
use tower::Service;

pub mod pb {
    tonic::include_proto!("grpc.testing");
}

pub const ECHO_INITIAL: &str = "x-grpc-test-echo-initial";
pub const ECHO_TRAILING: &str = "x-grpc-test-echo-trailing-bin";

/// --name=value, for all names; those that a side does not know are of no interest.
pub fn flags() -> HashMap<String, String> {
    std::env::args()
        .filter_map(|word| {
            let (name, value) = word.strip_prefix("--")?.split_once('=')?;
            Some((name.to_string(), value.to_string()))
        })
        .collect()
}

pub fn zeros(size: usize) -> Option<pb::Payload> {
    Some(pb::Payload { body: vec![0; size], ..Default::default() })
}

/// The compressed flags of the messages that a body has brought so far; among the extensions of the request, or the
/// response, that the body belongs to.
#[derive(Clone, Default)]
pub struct Compressed(Arc<Mutex<Vec<bool>>>);

impl Compressed {
    /// The flag of a message, which has to be there already.
    pub fn of(&self, message: usize) -> bool {
        self.0.lock().unwrap()[message]
    }

    fn watch(&self, body: Body) -> Body {
        let seen = self.clone();
        let (mut prefix, mut payload) = (Vec::new(), 0);
        Body::new(body.map_frame(move |frame| {
            let mut data: &[u8] = frame.data_ref().map_or(&[], |bytes| bytes);
            while !data.is_empty() {
                let skipped = payload.min(data.len());
                payload -= skipped;
                data = &data[skipped..];
                let taken = data.len().min(5 - prefix.len());
                prefix.extend_from_slice(&data[..taken]);
                data = &data[taken..];
                if let [flag, a, b, c, d] = prefix[..] {
                    seen.0.lock().unwrap().push(flag == 1);
                    payload = u32::from_be_bytes([a, b, c, d]) as usize;
                    prefix.clear();
                }
            }
            frame
        }))
    }
}

/// A service, or a channel, that notes the compressed flags of requests and responses.
#[derive(Clone)]
pub struct Watch<S>(pub S);

impl<S> Service<Request<Body>> for Watch<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let seen = Compressed::default();
        request.extensions_mut().insert(seen.clone());
        let answer = self.0.call(request.map(|body| seen.watch(body)));
        Box::pin(async {
            let mut response = answer.await?;
            let seen = Compressed::default();
            response.extensions_mut().insert(seen.clone());
            Ok(response.map(|body| seen.watch(body)))
        })
    }
}
