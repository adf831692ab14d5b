//! Planted canaries: twenty odd rows stand 1, 5 or 50 times in the training table. The report finds them where a synthetic table
//! holds them, and is silent where it does not.

use std::collections::HashSet;

use standin::math::rng::Stream;
use standin::report::{Report, Score, Side, Verdict};
use standin::{FitOptions, Method, ReportOptions, Seed, Source};

use crate::support::{csv, rows, synth};

const ROWS: usize = 1500;
const CANARIES: usize = 20;
const HEADER: &str = "age,sex,hours,pay,town,job";
const COPIES: [usize; 3] = [1, 5, 50];

fn stream(salt: u64) -> Stream {
    Seed::new("canaries").stream(standin::math::rng::Purpose::Report, salt)
}

fn person(stream: &mut Stream) -> String {
    let mut draw = || stream.unit();
    let age = 18.0 + 60.0 * draw();
    let sex = if draw() < 0.45 { "f" } else { "m" };
    let hours = 10.0 + 40.0 * draw();
    let pay = 200.0 + 8.0 * age + 25.0 * hours + 300.0 * draw();
    let [town, job] = [8.0 * draw() * draw(), 4.0 * draw()].map(|level| level as u32);
    format!("{age:.1},{sex},{hours:.1},{pay:.1},town {town},job {job}")
}

/// Older than anybody, at work day and night, for next to nothing or a fortune.
fn canary(stream: &mut Stream) -> String {
    let mut draw = || stream.unit();
    let (age, hours) = (85.0 + 25.0 * draw(), 70.0 + 60.0 * draw());
    let pay = if draw() < 0.5 { 20.0 * draw() } else { 5000.0 + 5000.0 * draw() };
    let [town, job] = [8.0 * draw(), 4.0 * draw()].map(|level| level as u32);
    format!("{age:.1},f,{hours:.1},{pay:.1},town {town},job {job}")
}

struct Planted {
    train: Vec<u8>,
    holdout: Vec<u8>,
    canaries: Vec<String>,
}

fn table(salt: u64, planted: &[String], copies: usize) -> Vec<u8> {
    let mut stream = stream(salt);
    let mut rows: Vec<String> = (0..ROWS).map(|_| person(&mut stream)).collect();
    // Among the others, as they would stand in a real table.
    for (place, row) in planted.iter().cycle().take(planted.len() * copies).enumerate() {
        rows.insert(place * 37 % rows.len(), row.clone());
    }
    let (count, mut rows) = (rows.len(), rows.into_iter());
    csv(HEADER, count, || rows.next().unwrap())
}

fn planted(seed: u64, copies: usize) -> Planted {
    let mut odd = stream(1000 * seed);
    let canaries: Vec<String> = (0..CANARIES).map(|_| canary(&mut odd)).collect();
    let [train, holdout] = [table(1000 * seed + 1, &canaries, copies), table(1000 * seed + 2, &[], 0)];
    Planted { train, holdout, canaries }
}

impl Planted {
    fn judged(&self, synthetic: &[u8]) -> Report {
        let [train, holdout, synthetic] =
            [&self.train, &self.holdout, synthetic].map(|bytes| Source::read(bytes).unwrap());
        let asked = ReportOptions { target: Some(String::new()), protected: Some(Vec::new()) };
        train.report_beside(&holdout, &synthetic, &FitOptions::default(), &asked).unwrap().report()
    }
}

fn of_safety(report: &Report) -> Vec<&Score> {
    report.scores.iter().filter(|score| score.side == Side::Safety).collect()
}

fn verdict(report: &Report, key: &str) -> Verdict {
    report.scores.iter().find(|score| score.key == key).unwrap_or_else(|| panic!("no score {key}")).verdict
}

#[test]
fn what_leaks_is_found() {
    for seed in 1..4 {
        for copies in COPIES {
            let planted = planted(seed, copies);
            let report = planted.judged(&table(1000 * seed + 3, &planted.canaries, 1));
            let alarms: Vec<&str> = of_safety(&report)
                .iter()
                .filter(|score| score.verdict != Verdict::Good)
                .map(|score| score.key)
                .collect();
            // Twenty rows in fifteen hundred: those that look at all rows alike need not see them, those that look for odd ones must.
            // Fifty copies of twenty rows are most of the table, and no longer odd.
            let must: &[&str] =
                if copies == 50 { &["membershipSure", "membership"] } else { &["copies", "outliersSure"] };
            assert!(must.iter().all(|key| alarms.contains(key)), "{seed} {copies} {alarms:?}");
        }
    }
}

/// Nine tables and some twelve figures each: a figure that is right is Bad in fewer than one of a thousand, and to be looked at
/// in fewer than one of fifty, so six of a hundred and eight would be seen in one of forty runs.
#[test]
fn what_does_not_leak_alarms_nobody() {
    let mut looks = Vec::new();
    for seed in 4..7 {
        for copies in COPIES {
            let report = planted(seed, copies).judged(&table(1000 * seed + 3, &[], 0));
            for score in of_safety(&report) {
                let told = (seed, copies, score.key, score.value, score.interval, score.ceiling);
                assert_ne!(score.verdict, Verdict::Bad, "{told:?}");
                looks.extend((score.verdict == Verdict::Look).then_some(told));
            }
        }
    }
    assert!(looks.len() <= 5, "{looks:?}");
}

/// One that stands in the table once is not learned, and nothing is Bad. Five rows that share a value are its support, so of what
/// stands there five times values may come out, and odd rows may be found by them. Rows of fifty are common ones: they come
/// out whole, and the report has to say so.
#[test]
fn the_report_tells_of_the_models_own_leaks() {
    for copies in COPIES {
        let planted = planted(7, copies);
        let made = synth(&planted.train, Method::Trees, ROWS as u64, "7");
        let known: HashSet<Vec<String>> =
            planted.canaries.iter().map(|row| row.split(',').map(String::from).collect()).collect();
        let leaked = rows(&made).iter().filter(|row| known.contains(*row)).count();
        let report = planted.judged(&made);
        let share = leaked as f64 / ROWS as f64;
        let expected = if share > 0.05 { Verdict::Bad } else { verdict(&report, "copies") };
        assert_eq!(verdict(&report, "copies"), expected, "{copies}: {leaked} came out");
        let bad: Vec<&str> = of_safety(&report)
            .iter()
            .filter(|score| score.verdict == Verdict::Bad)
            .map(|score| score.key)
            .collect();
        if copies == 1 {
            assert!(leaked == 0 && bad.is_empty(), "{bad:?}");
        }
        if copies == 50 {
            assert!(leaked > 0 && !bad.is_empty(), "rows of fifty are common ones");
        }
    }
}
