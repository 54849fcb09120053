//! The one-time link with which the first manager is made: drawn at a start where nobody works here yet.

use std::sync::{Mutex, PoisonError};

use propusk_boot::instance::Instance;
use propusk_boot::{private, random};

/// The file in the data folder that holds the code, for its owner alone; `propusk up` tells the link.
const FILE: &str = "run/set-up-code";

/// The code of the link, while it is good.
#[derive(Default)]
pub struct SetUp {
    code: Mutex<Option<String>>,
}

impl SetUp {
    /// Draws a code and writes it for whoever started the desk.
    pub fn draw(&self, instance: &Instance) -> anyhow::Result<()> {
        let code = random::token()?;
        private::write(&instance.data().join(FILE), code.as_bytes())?;
        *self.code.lock().unwrap_or_else(PoisonError::into_inner) = Some(code);
        Ok(())
    }

    /// Whether this is the code.
    pub fn matches(&self, given: &str) -> bool {
        let code = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        code.as_ref().is_some_and(|code| {
            code.len() == given.len()
                && code.bytes().zip(given.bytes()).fold(0, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)))
                    == 0
        })
    }

    /// The link is good no longer.
    pub fn use_up(&self, instance: &Instance) {
        *self.code.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // Without its code the file is only a riddle.
        let _ = std::fs::remove_file(instance.data().join(FILE));
    }
}
