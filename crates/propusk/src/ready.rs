//! Whether a room answers.

use std::net::SocketAddr;
use std::time::Duration;

use propusk_boot::instance::Instance;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::child::Keeper;

/// How long a room may take to say that it is well.
const PATIENCE: Duration = Duration::from_secs(2);
/// What begins the answer of a room that is well.
const WELL: &[u8; 12] = b"HTTP/1.1 200";

/// The room's address, if its present process has announced it and says at `/healthz` that it is well.
pub(crate) async fn address(instance: &Instance, room: &Keeper) -> Option<String> {
    let announced = instance.find(room.name()).ok()?;
    // An earlier process may have left its file behind.
    if room.state().pid != Some(announced.pid) {
        return None;
    }
    let address: SocketAddr = announced.url.strip_prefix("http://")?.parse().ok()?;
    let well = timeout(PATIENCE, ask(address)).await.is_ok_and(|answer| answer.is_ok_and(|well| well));
    well.then_some(announced.url)
}

/// Asks `/healthz`. The client of `boot` would block a thread for as long as a hung room keeps silent; this can be
/// given up at any moment.
async fn ask(address: SocketAddr) -> std::io::Result<bool> {
    let mut connection = TcpStream::connect(address).await?;
    let question = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(question.as_bytes()).await?;
    let mut answer = [0; WELL.len()];
    connection.read_exact(&mut answer).await?;
    Ok(answer == *WELL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use propusk_boot::http::{Health, health_route};
    use tokio_util::sync::CancellationToken;

    #[tokio::test]
    async fn a_room_is_asked_how_it_is() {
        let listener = propusk_boot::http::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (health, stop) = (Health::starting(), CancellationToken::new());
        let serving =
            tokio::spawn(propusk_boot::http::serve(listener, health_route(health.clone()), stop.clone()));
        assert!(!ask(address).await.unwrap());
        health.well();
        assert!(ask(address).await.unwrap());
        stop.cancel();
        serving.await.unwrap().unwrap();
        assert!(ask(address).await.is_err());
    }
}
