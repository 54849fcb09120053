//! The index by post: places of records, in the order in which they were recorded.

use propusk_store::{Draft, Store};

use crate::keys;
use crate::values::{parse, write};

/// Shard and index of a record.
pub(crate) type Place = (u16, u64);

/// Places of one row.
const ROW_PLACES: usize = 64;

/// Puts the places of newly recorded hand-ins behind those of their post.
pub(crate) fn append(store: &Store, draft: &mut Draft, post: &str, places: &[Place]) -> anyhow::Result<()> {
    let newest = store.last(keys::of_post(post))?;
    let (mut row, mut filled) = match newest {
        Some((key, value)) => {
            let row = keys::tail(&key).map(u32::from_be_bytes).unwrap_or_default();
            (row, parse::<Vec<Place>>(&value)?)
        }
        None => (0, vec![]),
    };
    let mut places = places.iter().copied().peekable();
    while places.peek().is_some() {
        if filled.len() >= ROW_PLACES {
            (row, filled) = (row.saturating_add(1), vec![]);
        }
        filled.extend(places.by_ref().take(ROW_PLACES - filled.len()));
        write(draft, keys::of_post_row(post, row), &filled)?;
    }
    Ok(())
}

/// The rows of a post of which all places are known.
pub(crate) fn rows<'a>(
    post: &'a str,
    places: &'a [Place],
) -> impl Iterator<Item = (Vec<u8>, &'a [Place])> + 'a {
    (0..).zip(places.chunks(ROW_PLACES)).map(|(row, places)| (keys::of_post_row(post, row), places))
}

/// The places of a post, newest first.
pub(crate) fn newest_first(store: &Store, post: &str) -> impl Iterator<Item = anyhow::Result<Place>> + use<> {
    store.scan_back(keys::of_post(post)).flat_map(|row| {
        let places = row.map_err(anyhow::Error::from).and_then(|(_, value)| parse::<Vec<Place>>(&value));
        match places {
            Ok(places) => places.into_iter().rev().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        }
    })
}

/// Every post of which there is a record.
pub(crate) fn all(store: &Store) -> anyhow::Result<Vec<String>> {
    let mut posts = Vec::new();
    let mut next = keys::POSTS.to_vec();
    while let Some(row) = store.scan_from(keys::POSTS, &next).next() {
        let (key, _) = row?;
        let post = keys::parse_post(&key).unwrap_or_default().to_owned();
        // The byte after the zero that ends a post's name.
        next = [keys::POSTS, post.as_bytes(), &[1]].concat();
        posts.push(post);
    }
    Ok(posts)
}
