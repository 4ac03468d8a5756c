//! Generates client and server of grpc.testing from the folder in $INTEROP_PROTOS.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-env-changed=INTEROP_PROTOS");
    let protos = std::env::var("INTEROP_PROTOS")?;
    tonic_prost_build::configure().compile_protos(&[format!("{protos}/grpc/testing/test.proto")], &[protos])?;
    Ok(())
}
