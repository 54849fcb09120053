//! Texts that all copies of a sheet have in common, stored once.
//!
//! Text in a form XObject can't be relied on to extract, but a page may have several content streams (ISO 32000-1,
//! 7.8.2), and two pages may have one in common. printpdf knows one stream a page, so each set of common texts becomes a
//! page of its own at first; then its stream is added to the pages that need it, and that page is taken out again.

use lopdf::{Document, Object, ObjectId};
use printpdf::Op;

use super::document::fault;
use super::error::PaperError;

/// The different sets of common texts, and which ones each page has.
#[derive(Default)]
pub(super) struct SharedTexts {
    sets: Vec<Vec<Op>>,
    of_page: Vec<Vec<usize>>,
}

impl SharedTexts {
    /// Notes what the next page has in common with others, in the order in which it is drawn.
    pub(super) fn use_on_next_page(&mut self, sets: Vec<Vec<Op>>) {
        let known = sets.into_iter().map(|set| self.number(set)).collect();
        self.of_page.push(known);
    }

    fn number(&mut self, set: Vec<Op>) -> usize {
        let known = self.sets.iter().position(|known| *known == set);
        known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        })
    }

    /// The content of a page for each set, to be put behind the real pages.
    pub(super) fn take_pages(&mut self) -> impl Iterator<Item = Vec<Op>> {
        std::mem::take(&mut self.sets).into_iter()
    }

    /// Gives the first `count` pages their common texts and removes the pages that carried them.
    pub(super) fn attach(&self, file: &mut Document, count: usize) -> Result<(), PaperError> {
        let catalog = file.catalog().map_err(fault)?;
        let tree = catalog.get(b"Pages").and_then(Object::as_reference).map_err(fault)?;
        let pages = file.get_dictionary_mut(tree).map_err(fault)?;
        let mut kids = pages.get(b"Kids").and_then(Object::as_array).map_err(fault)?.clone();
        let carriers = kids.split_off(count.min(kids.len()));
        pages.set("Count", i64::try_from(kids.len()).map_err(fault)?);
        pages.set("Kids", kids.clone());
        let streams: Vec<_> = carriers.iter().map(|page| take_out(file, page)).collect::<Result<_, _>>()?;
        for (page, sets) in kids.iter().zip(&self.of_page) {
            let page = file.get_dictionary_mut(page.as_reference().map_err(fault)?).map_err(fault)?;
            let mut contents = vec![page.get(b"Contents").map_err(fault)?.clone()];
            for set in sets {
                let common = streams.get(*set).ok_or_else(|| fault("a page's texts were lost"))?;
                contents.push(Object::Reference(*common));
            }
            page.set("Contents", contents);
        }
        Ok(())
    }
}

/// Removes a page and its resources, and returns its content stream.
fn take_out(file: &mut Document, page: &Object) -> Result<ObjectId, PaperError> {
    let id = page.as_reference().map_err(fault)?;
    let dictionary = file.get_dictionary(id).map_err(fault)?;
    let reference = |key: &[u8]| dictionary.get(key).and_then(Object::as_reference).map_err(fault);
    let (resources, contents) = (reference(b"Resources")?, reference(b"Contents")?);
    file.objects.remove(&resources);
    file.objects.remove(&id);
    Ok(contents)
}
