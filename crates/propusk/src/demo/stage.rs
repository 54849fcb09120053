//! Where the demo plays: numbers its steps, tells what they do, knows the folder for what they make.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use propusk_boot::clock::local_in_bishkek;
use propusk_boot::private;

use super::command::Commands;
use crate::events::Event;
use crate::supervise::House;

/// A step did not hold; what and why has been told already.
#[derive(Debug)]
pub(crate) struct NotHeld;

/// The demo's surroundings.
pub(crate) struct Stage<'a> {
    pub house: &'a House,
    pub commands: Commands<'a>,
    folder: PathBuf,
    step: Cell<usize>,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(house: &'a House) -> Self {
        let now = local_in_bishkek(house.reporter.setting().clock.now());
        let folder = house.layout.demo().join(now.strftime("%Y-%m-%d-%H%M%S").to_string());
        Self { house, commands: Commands::new(&house.plan), folder, step: Cell::new(0) }
    }

    /// The folder of this run: `DATA/demo/<date and time>`.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder.
    pub(crate) fn make_folder(&self) -> anyhow::Result<()> {
        Ok(private::folder(&self.folder)?)
    }

    /// How many steps have begun.
    pub(crate) fn steps(&self) -> usize {
        self.step.get()
    }

    /// Plays one step: tells its title, then what comes of it.
    pub(crate) async fn step<T>(
        &self,
        id: &str,
        work: impl Future<Output = anyhow::Result<T>>,
    ) -> Result<T, NotHeld> {
        let step = self.step.get() + 1;
        self.step.set(step);
        let title = self.house.reporter.say(id, &[]);
        self.house.reporter.tell(&Event::Step { step, title: title.clone() });
        work.await.map_err(|error| {
            let why = propusk_boot::exit::message(error.as_ref());
            self.house.reporter.tell(&Event::Failed { step, title, why });
            NotHeld
        })
    }

    /// Tells what the present step found, in the sentence `id`.
    pub(crate) fn found(&self, id: &str, arguments: &[(&str, String)]) {
        self.show(self.house.reporter.say(id, arguments));
    }

    /// Tells what the present step found or made: a path, or another command's own words.
    pub(crate) fn show(&self, text: impl Into<String>) {
        self.house.reporter.tell(&Event::Found { step: self.step.get(), text: text.into() });
    }
}
