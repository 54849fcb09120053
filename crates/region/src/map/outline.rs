//! The country's outline and a few towns, as the data file has them.

/// Made by `ops/map/outline.py`; its head names the sources and their licences.
const DATA: &str = include_str!("../../data/kyrgyzstan-outline.txt");

/// A point in degrees: longitude, latitude.
pub(super) type Point = (f64, f64);

/// A town, for orientation.
pub(super) struct Town {
    pub(super) at: Point,
    pub(super) latin: &'static str,
    pub(super) cyrillic: &'static str,
}

/// The rings: the first is the outline, the others are enclaves.
pub(super) fn rings() -> Vec<Vec<Point>> {
    blocks().filter(|(head, _)| *head == "ring").map(|(_, ring)| ring).collect()
}

/// The province that a zone is named after, as one ring; none for a zone that an operator has added.
pub(super) fn province(zone: &str) -> Option<Vec<Point>> {
    blocks().find(|(head, _)| head.strip_prefix("province ") == Some(zone)).map(|(_, ring)| ring)
}

/// Every line that is no point begins a block of points.
fn blocks() -> impl Iterator<Item = (&'static str, Vec<Point>)> {
    let mut lines = DATA.lines().filter(|line| !line.starts_with('#')).peekable();
    std::iter::from_fn(move || {
        let head = lines.next()?;
        let mut ring = Vec::new();
        while let Some(point) = lines.peek().and_then(|line| point(line.split(' '))) {
            ring.push(point);
            lines.next();
        }
        Some((head, ring))
    })
}

/// The towns.
pub(super) fn towns() -> impl Iterator<Item = Town> {
    DATA.lines().filter_map(|line| {
        let mut words = line.strip_prefix("town ")?.split(' ');
        let at = point(words.by_ref())?;
        Some(Town { at, latin: words.next()?, cyrillic: words.next()? })
    })
}

fn point<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Point> {
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_is_small_closed_and_where_it_should_be() {
        let rings = rings();
        let points: Vec<Point> = rings.iter().flatten().copied().collect();
        assert!(rings.len() == 4 && points.len() < 300, "{} {}", rings.len(), points.len());
        for zone in ["chuy", "issyk-kul", "naryn", "osh", "batken"] {
            assert!(province(zone).unwrap().len() > 30, "{zone}");
        }
        assert!(province("talas").is_none());
        assert!(points.iter().all(|(lon, lat)| (69.0..80.5).contains(lon) && (39.0..43.5).contains(lat)));
        assert_eq!(towns().count(), 7);
        assert!(DATA.contains("public domain") && DATA.contains("CC BY 4.0"));
    }
}
