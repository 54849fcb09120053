//! A room that runs.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::Router;
use tokio_util::sync::CancellationToken;

use super::{ServeError, Setting, StartError};
use crate::http::{self, Health, HttpSection, Token};
use crate::instance::{Announcement, Instance, Lock};
use crate::meters::Meters;
use crate::pages;

/// What a running room has besides its own work. Dropping it gives the data folder's lock back.
#[derive(Debug)]
pub struct Service {
    /// The room's name, which is its lock's and its announcement's.
    pub room: &'static str,
    /// Configuration, clock and language.
    pub setting: Setting,
    /// The data folder, opened.
    pub instance: Instance,
    /// Cancelled when the room has to stop.
    pub shutdown: CancellationToken,
    /// Whether the room can do its work; "starting" until the room says [`Health::well`].
    pub health: Health,
    /// The process's metrics.
    pub meters: Meters,
    _lock: Lock,
}

impl Service {
    /// Opens the data folder, takes the lock `room` in it and sets metrics up. Has to be called inside a tokio
    /// runtime.
    ///
    /// # Errors
    /// The data folder can't be used, or the room is running in it already.
    pub fn start(
        room: &'static str,
        setting: Setting,
        shutdown: CancellationToken,
    ) -> Result<Self, StartError> {
        let instance = setting.instance()?;
        let lock = instance.lock(room)?;
        let meters = Meters::install()?;
        tokio::spawn(meters.clone().upkeep(shutdown.clone()));
        Ok(Self { room, setting, instance, shutdown, health: Health::starting(), meters, _lock: lock })
    }

    /// Serves the room's HTTP API on `listen` until the stop: announces its address (with the token, where there
    /// is one) in the data folder, adds `/healthz` for everybody and `/metrics` behind the token, and puts
    /// [`http::guarded`]'s limits and the [frame of pages](pages::framed) around all.
    ///
    /// `router` is served as it is: the room puts [`http::require_token`] before the routes that need it.
    ///
    /// # Errors
    /// The address can't be listened on or announced, others reach it without a proxy in front, or the listener fails.
    pub async fn serve(&self, listen: &str, router: Router, token: Option<Token>) -> Result<(), ServeError> {
        let section: HttpSection = self.setting.config.section("http")?;
        let listener = http::bind(listen).await?;
        let mut address = listener.local_addr().map_err(ServeError::Listener)?;
        section.check(address)?;
        if address.ip().is_unspecified() {
            // What is announced is for this machine's commands.
            address.set_ip(if address.is_ipv6() {
                Ipv6Addr::LOCALHOST.into()
            } else {
                Ipv4Addr::LOCALHOST.into()
            });
        }
        let url = format!("http://{address}");
        let secret = token.as_ref().map(|token| token.reveal().to_owned());
        let metrics = http::metrics_route(self.meters.clone());
        let metrics = match token {
            Some(token) => http::require_token(metrics, token),
            None => metrics,
        };
        let all = router.merge(http::health_route(self.health.clone())).merge(metrics);
        let all = http::guarded(section.see_through(all), http::DEFAULT_BODY_BYTES);
        let all = pages::framed(all, self.setting.language);
        let announcement = Announcement::of_this_process(&url, secret);
        let announced = self.instance.announce(self.room, &announcement)?;
        tracing::info!(room = self.room, url, "Answering.");
        let served = http::serve(listener, all, self.shutdown.clone()).await;
        drop(announced);
        served.map_err(ServeError::Listener)
    }
}
