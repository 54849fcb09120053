//! The shipped region file against DOMAIN.md, and every rule against a file that breaks it.
// The configuration allows these in test functions only; here every function serves a test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod damage;
mod facts;
mod guide;
mod lookup;
mod map;
mod rules;
mod stay;
mod trips;

use propusk_region::Region;

fn shipped() -> Region {
    Region::default_region().unwrap()
}
