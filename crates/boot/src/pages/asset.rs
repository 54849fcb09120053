//! Files of the pages that are compiled into the program: their name holds their content's hash, so that browsers may
//! keep them for ever and never have an old one.

use std::sync::OnceLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

/// A browser may keep it for a year without asking again: another content has another name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Bytes of the hash in the name.
const HASH_BYTES: usize = 8;

/// A file of the pages; make it a `static`.
#[derive(Debug)]
pub struct Asset {
    name: &'static str,
    bytes: &'static [u8],
    path: OnceLock<String>,
}

impl Asset {
    /// A file whose `name` ends with its kind: `.css`, `.js`, `.svg`, `.png`, `.wasm`, `.json` or `.webmanifest`.
    pub const fn new(name: &'static str, bytes: &'static [u8]) -> Self {
        Self { name, bytes, path: OnceLock::new() }
    }

    /// Where it is served: `/assets/page-0123456789abcdef.css`.
    pub fn path(&self) -> &str {
        self.path.get_or_init(|| {
            let digest = Sha256::digest(self.bytes);
            let hash: String = digest.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect();
            let (stem, kind) = self.name.rsplit_once('.').unwrap_or((self.name, "bin"));
            format!("/assets/{stem}-{hash}.{kind}")
        })
    }

    fn content_type(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("wasm") => "application/wasm",
            Some("json") => "application/json",
            Some("webmanifest") => "application/manifest+json",
            _ => "application/octet-stream",
        }
    }

    fn answer(&'static self) -> Response {
        ([(CONTENT_TYPE, self.content_type()), (CACHE_CONTROL, FOR_EVER)], self.bytes).into_response()
    }
}

/// The routes of a room's own assets. No two may have the same name and content.
pub fn assets(files: &[&'static Asset]) -> Router {
    files.iter().copied().fold(Router::new(), |router, file| {
        router.route(file.path(), get(move || async move { file.answer() }))
    })
}
