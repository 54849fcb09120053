//! The page that makes a phone a handheld, and the phone's way here: a parcel out, a return back, as a driver would carry
//! them. Who made a parcel stands in its signature; no session and no token is asked for.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use propusk_boot::http::Problem;
use propusk_boot::locales::{Language, Locales};
use propusk_boot::pages::{Frame, ICON, Page, Policy, SCRIPT, STYLE};
use propusk_codes_browser::{MODULE as CODES, SCRIPTS};
use propusk_handheld_browser::FILES as MODULE;
use propusk_proto::bundle::MAX_PARCEL_BYTES;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::api;
use crate::service::Recorder;

/// Parcels that one address may bring in an hour: several phones of a post may share it, and each sends after every hand-in.
pub(crate) const PARCELS_PER_HOUR: NonZeroU32 = NonZeroU32::new(7200).unwrap();
/// Where the page lies; its service worker is for what lies below.
const HERE: &str = "/phone/";
/// The sentences that its scripts tell.
const WORDS: [&str; 20] = [
    "age-",
    "barrier-",
    "bundle-imported",
    "correction-",
    "duty-",
    "finding-",
    "layout-",
    "lesson-",
    "lock-",
    "override-done",
    "paper-done",
    "phone-",
    "pin-",
    "reason-",
    "rows-",
    "scan",
    "soldier-",
    "status-soldier",
    "undo-",
    "verdict-",
];
/// A browser asks each time whether there is something newer; without a signal the service worker answers.
const FRESH: &str = "no-cache";
const SCRIPT_TYPE: &str = "text/javascript; charset=utf-8";

/// Files that lie in `assets/phone/`: name, type, content.
const FILES: [(&str, &str, &[u8]); 17] = [
    ("app.js", SCRIPT_TYPE, include_bytes!("../assets/phone/app.js")),
    ("barrier.js", SCRIPT_TYPE, include_bytes!("../assets/phone/barrier.js")),
    ("camera.js", SCRIPT_TYPE, include_bytes!("../assets/phone/camera.js")),
    ("carry.js", SCRIPT_TYPE, include_bytes!("../assets/phone/carry.js")),
    ("lock.js", SCRIPT_TYPE, include_bytes!("../assets/phone/lock.js")),
    ("mending.js", SCRIPT_TYPE, include_bytes!("../assets/phone/mending.js")),
    ("screen.js", SCRIPT_TYPE, include_bytes!("../assets/phone/screen.js")),
    ("send.js", SCRIPT_TYPE, include_bytes!("../assets/phone/send.js")),
    ("soldiers.js", SCRIPT_TYPE, include_bytes!("../assets/phone/soldiers.js")),
    ("store.js", SCRIPT_TYPE, include_bytes!("../assets/phone/store.js")),
    ("training.js", SCRIPT_TYPE, include_bytes!("../assets/phone/training.js")),
    ("verdict.js", SCRIPT_TYPE, include_bytes!("../assets/phone/verdict.js")),
    ("words.js", SCRIPT_TYPE, include_bytes!("../assets/phone/words.js")),
    ("phone.css", "text/css; charset=utf-8", include_bytes!("../assets/phone/phone.css")),
    ("icon-192.png", "image/png", include_bytes!("../assets/phone/icon-192.png")),
    ("icon-512.png", "image/png", include_bytes!("../assets/phone/icon-512.png")),
    (
        "manifest.webmanifest",
        "application/manifest+json",
        include_bytes!("../assets/phone/manifest.webmanifest"),
    ),
];

#[derive(Template)]
#[template(path = "phone.html")]
struct PhonePage {
    frame: Frame,
    built: bool,
    words: String,
}

impl PhonePage {
    fn of(language: Language) -> Self {
        let frame = Frame { language, here: HERE.to_owned() };
        Self { frame, built: !MODULE.is_empty(), words: Locales::for_scripts(language, &WORDS) }
    }
}

/// The service worker, with the version and the list of what it keeps in front.
static WORKER: LazyLock<String> = LazyLock::new(|| {
    let own = files().map(|(name, ..)| format!("{HERE}{name}"));
    let kept: Vec<String> =
        own.chain([STYLE.path(), SCRIPT.path(), ICON.path()].map(str::to_owned)).collect();
    let shell =
        json!({ "version": version(), "files": kept, "languages": Language::ALL.map(Language::code) });
    format!("const SHELL = {shell};\n{}", include_str!("../assets/phone/sw.js"))
});

/// The page's own files, those of the reader of codes, and the module's.
fn files() -> impl Iterator<Item = (&'static str, &'static str, &'static [u8])> {
    let module = MODULE.iter().map(|file| {
        let kind = if file.name.ends_with(".wasm") { "application/wasm" } else { SCRIPT_TYPE };
        (file.name, kind, file.bytes)
    });
    let codes = SCRIPTS.iter().chain(CODES).map(|file| (file.name, file.kind(), file.bytes));
    FILES.into_iter().chain(codes).chain(module)
}

/// Changes when anything does that a phone keeps.
fn version() -> String {
    let mut digest = Sha256::new();
    for (name, _, bytes) in files() {
        digest.update(name);
        digest.update(bytes);
    }
    for language in Language::ALL {
        digest.update(PhonePage::of(language).render().unwrap_or_default());
    }
    let mut version = String::new();
    for byte in digest.finalize().iter().take(8) {
        // Writing to a String does not fail.
        let _ = write!(version, "{byte:02x}");
    }
    version
}

/// The routes of the page, and of the parcels.
pub(crate) fn router(recorder: Arc<Recorder>) -> Router {
    let parcels = post(take_parcel).layer(DefaultBodyLimit::max(MAX_PARCEL_BYTES));
    let router = Router::new()
        .route("/phone", get(|| async { Redirect::permanent(HERE) }))
        .route(HERE, get(page))
        .route("/phone/sw.js", get(|| async { file(SCRIPT_TYPE, WORKER.as_bytes()) }))
        .route("/phone/parcels", parcels.with_state(recorder));
    files().fold(router, |router, (name, kind, bytes)| {
        router.route(&format!("{HERE}{name}"), get(move || async move { file(kind, bytes) }))
    })
}

async fn page(frame: Frame) -> Response {
    let policy = Policy::strict().allow("worker-src", "'self'").allow("manifest-src", "'self'").with_camera();
    (policy, Page(PhonePage::of(frame.language))).into_response()
}

fn file(kind: &'static str, bytes: &'static [u8]) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, FRESH)], bytes).into_response()
}

/// `POST /phone/parcels`: the frame of a parcel in, the frame of a return out.
async fn take_parcel(
    State(recorder): State<Arc<Recorder>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    parcel: Bytes,
) -> Result<Response, Problem> {
    if !recorder.parcels.may_try(address.ip()) {
        return Err(Problem::too_many(
            "too-many-parcels",
            "too many parcels came from this address; wait a while",
        ));
    }
    let (_, back) = api::take(&recorder, &parcel)?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], back).into_response())
}
