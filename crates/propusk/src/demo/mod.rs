//! `up --demo`: one permit's whole journey, played with the program's real commands on the running rooms.
//!
//! Every step is checked: what a command printed is compared with what must have happened. Nothing is mocked, and all
//! passports are specimens. A second run on the same data goes on with the handhelds of the first.

mod command;
mod group;
mod journey;
mod paper;
mod post;
mod record;
mod stage;
mod traveller;

use crate::events::Event;
use crate::supervise::House;
use stage::Stage;

/// Plays the journey; says whether every step held.
pub(crate) async fn play(house: &House) -> bool {
    let stage = Stage::new(house);
    let held = journey::play(&stage).await.is_ok();
    // Whatever happened: the rooms go on, and with them the broker.
    house.release_broker();
    let folder = stage.folder().to_owned();
    house.reporter.tell(&Event::Demo { held, steps: stage.steps(), folder });
    held
}
