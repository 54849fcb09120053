//! What a permit costs, by the tariff of the region file; a price that nobody gave is not made up.

use propusk_region::{NoPrice, Region};
use serde::{Deserialize, Serialize};

/// A price with where it comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Quote {
    pub amount: u32,
    pub currency: String,
    /// True where the source says "about".
    pub approximate: bool,
    pub source: String,
    pub as_of: String,
}

/// The price for this many zones.
pub(crate) fn quote(region: &Region, zones: usize) -> Result<Quote, NoPrice> {
    let price = region.price(zones)?;
    Ok(Quote {
        amount: price.amount,
        currency: price.currency.clone(),
        approximate: price.approximate,
        source: region.source_title(&price.source).to_owned(),
        as_of: price.as_of.to_string(),
    })
}
