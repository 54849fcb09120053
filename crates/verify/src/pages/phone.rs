//! The comparison on the traveller's own phone: the crate `passport` as WebAssembly, where the build has it.

use std::sync::LazyLock;

use axum::Router;
use jiff::civil::Date;
use propusk_boot::Locales;
use propusk_boot::pages::{Asset, Frame, assets};
use propusk_passport_browser::FILES;

/// Asks the module and shows its answer.
static SCRIPT: Asset = Asset::new("phone.js", include_bytes!("../../assets/phone.js"));
/// The module's files, as `ops/wasm` has built them; none where it was not run before this program was built.
static MODULE: LazyLock<Vec<Asset>> =
    LazyLock::new(|| FILES.iter().map(|file| Asset::new(file.name, file.bytes)).collect());
/// The sentences that the script tells.
const WORDS: [&str; 5] = ["finding-", "severity-", "field-", "check-", "page-print"];

/// What a page names to its script.
pub(super) struct Phone {
    pub script: &'static str,
    pub module: &'static str,
    pub wasm: &'static str,
    /// Kyrgyzstan's day: the rules have no clock.
    pub today: Date,
    /// The sentences, as JSON.
    pub words: String,
}

impl Phone {
    /// None where the build has no module: then the server compares, and the page says so.
    pub(super) fn of(frame: &Frame, today: Date) -> Option<Self> {
        let of_kind = |end: &str| {
            let named = FILES.iter().position(|file| file.name.ends_with(end))?;
            Some(MODULE.get(named)?.path())
        };
        let words = || Locales::for_scripts(frame.language, &WORDS);
        Some(Self {
            script: SCRIPT.path(),
            module: of_kind(".js")?,
            wasm: of_kind(".wasm")?,
            today,
            words: words(),
        })
    }
}

/// The routes of the script and of the module.
pub(super) fn routes() -> Router {
    let module: Vec<&'static Asset> = MODULE.iter().collect();
    assets(&module).merge(assets(&[&SCRIPT]))
}
