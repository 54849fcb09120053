//! Random numbers that are the same for the same seed, everywhere.

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    /// The stream of a seed and of what it is for: different purposes never share their numbers.
    #[must_use]
    pub fn new(seed: u64, purpose: &[u64]) -> Self {
        let mut random = Self(seed);
        for &part in purpose {
            random.0 = random.bits() ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        random
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `from` up to `to`.
    pub fn between(&mut self, from: f32, to: f32) -> f32 {
        // 24 bits are exact in an f32.
        let part = (self.bits() >> 40) as f32 / (1 << 24) as f32;
        from + (to - from) * part
    }

    /// A whole number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.bits() % limit as u64) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
}

/// Samples of the normal distribution (mean 0, σ 1), drawn by looking them up.
pub(super) struct Bell(Vec<f32>);

impl Bell {
    const BITS: u32 = 16;

    /// 65,536 samples by the method of Box and Muller.
    pub(super) fn new() -> Self {
        let mut random = Random::new(0, &[]);
        let mut samples = Vec::with_capacity(1 << Self::BITS);
        while samples.len() < 1 << Self::BITS {
            let radius = (-2.0 * (1.0 - random.between(0.0, 1.0)).ln()).sqrt();
            let (sine, cosine) = random.between(0.0, std::f32::consts::TAU).sin_cos();
            samples.extend([radius * sine, radius * cosine]);
        }
        Self(samples)
    }

    /// Adds noise of this σ to every value.
    pub(super) fn disturb(&self, values: &mut [f32], sigma: f32, random: &mut Random) {
        for four in values.chunks_mut(4) {
            let mut bits = random.bits();
            for value in four {
                *value += sigma * self.0[(bits & 0xffff) as usize];
                bits >>= Self::BITS;
            }
        }
    }
}
