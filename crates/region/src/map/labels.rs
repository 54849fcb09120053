//! Labels that do not cover one another.

/// A box of the drawing: left, top, right, bottom.
type Area = (f64, f64, f64, f64);

/// What is taken already.
pub(super) struct Labels {
    taken: Vec<Area>,
    width: f64,
}

/// About how wide a text is. No font is at hand; the mean letter of a sans-serif face is near 0.63 of its size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.63
}

impl Labels {
    pub(super) fn new(width: f64) -> Self {
        Self { taken: Vec::new(), width }
    }

    /// No label may cover a sign of this radius.
    pub(super) fn keep_clear(&mut self, x: f64, y: f64, radius: f64) {
        self.taken.push((x - radius, y - radius, x + radius, y + radius));
    }

    /// Where the text begins and its base line stands: the first of the usual places around a point that is free.
    pub(super) fn place(
        &mut self,
        (x, y): (f64, f64),
        text: &str,
        size: f64,
        centred: bool,
    ) -> Option<(f64, f64)> {
        let long = width(text, size);
        let gap = 10.0;
        let half = size * 0.35;
        let mut places = vec![
            (x - long / 2.0, y + size),
            (x - long / 2.0, y + 2.2 * size),
            (x - long / 2.0, y - 5.2 * size),
        ];
        if !centred {
            places = vec![
                (x + gap, y + half),
                (x - gap - long, y + half),
                (x - long / 2.0, y - gap),
                (x - long / 2.0, y + gap + size),
                (x + gap, y - gap),
                (x + gap, y + gap + size),
                (x - gap - long, y - gap),
                (x - gap - long, y + gap + size),
                (x - long / 2.0, y - 2.6 * gap),
                (x - long / 2.0, y + 2.6 * gap + size),
            ];
        }
        let free = places.into_iter().find(|(left, base)| {
            let area = (*left, base - size, left + long, base + size * 0.25);
            area.0 > 4.0 && area.2 < self.width - 4.0 && self.taken.iter().all(|other| !meet(&area, other))
        })?;
        self.taken.push((free.0, free.1 - size, free.0 + long, free.1 + size * 0.25));
        Some(free)
    }
}

fn meet(a: &Area, b: &Area) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_around_one_another_and_stay_inside() {
        let mut labels = Labels::new(1000.0);
        let first = labels.place((500.0, 300.0), "Torugart", 12.0, false).unwrap();
        let second = labels.place((500.0, 300.0), "Torugart", 12.0, false).unwrap();
        assert!(first.0 > 500.0 && second.0 < 500.0);
        let edge = labels.place((990.0, 300.0), "Engilchek", 12.0, false).unwrap();
        assert!(edge.0 + width("Engilchek", 12.0) < 996.0);
    }
}
