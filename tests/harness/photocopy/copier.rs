//! The photocopier: one pass bends, blurs, disturbs and hardens a picture; a copy of a copy is a second pass.

use super::picture::Picture;
use super::random::{Bell, Random};

/// The blur of one pass (standard deviation of a Gaussian) in pixels at [`BLUR_DPI`]: 0.11 mm on paper.
const BLUR_PIXELS: f32 = 1.3;
/// The resolution that [`BLUR_PIXELS`] is meant for; at another one the blur is as wide on paper.
const BLUR_DPI: f32 = 300.0;
/// The noise of one pass, in grey levels (standard deviation), before the contrast is raised.
const NOISE: f32 = 22.0;
/// Greys move away from the middle by this factor.
const CONTRAST: f32 = 2.2;
const MIDDLE: f32 = 127.5;
/// The most that a sheet lies askew in one pass, in degrees.
const ASKEW: f32 = 1.5;
/// The least scale of one pass; the most is 1.
const SMALLEST: f32 = 0.96;

/// A photocopier of one resolution.
pub struct Copier {
    kernel: Vec<f32>,
    bell: Bell,
}

impl Copier {
    /// A copier that works at this resolution.
    #[must_use]
    pub fn new(dots_per_inch: u16) -> Self {
        let sigma = BLUR_PIXELS * f32::from(dots_per_inch) / BLUR_DPI;
        let reach = (sigma * 4.0).ceil() as i32;
        let bell = |at: i32| (-(at * at) as f32 / (2.0 * sigma * sigma)).exp();
        let sum: f32 = (-reach..=reach).map(bell).sum();
        Self { kernel: (-reach..=reach).map(|at| bell(at) / sum).collect(), bell: Bell::new() }
    }

    /// One pass, in the order of the machine: the sheet lies askew, the optics blur, the sensor adds noise, and toner is
    /// nearly black or nearly white.
    #[must_use]
    pub fn copy(&self, original: &Picture, random: &mut Random) -> Picture {
        let (degrees, scale) = (random.between(-ASKEW, ASKEW), random.between(SMALLEST, 1.0));
        let mut values = bent(original, degrees, scale);
        blur(&mut values, original.width, &self.kernel);
        self.bell.disturb(&mut values, NOISE, random);
        // A cast to u8 stays within 0 and 255.
        let harden = |value: &f32| ((value - MIDDLE) * CONTRAST + MIDDLE + 0.5) as u8;
        Picture { pixels: values.iter().map(harden).collect(), ..*original }
    }
}

/// A sheet that was never copied, as a scanner sees it: askew by up to 3°, a fifth brighter or darker, and 95 to 105 %
/// of its size.
#[must_use]
pub fn crooked(original: &Picture, random: &mut Random) -> Picture {
    let (degrees, scale) = (random.between(-3.0, 3.0), random.between(0.95, 1.05));
    let light = random.between(0.8, 1.2);
    let pixels = bent(original, degrees, scale).iter().map(|value| (value * light + 0.5) as u8).collect();
    Picture { pixels, ..*original }
}

/// The picture turned and scaled about its centre, white around it, between pixels as their distances say.
fn bent(original: &Picture, degrees: f32, scale: f32) -> Vec<f32> {
    let (width, height) = (original.width, original.height);
    let (sine, cosine) = degrees.to_radians().sin_cos();
    // From the copy back to the original.
    let (step_x, step_y) = (cosine / scale, sine / scale);
    let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
    let mut values = vec![255.0; width * height];
    for (row, line) in values.chunks_exact_mut(width).enumerate() {
        let down = row as f32 + 0.5 - middle_y;
        let from_x = middle_x - middle_x * step_x - down * step_y;
        let from_y = middle_y - middle_x * step_y + down * step_x;
        for (column, value) in line.iter_mut().enumerate() {
            let across = column as f32 + 0.5;
            // Half a pixel back: from the edges of pixels to their centres.
            let (x, y) = (from_x + across * step_x - 0.5, from_y + across * step_y - 0.5);
            if x < 0.0 || y < 0.0 {
                continue;
            }
            let (column, row) = (x as usize, y as usize);
            if column + 1 >= width || row + 1 >= height {
                continue;
            }
            let (right, lower) = (x - column as f32, y - row as f32);
            let above = &original.pixels[row * width + column..][..2];
            let below = &original.pixels[(row + 1) * width + column..][..2];
            let mix = |pair: &[u8]| f32::from(pair[0]) * (1.0 - right) + f32::from(pair[1]) * right;
            *value = mix(above) * (1.0 - lower) + mix(below) * lower;
        }
    }
    values
}

/// Convolves rows, then columns. What lies outside is white.
fn blur(values: &mut [f32], width: usize, kernel: &[f32]) {
    let reach = kernel.len() / 2;
    let mut padded = vec![255.0; width + 2 * reach];
    for line in values.chunks_exact_mut(width) {
        padded[reach..reach + width].copy_from_slice(line);
        line.fill(0.0);
        for (at, weight) in kernel.iter().enumerate() {
            line.iter_mut().zip(&padded[at..]).for_each(|(value, from)| *value += weight * from);
        }
    }
    // The rows that the columns still need as they were; a ring, oldest first.
    let height = values.len() / width;
    let white = vec![255.0; width];
    let mut before = std::collections::VecDeque::from(vec![white.clone(); reach]);
    let mut sum = vec![0.0; width];
    for row in 0..height {
        sum.fill(0.0);
        for (weight, from) in kernel.iter().zip(&before) {
            sum.iter_mut().zip(from).for_each(|(value, from)| *value += weight * from);
        }
        for (ahead, weight) in kernel[reach..].iter().enumerate() {
            let from = values.get((row + ahead) * width..(row + ahead + 1) * width).unwrap_or(&white);
            sum.iter_mut().zip(from).for_each(|(value, from)| *value += weight * from);
        }
        let line = &mut values[row * width..(row + 1) * width];
        if let Some(mut oldest) = before.pop_front() {
            oldest.copy_from_slice(line);
            before.push_back(oldest);
        }
        line.copy_from_slice(&sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Picture {
        let (width, height) = (200, 300);
        let dark = |at: usize| (60..140).contains(&(at % width)) && (100..180).contains(&(at / width));
        let pixels = (0..width * height).map(|at| if dark(at) { 0 } else { 255 }).collect();
        Picture { width, height, pixels }
    }

    fn mean(values: impl ExactSizeIterator<Item = f32>) -> f32 {
        let count = values.len() as f32;
        values.sum::<f32>() / count
    }

    #[test]
    fn the_same_seed_gives_the_same_copy() {
        let copier = Copier::new(300);
        let copy = |seed| copier.copy(&square(), &mut Random::new(seed, &[]));
        assert!(copy(1) == copy(1));
        assert!(copy(1) != copy(2));
    }

    #[test]
    fn a_blur_keeps_the_ink_and_a_bend_keeps_what_it_should() {
        let picture = square();
        let ink = |values: &[f32]| values.iter().map(|value| 255.0 - value).sum::<f32>();
        let whole = bent(&picture, 0.0, 1.0);
        let mut blurred = whole.clone();
        blur(&mut blurred, picture.width, &Copier::new(300).kernel);
        assert!((ink(&blurred) / ink(&whole) - 1.0).abs() < 1e-3);
        // An edge of a step, one σ outside: 15.9 % of black.
        let at = |values: &[f32], x: usize| values[140 * picture.width + x];
        assert!(at(&blurred, 140) > at(&blurred, 139) && at(&blurred, 145) > 254.0);
        let small = bent(&picture, 1.5, 0.96);
        assert!((ink(&small) / ink(&whole) - 0.96 * 0.96).abs() < 1e-2, "{}", ink(&small) / ink(&whole));
    }

    #[test]
    fn noise_has_the_width_that_it_says() {
        let mut values = vec![0.0; 400_000];
        Bell::new().disturb(&mut values, NOISE, &mut Random::new(7, &[]));
        let centre = mean(values.iter().copied());
        let spread = mean(values.iter().map(|value| (value - centre).powi(2))).sqrt();
        assert!(centre.abs() < 0.3 && (spread - NOISE).abs() < 0.3, "{centre} ± {spread}");
    }
}
