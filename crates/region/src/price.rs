//! The agency's price for a number of zones.

use crate::date::AsOf;
use crate::region::Region;

/// A price with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The amount in whole units of the currency.
    pub amount: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// The source says "about".
    pub approximate: bool,
    /// Where the price comes from.
    pub source: String,
    /// How old it is.
    pub as_of: AsOf,
}

/// The tariff table has no price for this number of zones; the agency has to say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no price for {zones} zones; add a [[tariff]] with its source to the region file")]
pub struct NoPrice {
    /// The number of zones.
    pub zones: usize,
}

impl NoPrice {
    /// The code, the id of its message in `region.ftl`.
    pub const CODE: &'static str = "no-price-for-zones";
}

impl Region {
    /// The price for `zones` zones, exactly as a tariff of the region file gives it.
    ///
    /// Nothing is ever interpolated: the guide has prices for one zone, two, and all (4 to 5), and none for three.
    pub fn price(&self, zones: usize) -> Result<Price, NoPrice> {
        let fits = |tariff: &&crate::Tariff| (tariff.zones_min..=tariff.zones_max).contains(&zones);
        let tariff = self.tariffs().iter().find(fits).ok_or(NoPrice { zones })?;
        Ok(Price {
            amount: tariff.amount,
            currency: tariff.currency.clone(),
            approximate: tariff.approximate,
            source: tariff.source.clone(),
            as_of: tariff.as_of,
        })
    }
}
