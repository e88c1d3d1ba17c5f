//! Reads how many tests passed and failed from what the test runners print: cargo's libtest,
//! node's own runner (both of its reporters), vitest and Playwright.

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Sums every summary line in `output`.
pub(crate) fn read(output: &str) -> Counts {
    let mut sum = Counts::default();
    for line in output.lines() {
        let line = without_colours(line);
        let counts = libtest(&line)
            .or_else(|| node_test(&line))
            .or_else(|| vitest(&line))
            .or_else(|| playwright(&line));
        if let Some(counts) = counts {
            sum += counts;
        }
    }
    sum
}

/// `test result: FAILED. 3 passed; 1 failed; 0 ignored; …`
fn libtest(line: &str) -> Option<Counts> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = Counts::default();
    for part in numbers.split(';') {
        count_word(part, &mut counts);
    }
    Some(counts)
}

/// `# pass 3` or `ℹ pass 3`, and the same for `fail` and `cancelled`.
fn node_test(line: &str) -> Option<Counts> {
    let (word, number) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?.split_once(' ')?;
    let number = number.trim().parse().ok()?;
    match word {
        "pass" => Some(Counts { passed: number, failed: 0 }),
        "fail" | "cancelled" => Some(Counts { passed: 0, failed: number }),
        _ => None,
    }
}

/// `      Tests  1 failed | 2 passed | 1 skipped (4)`
fn vitest(line: &str) -> Option<Counts> {
    let numbers = line.trim_start().strip_prefix("Tests  ")?;
    let mut counts = Counts::default();
    for part in numbers.split('|') {
        count_word(part, &mut counts);
    }
    Some(counts)
}

/// A line each: `  1 failed`, `  2 interrupted`, `  3 did not run`, `  12 passed (34.5s)`.
fn playwright(line: &str) -> Option<Counts> {
    let (number, rest) = line.strip_prefix("  ")?.split_once(' ')?;
    let number = number.parse().ok()?;
    match rest {
        "failed" | "interrupted" | "did not run" => Some(Counts { passed: 0, failed: number }),
        _ if rest.strip_prefix("passed (")?.ends_with(')') => Some(Counts { passed: number, failed: 0 }),
        _ => None,
    }
}

/// `12 passed` or `1 failed`; other words count nothing.
fn count_word(part: &str, counts: &mut Counts) {
    let mut words = part.split_whitespace();
    let (Some(number), Some(word)) = (words.next(), words.next()) else { return };
    let Ok(number) = number.parse::<u64>() else { return };
    match word {
        "passed" => counts.passed += number,
        "failed" => counts.failed += number,
        _ => {}
    }
}

/// A line without its terminal colour sequences (`ESC [ … m`).
fn without_colours(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_summaries_of_all_crates_are_added() {
        let output = "running 2 tests\n\
            test a ... ok\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 5 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.20s\n";
        assert_eq!(read(output), Counts { passed: 7, failed: 3 });
    }

    #[test]
    fn both_reporters_of_node_are_read_and_a_cancelled_test_has_failed() {
        let tap =
            "ok 1 - pays\n# tests 6\n# suites 0\n# pass 4\n# fail 1\n# cancelled 1\n# skipped 0\n# todo 0\n";
        assert_eq!(read(tap), Counts { passed: 4, failed: 2 });
        assert_eq!(
            read("ℹ tests 2\nℹ pass 2\nℹ fail 0\nℹ duration_ms 81.2\n"),
            Counts { passed: 2, failed: 0 }
        );
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        let output =
            " Test Files  1 failed | 2 passed (3)\n      Tests  1 failed | 6 passed | 1 skipped (8)\n";
        assert_eq!(read(output), Counts { passed: 6, failed: 1 });
    }

    #[test]
    fn playwright_sums_up_in_lines_and_what_did_not_run_has_failed() {
        let output = "  2 failed\n    screens.spec.mjs:8:3 › home, few ─────\n  1 interrupted\n  3 did not run\n  \
            66 passed (2.7m)\n";
        assert_eq!(read(output), Counts { passed: 66, failed: 6 });
        assert_eq!(read("  12 passed (34.5s)\n"), Counts { passed: 12, failed: 0 });
    }

    #[test]
    fn colours_do_not_hide_a_summary() {
        let output = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m3 passed\u{1b}[39m\u{1b}[22m (3)";
        assert_eq!(read(output), Counts { passed: 3, failed: 0 });
    }

    #[test]
    fn other_lines_count_nothing() {
        let output = "error: test result is missing\n# passing through\n4 passed\nTests are slow: 3 failed\n  \
            ✓  1 home, few (1.2s)\n  3 passed on the way\n";
        assert_eq!(read(output), Counts::default());
    }
}
