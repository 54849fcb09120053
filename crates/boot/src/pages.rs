//! The frame of every page: what a room needs to show something in a browser, and nothing of what it shows.
//!
//! A room adds a page with a template that extends `page.html` (its `askama.toml` names `../boot/templates`), a struct
//! with a field `frame: Frame` and whatever the template shows, and a handler that returns [`Page`]:
//!
//! ```
//! use askama::Template;
//! use propusk_boot::pages::{Frame, Page};
//!
//! #[derive(Template)]
//! #[template(source = "<html lang={{ frame.language }}>{{ frame.say(\"page-skip\") }}</html>", ext = "html")]
//! struct Hello {
//!     frame: Frame,
//! }
//!
//! async fn hello(frame: Frame) -> Page<Hello> {
//!     Page(Hello { frame })
//! }
//! ```
//!
//! [`framed`], which [`Service::serve`](crate::skeleton::Service::serve) puts around every room, does the rest: the
//! language (cookie, else the browser's, else the configuration's; `?lang=ru` changes it and stays on the page), the
//! headers with a strict [`Policy`], refusals as pages for browsers, compression. Pages work without scripts; what
//! `page.js` adds to them stands at its top. Words are Fluent sentences, never text in a template.

mod asset;
mod fields;
mod frame;
mod page;
mod policy;
mod refusal;
mod wish;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

pub use asset::{Asset, assets};
pub use fields::Fields;
pub use frame::Frame;
pub use page::Page;
pub use policy::Policy;
pub use wish::cookie;

use crate::locales::Language;

/// Answers shorter than this gain nothing from compression.
const WORTH_COMPRESSING: u64 = 1024;

/// The style sheet of all pages.
pub static STYLE: Asset = Asset::new("page.css", include_bytes!("../assets/page.css"));
/// The script of all pages; they work without it.
pub static SCRIPT: Asset = Asset::new("page.js", include_bytes!("../assets/page.js"));
/// The sign of the house in the browser's tab.
pub static ICON: Asset = Asset::new("icon.svg", include_bytes!("../assets/icon.svg"));

/// Puts the frame around a room's router: the frame's assets, the language, headers, refusals as pages, compression.
/// `language` holds where neither the reader nor the browser has a wish.
pub fn framed(router: Router, language: Language) -> Router {
    let compressed = SizeAbove::new(WORTH_COMPRESSING)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/vnd.openxmlformats"));
    // The fallback of the router that is merged into the other one stays, so it has to be the room's.
    assets(&[&STYLE, &SCRIPT, &ICON])
        .merge(router)
        .layer(from_fn(refusal::as_page))
        .layer(from_fn_with_state(language, wish::heard))
        .layer(map_response(policy::with_headers))
        .layer(CompressionLayer::new().compress_when(compressed))
}

#[cfg(test)]
mod tests;
