//! The one binary of propusk: each room's commands, and `up`, which starts and watches all rooms on one machine.
//!
//! **In scope:** the command line's first word, the data folder's first start, the trust list's signature, the
//! supervisor of the broker and the rooms, and the demo, which plays a permit's journey through the real commands.
//!
//! **Out of scope:** everything that a room does (`desk`, `handheld`, `recorder`, `verify`).

mod broker;
mod certificates;
mod child;
mod cli;
mod demo;
mod error;
mod events;
mod first_start;
mod layout;
mod lifeline;
mod nats;
mod ready;
mod supervise;
mod trust;
mod up;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
