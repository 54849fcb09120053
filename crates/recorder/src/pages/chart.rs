//! Bars of a small chart, for a template to draw.

/// Width and height of the drawing.
pub(super) const WIDTH: u32 = 240;
pub(super) const HEIGHT: u32 = 56;

/// One bar.
pub(super) struct Bar {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Hand-ins by hour.
pub(super) struct Chart {
    pub bars: Vec<Bar>,
    pub sum: usize,
    pub most: u32,
}

impl Chart {
    /// Draws counts on a scale that ends at `top`. Where there is anything, there is something to be seen.
    pub(super) fn of(counts: &[u32], top: u32) -> Self {
        let step = WIDTH / u32::try_from(counts.len().max(1)).unwrap_or(WIDTH);
        let bar = |(place, count): (u32, &u32)| {
            let share = u64::from(*count) * u64::from(HEIGHT) / u64::from(top.max(1));
            let height = u32::try_from(share).unwrap_or(HEIGHT).clamp(2, HEIGHT);
            (*count > 0).then(|| Bar {
                x: place * step + 1,
                y: HEIGHT - height,
                width: step.saturating_sub(2).max(1),
                height,
            })
        };
        Self {
            bars: (0..).zip(counts).filter_map(bar).collect(),
            sum: counts.iter().map(|count| *count as usize).sum(),
            most: counts.iter().copied().max().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_inside_and_one_hand_in_is_seen() {
        let mut counts = vec![0; 24];
        counts[0] = 1;
        counts[23] = 4000;
        let chart = Chart::of(&counts, 4000);
        assert_eq!((chart.bars.len(), chart.sum, chart.most), (2, 4001, 4000));
        assert!(chart.bars[0].height == 2 && chart.bars[1].height == HEIGHT && chart.bars[1].y == 0);
        assert!(chart.bars.iter().all(|bar| bar.x + bar.width <= WIDTH));
        assert!(Chart::of(&[], 0).bars.is_empty());
    }
}
