//! How many tests passed, read from what the test programs print, so that one line can sum them all up.

use std::fmt;
use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Count {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl Count {
    pub const PASSED: Count = Count { passed: 1, failed: 0, skipped: 0 };
    pub const FAILED: Count = Count { passed: 0, failed: 1, skipped: 0 };
    pub const SKIPPED: Count = Count { passed: 0, failed: 0, skipped: 1 };

    /// Reads the summaries in `log`. A program that ended badly without counting a failure counts as one: it did not
    /// compile, or it died.
    pub fn read(log: &str, ended_well: bool) -> Count {
        let mut sum = Count::default();
        for line in log.lines() {
            sum += libtest(line).or_else(|| node(line)).unwrap_or_default();
        }
        if !ended_well && sum.failed == 0 {
            sum += Count::FAILED;
        }
        sum
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
fn libtest(line: &str) -> Option<Count> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let of = |what: &str| {
        counts
            .split("; ")
            .find_map(|part| part.strip_suffix(what))
            .and_then(|n| n.trim().parse().ok())
            .unwrap_or(0)
    };
    Some(Count { passed: of("passed"), failed: of("failed"), skipped: of("ignored") })
}

/// One of `ℹ pass 4`, `ℹ fail 0`, `ℹ cancelled 0`, `ℹ skipped 1`, `ℹ todo 0`: the end of node's `spec` report.
fn node(line: &str) -> Option<Count> {
    let (what, n) = line.strip_prefix("ℹ ")?.split_once(' ')?;
    let n = n.parse().ok()?;
    match what {
        "pass" => Some(Count { passed: n, ..Count::default() }),
        "fail" | "cancelled" => Some(Count { failed: n, ..Count::default() }),
        "skipped" | "todo" => Some(Count { skipped: n, ..Count::default() }),
        _ => None,
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libtest_summaries_add_up() {
        let log = "running 3 tests\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s\n";
        assert_eq!(Count::read(log, false), Count { passed: 15, failed: 2, skipped: 1 });
    }

    #[test]
    fn node_summaries_add_up_and_a_cancelled_test_is_a_failure() {
        let log = "✔ opens (3ms)\nℹ tests 8\nℹ suites 0\nℹ pass 4\nℹ fail 1\nℹ cancelled 1\nℹ skipped 2\nℹ todo 0\nℹ duration_ms 12.5\n";
        assert_eq!(Count::read(log, false), Count { passed: 4, failed: 2, skipped: 2 });
    }

    #[test]
    fn a_bad_end_is_a_failure_even_when_nothing_was_counted() {
        assert_eq!(Count::read("error: could not compile", false), Count::FAILED);
        assert_eq!(Count::read("", true), Count::default());
        let fine = "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured\n";
        assert_eq!(Count::read(fine, false), Count { passed: 1, failed: 1, skipped: 0 });
    }

    #[test]
    fn the_sum_is_one_plain_line() {
        assert_eq!(Count { passed: 7, failed: 0, skipped: 1 }.to_string(), "7 passed, 0 failed, 1 skipped");
    }
}
