//! What the process counts: the `metrics` macros' recorder, rendered for Prometheus.
//!
//! A room counts with `metrics::counter!` and its siblings; there is no listener of its own, the room's HTTP API
//! shows [`Meters::render`] at `/metrics`.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;

use crate::exit::Failure;

/// Upper bounds, in seconds, of the buckets of every histogram: durations from 0.1 ms to 10 s.
const BUCKETS_S: &[f64] =
    &[0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// How often samples are taken into their buckets, so that they don't pile up where nobody asks for them.
const UPKEEP: Duration = Duration::from_secs(5);

/// Metrics could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("metrics can't be set up: {0}")]
pub struct MetersError(String);

impl Failure for MetersError {}

/// The process's metrics; a copy shows the same ones.
#[derive(Clone)]
pub struct Meters(PrometheusHandle);

impl Meters {
    /// Sets the process's recorder up, or finds the one that stands already.
    ///
    /// # Errors
    /// Some other recorder was set up before.
    pub fn install() -> Result<Self, MetersError> {
        static METERS: OnceLock<Result<Meters, String>> = OnceLock::new();
        let install = || {
            let builder =
                PrometheusBuilder::new().set_buckets(BUCKETS_S).map_err(|error| error.to_string())?;
            builder.install_recorder().map(Meters).map_err(|error| error.to_string())
        };
        METERS.get_or_init(install).clone().map_err(MetersError)
    }

    /// Everything counted so far, in the Prometheus text format.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }

    /// Keeps samples from piling up, until `shutdown`. To be spawned once per process.
    pub async fn upkeep(self, shutdown: CancellationToken) {
        while shutdown.run_until_cancelled(tokio::time::sleep(UPKEEP)).await.is_some() {
            self.0.run_upkeep();
        }
    }
}

impl std::fmt::Debug for Meters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meters")
    }
}
