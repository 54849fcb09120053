//! Texts that all copies of a sheet have in common, stored once.
//!
//! Text in a form XObject can't be relied on to extract, but a page may have several content streams (ISO 32000-1,
//! 7.8.2), and two pages may have one in common. printpdf knows one stream a page, so each set of common texts becomes a
//! page of its own at first; then its stream is added to the pages that need it, and that page is taken out again.

use lopdf::{Document, Object, ObjectId};
use printpdf::{Mm, Op, PdfDocument, PdfPage};

use super::canvas::{PAGE_HEIGHT_MM, PAGE_WIDTH_MM, Run};
use super::document::{fault, texts};
use super::error::PaperError;

/// The different sets of common texts, and which one each page has.
#[derive(Default)]
pub(super) struct SharedTexts {
    sets: Vec<Vec<Op>>,
    of_page: Vec<usize>,
}

impl SharedTexts {
    /// Notes the common texts of the next page.
    pub(super) fn use_on_next_page(&mut self, runs: &[&Run]) {
        let mut ops = Vec::new();
        texts(&mut ops, runs);
        let known = self.sets.iter().position(|set| *set == ops);
        self.of_page.push(known.unwrap_or(self.sets.len()));
        if known.is_none() {
            self.sets.push(ops);
        }
    }

    /// Adds a page for each set behind the real ones.
    pub(super) fn append_pages(&mut self, document: &mut PdfDocument) {
        let page = |ops| PdfPage::new(Mm(PAGE_WIDTH_MM), Mm(PAGE_HEIGHT_MM), ops);
        document.pages.extend(self.sets.drain(..).map(page));
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
        for (page, set) in kids.iter().zip(&self.of_page) {
            let page = file.get_dictionary_mut(page.as_reference().map_err(fault)?).map_err(fault)?;
            let own = page.get(b"Contents").map_err(fault)?.clone();
            let common = streams.get(*set).ok_or_else(|| fault("a page's texts were lost"))?;
            page.set("Contents", vec![own, Object::Reference(*common)]);
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
