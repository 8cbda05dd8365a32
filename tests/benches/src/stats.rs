//! What is made of many numbers.

use std::time::Duration;

/// The value below which `share` of the values lie; zero for none.
pub fn percentile(values: &mut [Duration], share: f64) -> Duration {
    values.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index of a slice that is far from 2^52 long"
    )]
    let at = ((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1));
    values.get(at).copied().unwrap_or_default()
}

pub fn median(values: &mut [Duration]) -> Duration {
    percentile(values, 0.5)
}

/// The most of these ascending moments that lie in one span of `window`, its end left out.
pub fn peak(moments: &[Duration], window: Duration) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (last, moment) in moments.iter().enumerate() {
        while *moment - moments[first] >= window {
            first += 1;
        }
        most = most.max(last - first + 1);
    }
    most
}

/// The largest distance between a place in the order of asking, which is the number itself, and in
/// the order of starting, which is where it stands.
pub fn worst_jump(started: &[usize]) -> usize {
    started.iter().enumerate().map(|(place, number)| place.abs_diff(*number)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(values: &[u64]) -> Vec<Duration> {
        values.iter().copied().map(Duration::from_millis).collect()
    }

    #[test]
    fn percentiles_of_unsorted_values() {
        let mut values = millis(&[5, 1, 4, 2, 3]);
        assert_eq!(median(&mut values), Duration::from_millis(3));
        assert_eq!(percentile(&mut values, 0.99), Duration::from_millis(5));
        assert_eq!(percentile(&mut values, 1.0), Duration::from_millis(5));
        assert_eq!(median(&mut []), Duration::ZERO);
    }

    #[test]
    fn a_window_has_no_end() {
        let window = Duration::from_secs(1);
        assert_eq!(peak(&[], window), 0);
        assert_eq!(peak(&millis(&[0, 500, 999, 1000, 1400]), window), 4);
        assert_eq!(peak(&millis(&[0, 1000, 2000]), window), 1);
    }

    #[test]
    fn a_jump_is_counted_in_places() {
        assert_eq!(worst_jump(&[0, 1, 2]), 0);
        assert_eq!(worst_jump(&[1, 2, 3, 0]), 3);
        assert_eq!(worst_jump(&[]), 0);
    }
}
