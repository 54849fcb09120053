//! Who may reach a room's HTTP API: this machine, or a reverse proxy that ends TLS and stands before everybody else.
//!
//! The rooms speak clear HTTP and no TLS of their own: certificates, their renewal and the limits of a public listener
//! are what a proxy does anyway, and one that is missing is noticed here rather than by whoever listens on the way.

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use serde::Deserialize;

/// The header in which proxies name whom they speak for; each appends the address that it sees.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The section `[http]`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSection {
    /// A proxy that ends TLS stands before the rooms, and nobody else reaches their ports.
    pub behind_proxy: bool,
}

/// An address that others reach, without a proxy in front.
#[derive(Debug, thiserror::Error)]
#[error(
    "{listen} can be reached from other machines, and this API speaks clear text: listen on 127.0.0.1, or put a proxy that ends TLS (nginx, Caddy) in front, close the port to everybody else, and set `behind_proxy = true` in the section [http]"
)]
pub struct Exposed {
    /// The address.
    pub listen: SocketAddr,
}

impl HttpSection {
    /// Whether a room may listen on this address.
    ///
    /// # Errors
    /// [`Exposed`].
    pub fn check(self, listen: SocketAddr) -> Result<(), Exposed> {
        if self.behind_proxy || listen.ip().is_loopback() { Ok(()) } else { Err(Exposed { listen }) }
    }

    /// Behind a proxy: handlers find the address that the proxy names as their `ConnectInfo<SocketAddr>`, so that
    /// limits count callers and not the proxy.
    pub fn see_through(self, router: Router) -> Router {
        if self.behind_proxy { router.layer(from_fn(name_caller)) } else { router }
    }
}

async fn name_caller(mut request: Request, next: Next) -> Response {
    let named = request.headers().get_all(FORWARDED_FOR).iter().next_back();
    // Only the last address is the proxy's own word; those before it are whatever the caller sent.
    let last = named.and_then(|value| value.to_str().ok()).and_then(|list| list.rsplit(',').next());
    if let Some(caller) = last.and_then(|text| text.trim().parse::<IpAddr>().ok()) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(caller, 0)));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::extract::connect_info::MockConnectInfo;
    use axum::routing::get;
    use tower::ServiceExt as _;

    #[test]
    fn others_reach_a_room_only_through_a_proxy() {
        let (alone, behind) = (HttpSection::default(), HttpSection { behind_proxy: true });
        for listen in ["127.0.0.1:80", "[::1]:80", "127.8.0.1:80"] {
            assert!(alone.check(listen.parse().unwrap()).is_ok(), "{listen}");
        }
        for listen in ["0.0.0.0:80", "10.1.0.5:80", "[::]:80"] {
            let refused = alone.check(listen.parse().unwrap()).unwrap_err().to_string();
            assert!(refused.contains("behind_proxy = true"), "{refused}");
            assert!(behind.check(listen.parse().unwrap()).is_ok(), "{listen}");
        }
    }

    async fn seen(section: HttpSection, forwarded: &str) -> String {
        let echo = |ConnectInfo(address): ConnectInfo<SocketAddr>| async move { address.ip().to_string() };
        let router = section.see_through(Router::new().route("/", get(echo)));
        let router = router.layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9))));
        let request = axum::http::Request::get("/").header(FORWARDED_FOR, forwarded);
        let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        String::from_utf8(to_bytes(answer.into_body(), 64).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn only_a_proxys_own_word_counts() {
        let (alone, behind) = (HttpSection::default(), HttpSection { behind_proxy: true });
        assert_eq!(seen(behind, "198.51.100.1, 203.0.113.9").await, "203.0.113.9");
        assert_eq!(seen(behind, "2001:db8::1").await, "2001:db8::1");
        assert_eq!(seen(alone, "203.0.113.9").await, "127.0.0.1");
    }
}
