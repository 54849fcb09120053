//! A permit's life on one line of time, for a template to draw.

/// Width of the drawing, and of the margin at both ends, where half of a sign needs its place.
pub(super) const WIDTH: u32 = 640;
const MARGIN: i64 = 20;

/// Times on a line, Unix milliseconds.
pub(super) struct Line {
    first_ms: i64,
    last_ms: i64,
}

impl Line {
    /// A line on which all of these lie; `None` for none.
    pub(super) fn over(times: impl Iterator<Item = i64> + Clone) -> Option<Self> {
        Some(Self { first_ms: times.clone().min()?, last_ms: times.max()? })
    }

    pub(super) fn first_ms(&self) -> i64 {
        self.first_ms
    }

    pub(super) fn last_ms(&self) -> i64 {
        self.last_ms
    }

    /// Where a time lies; what is outside lies at an end.
    pub(super) fn x(&self, at_ms: i64) -> i64 {
        let (span, at) =
            (self.last_ms - self.first_ms, at_ms.clamp(self.first_ms, self.last_ms) - self.first_ms);
        let room = i64::from(WIDTH) - 2 * MARGIN;
        if span == 0 {
            return i64::from(WIDTH) / 2;
        }
        let x = i128::from(at) * i128::from(room) / i128::from(span);
        MARGIN + i64::try_from(x).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_lie_in_their_order_and_inside() {
        let line = Line::over([30, 10, 20].into_iter()).unwrap();
        assert_eq!((line.x(10), line.x(20), line.x(30)), (20, 320, 620));
        assert_eq!((line.x(0), line.x(99)), (20, 620));
        assert_eq!(Line::over([7].into_iter()).unwrap().x(7), 320);
        assert!(Line::over(std::iter::empty()).is_none());
    }
}
