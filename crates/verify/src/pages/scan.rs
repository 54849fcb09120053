//! The camera: reads the code of a sheet into a field. Browsers that read codes themselves load nothing more; for others
//! the reader of `codes-browser` is fetched once the camera or a photograph is asked for.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::routing::get;
use propusk_boot::pages::{Asset, Policy, assets};
use propusk_codes_browser::{File, MODULE, SCRIPTS};
use sha2::{Digest, Sha256};

/// Shows the camera's picture and writes what was read.
static SCRIPT: Asset = Asset::new("camera.js", include_bytes!("../../assets/camera.js"));
/// The reader's folder: its files find each other in it, and it is named anew when one of them changes.
static FOLDER: LazyLock<String> = LazyLock::new(|| {
    let digest = |all: Sha256, file: &File| all.chain_update(file.name).chain_update(file.bytes);
    let hash = files().fold(Sha256::new(), digest).finalize();
    let name: String = hash.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect();
    format!("/assets/codes-{name}")
});
/// Bytes of the hash in the folder's name.
const HASH_BYTES: usize = 8;
/// A browser may keep it for a year without asking again: another content lies in another folder.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The reader's files.
fn files() -> impl Iterator<Item = &'static File> {
    SCRIPTS.iter().chain(MODULE)
}

/// What a page with a camera names to its script.
pub(super) struct Scan {
    /// The field that takes the text of the code; its form is sent.
    pub field: &'static str,
    pub script: &'static str,
    /// The script that reads codes.
    pub codes: String,
    /// Whether browsers that can't read codes themselves may too.
    pub everywhere: bool,
}

impl Scan {
    pub(super) fn into_field(field: &'static str) -> Self {
        let codes = SCRIPTS.first().map(|file| format!("{}/{}", *FOLDER, file.name));
        let codes = codes.unwrap_or_default();
        Self { field, script: SCRIPT.path(), codes, everywhere: !MODULE.is_empty() }
    }
}

/// A page that may ask for the camera, and read its pictures beside the page.
pub(super) fn policy() -> Policy {
    Policy::strict().allow("worker-src", "'self'").with_camera()
}

/// The routes of the script and of the reader.
pub(super) fn routes() -> Router {
    files().fold(assets(&[&SCRIPT]), |router, file| {
        let answer =
            move || async move { ([(CONTENT_TYPE, file.kind()), (CACHE_CONTROL, FOR_EVER)], file.bytes) };
        router.route(&format!("{}/{}", *FOLDER, file.name), get(answer))
    })
}
