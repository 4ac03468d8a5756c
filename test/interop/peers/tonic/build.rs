//! Generates client and server of grpc.testing from the folder in $INTEROP_PROTOS.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-env-changed=INTEROP_PROTOS");
    let protos = std::env::var("INTEROP_PROTOS")?;
    // All of them, though the last imports the others: each is looked at for changes.
    let files = ["empty", "messages", "test"].map(|name| format!("{protos}/grpc/testing/{name}.proto"));
    tonic_prost_build::configure().compile_protos(&files, &[protos])?;
    Ok(())
}
