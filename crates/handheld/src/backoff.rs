//! How long to wait before trying again. Pure: randomness is a parameter.

/// The pause after so many failed attempts (from 1), in milliseconds: twice as long each time up to `max_ms`, and shorter
/// by up to a half, as `random` says, lest all devices of a valley speak at once.
#[must_use]
pub fn pause_ms(attempt: u32, first_ms: u64, max_ms: u64, random: u32) -> u64 {
    let doubled = 1_u64.checked_shl(attempt.saturating_sub(1)).unwrap_or(u64::MAX);
    jittered(first_ms.saturating_mul(doubled).min(max_ms), random)
}

/// A pause, shorter by up to a half.
#[must_use]
pub fn jittered(whole_ms: u64, random: u32) -> u64 {
    whole_ms - u64::from(random) % (whole_ms / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses: Vec<u64> = (1..8).map(|attempt| pause_ms(attempt, 5, 100, 0)).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 80, 100, 100]);
        assert_eq!(pause_ms(u32::MAX, 5, 100, 0), 100);
        assert_eq!(pause_ms(0, 5, 100, 0), 5, "before the first failure as after it");
    }

    #[test]
    fn jitter_shortens_by_up_to_a_half_and_spreads_evenly() {
        assert_eq!((pause_ms(3, 1000, 60_000, 0), pause_ms(3, 1000, 60_000, 2000)), (4000, 2000));
        let mut fifths = [0; 5];
        for draw in 0..10_000_u32 {
            let pause = pause_ms(9, 1000, 60_000, draw.wrapping_mul(2_654_435_761));
            assert!((30_000..=60_000).contains(&pause), "{pause}");
            fifths[((pause - 30_000) / 6_001) as usize] += 1;
        }
        assert!(fifths.iter().all(|count| (1900..2100).contains(count)), "{fifths:?}");
    }

    #[test]
    fn no_numbers_overflow() {
        for random in [0, 1, u32::MAX] {
            let pause = pause_ms(64, u64::MAX, u64::MAX, random);
            assert!(pause >= u64::MAX / 2);
            assert_eq!(pause_ms(7, 0, u64::MAX, random), 0);
        }
    }
}
