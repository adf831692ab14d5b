//! Numbers that come out with the same bits on every platform.

pub mod rng;

/// The logistic function 1 / (1 + e^-x).
pub fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-x))
}

/// ln(1 + e^x) without overflow: the logistic loss of a negative example at logit `x`, in nats.
pub fn softplus(x: f32) -> f32 {
    if x > 20.0 { x } else { libm::log1pf(libm::expf(x)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logistic_and_softplus_agree() {
        for x in [-30.0f32, -2.0, 0.0, 0.5, 3.0, 25.0] {
            // -ln(1 - logistic(x)) = softplus(x)
            let p = f64::from(logistic(x));
            if p < 0.999 {
                assert!((f64::from(softplus(x)) + (1.0 - p).ln()).abs() < 1e-5, "at {x}");
            }
        }
        assert_eq!(logistic(0.0), 0.5);
        assert_eq!(softplus(40.0), 40.0);
    }
}
