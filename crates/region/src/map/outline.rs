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
    let mut rings: Vec<Vec<Point>> = Vec::new();
    for line in DATA.lines() {
        if line == "ring" {
            rings.push(Vec::new());
        } else if let (Some(point), Some(ring)) = (point(line.split(' ')), rings.last_mut()) {
            ring.push(point);
        }
    }
    rings
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
        assert!(points.iter().all(|(lon, lat)| (69.0..80.5).contains(lon) && (39.0..43.5).contains(lat)));
        assert_eq!(towns().count(), 7);
        assert!(DATA.contains("public domain") && DATA.contains("CC BY 4.0"));
    }
}
