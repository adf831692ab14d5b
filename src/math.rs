//! Numbers that come out with the same bits on every platform.

pub mod calendar;
pub mod chance;
pub mod distance;
pub mod rng;

/// e^x for x up to 88; below -87 it stays at e^-87. Plain arithmetic alone, so a loop of
/// it takes four numbers at once. Cody and Waite's reduction with the polynomial of Cephes (Moshier 1989).
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding it leaves the nearest whole number in the low bits.
    const WHOLE: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + WHOLE;
    let n = shifted - WHOLE;
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    let value = p * r * r + r + 1.0;
    f32::from_bits(value.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// The greatest common divisor; 0 of two zeros.
pub fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The logistic function 1 / (1 + e^-x).
#[inline(always)]
pub fn logistic(x: f32) -> f32 {
    let e = exp(-x.abs());
    let below = e / (1.0 + e);
    if x < 0.0 { below } else { 1.0 - below }
}

/// The logistic loss ln(1 + e^-x) of an example whose answer speaks for `x`, in nats.
#[inline(always)]
pub fn logistic_loss(x: f32) -> f32 {
    let e = exp(-x.abs());
    // ln(1 + e) = 2 artanh(e / (2 + e))
    let t = e / (2.0 + e);
    let t2 = t * t;
    let series = 1.0 / 11.0;
    let series = series * t2 + 1.0 / 9.0;
    let series = series * t2 + 1.0 / 7.0;
    let series = series * t2 + 1.0 / 5.0;
    let series = series * t2 + 1.0 / 3.0;
    let ln1p = 2.0 * t * (series * t2 + 1.0);
    if x < 0.0 { ln1p - x } else { ln1p }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logistic_and_its_loss_are_exact_enough() {
        for i in -4000..4000 {
            let x = i as f32 / 50.0;
            let truth = 1.0 / (1.0 + f64::from(-x).exp());
            assert!((f64::from(logistic(x)) - truth).abs() < 2e-7, "at {x}");
            let loss = f64::from(-x).exp().ln_1p();
            assert!((f64::from(logistic_loss(x)) - loss).abs() < 1e-6 * (1.0 + loss), "at {x}");
        }
        assert_eq!(logistic(0.0), 0.5);
    }
}
