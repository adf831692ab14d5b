//! Where synthetic rows lie among real ones: is each region of the real table reached, and do they crowd round the rows that
//! were learned from?
//!
//! - `coverage`: held-out rows with a synthetic row no farther away than their fifth nearest held-out neighbour (Naeem et
//!   al. 2020);
//! - `density`: how many held-out rows have a synthetic row within that reach, over five and averaged over synthetic rows: about
//!   1 if these lie as densely as real ones, less where no real rows are, more where they crowd;
//! - `nearest`: synthetic rows that lie nearer to a row that was learned from than to any of as many held-out ones, ties
//!   counting half (the share of DCR, distance to closest record);
//! - `membership`: the AUC of an attack that takes a real row for one that was learned from the nearer a synthetic row
//!   lies (Yeom et al. 2018, with distances in the place of losses);
//! - `outliers`: the same among the twentieth of the real rows that lie farthest from the fifth nearest row of the other real
//!   table.
//!
//! - `nearCopies`: synthetic rows as near to a learned row as the nearest twentieth of held-out rows lies, or nearer: the
//!   5th percentile of distances is where CTAB-GAN looks (Zhao et al. 2021);
//! - `distanceRatio`: the 5th percentile of the nearest neighbour distance ratio, how far the nearest learned row is over
//!   how far the second nearest is (same source): near 0 where a row follows one learned row alone;
//! - `membershipSure`, `outliersSure`: of the learned rows, how many the attack finds when it takes one in a hundred strangers
//!   for one (true positives at 1 % false ones, Carlini et al. 2022): few people may be found for sure while most are not.
//!
//! Rows are points as `distance.rs` has them, numbers by their rank in the training table. At most 2,500 of each table
//! are looked at, chosen by lot.

use crate::report::safety::{enough, guarded, is_vague};
use crate::report::{Figure, Metric, Report, Side, Tables, Verdict, likeness};
use measure::{FALSE, Space, ceiling, find};

mod measure;

pub const COVERAGE: Metric = Metric {
    key: "coverage",
    side: Side::Truth,
    name: "Coverage",
    best: 1.0,
    says: [
        "Every region of the real table is reached.",
        "Some kinds of real rows have no synthetic ones near them.",
        "Many kinds of real rows are missing: diversity was lost, so do not learn of rare groups from it.",
    ],
};
pub const DENSITY: Metric = Metric {
    key: "density",
    side: Side::Truth,
    name: "Density",
    best: 1.0,
    says: [
        "Synthetic rows lie among the real ones as densely as other real rows do.",
        "Synthetic rows lie more thinly, or crowd more, among the real ones than other real rows do.",
        "Synthetic rows lie where no real ones are, or crowd where the commonest are: do not learn of single cases from them.",
    ],
};
pub const NEAREST: Metric = Metric {
    key: "nearest",
    side: Side::Safety,
    name: "Nearest to learned rows",
    best: 0.5,
    says: [
        "Synthetic rows lie no nearer to rows that were learned from than to rows that were not: 50 % is none remembered.",
        "Synthetic rows lie a little nearer to rows that were learned from, where 50 % is none remembered.",
        "Synthetic rows crowd round rows that were learned from: choose Cautious before sharing.",
    ],
};
pub const MEMBERSHIP: Metric = Metric {
    key: "membership",
    side: Side::Safety,
    name: "Membership guessed",
    best: 0.5,
    says: [
        "Who takes the real rows nearest to synthetic ones for learned ones is right as often as a coin.",
        "Who takes the real rows nearest to synthetic ones for learned ones is right a little more often than a coin.",
        "Nearness to synthetic rows gives away who was learned from: do not share this table.",
    ],
};
pub const OUTLIERS: Metric = Metric {
    key: "outliers",
    side: Side::Safety,
    name: "Odd rows guessed",
    best: 0.5,
    says: [
        "The same guess about the oddest twentieth of the rows is right as often as a coin.",
        "The same guess about the oddest twentieth of the rows is right a little more often than a coin.",
        "Odd rows can be found again: do not share this table before they are left out.",
    ],
};
pub const NEAR_COPIES: Metric = Metric {
    key: "nearCopies",
    side: Side::Safety,
    name: "Near copies",
    best: 0.0,
    says: [
        "Synthetic rows lie as near to learned rows as fresh real rows would, no nearer.",
        "More synthetic rows lie close to a learned row than fresh real rows would.",
        "Many synthetic rows are learned rows with small changes: do not share this table.",
    ],
};
pub const RATIO: Metric = Metric {
    key: "distanceRatio",
    side: Side::Safety,
    name: "Nearest to second nearest",
    best: 1.0,
    says: [
        "Synthetic rows follow no single learned row more closely than fresh real rows would.",
        "Some synthetic rows follow a single learned row more closely than fresh real rows would.",
        "Synthetic rows follow single learned rows: do not share this table.",
    ],
};
pub const SURE: Metric = Metric {
    key: "membershipSure",
    side: Side::Safety,
    name: "Membership found for sure",
    best: FALSE,
    says: [
        "Who would be wrong about one stranger in a hundred finds no more of the learned rows than chance has it.",
        "Who would be wrong about one stranger in a hundred finds more of the learned rows than chance has it.",
        "Some learned rows can be found for sure by their nearness to synthetic ones: do not share this table.",
    ],
};
pub const ODD_SURE: Metric = Metric {
    key: "outliersSure",
    side: Side::Safety,
    name: "Odd rows found for sure",
    best: FALSE,
    says: [
        "Who would be wrong about one odd stranger in a hundred finds no more of the odd learned rows than chance has it.",
        "Who would be wrong about one odd stranger in a hundred finds more of the odd learned rows than chance has it.",
        "Some odd learned rows can be found for sure: do not share this table before they are left out.",
    ],
};

pub fn judge(tables: &Tables, report: &mut Report) {
    let Some(holdout) = &tables.holdout else { return };
    let space = Space::new(&tables.train);
    let found = find(&space, &tables.train, holdout, &tables.synthetic);
    let real = ceiling(&space, &tables.train, holdout);
    let covered = likeness(found.coverage.value, Some(real.coverage.value));
    report.scores.push(COVERAGE.score(found.coverage, Some(real.coverage.value), covered));
    let apart = far(found.density, real.density.value);
    let dense = Verdict::of(apart <= 0.1, apart <= 0.3);
    report.scores.push(DENSITY.score(found.density, Some(real.density.value), dense));
    let attacks = [
        (&NEAREST, found.nearest, real.nearest, 0.55),
        (&MEMBERSHIP, found.membership, real.membership, 0.55),
        (&OUTLIERS, found.outliers, real.outliers, 0.6),
    ];
    for (metric, figure, ceiling, look) in attacks {
        let verdict = Verdict::of(figure.surely() <= 0.51, figure.surely() <= look);
        let tells = enough(report.rows) && !is_vague(figure);
        report.scores.push(guarded(metric.score(figure, Some(ceiling.value), verdict), tells));
    }

    let tells = enough(report.rows);
    let held = real.near.interval.map_or(real.near.value, |[_, high]| high);
    let verdict =
        Verdict::of(found.near.surely() <= held, found.near.surely() <= 2.0 * real.near.value + 0.02);
    report.scores.push(guarded(NEAR_COPIES.score(found.near, Some(real.near.value), verdict), tells));
    // Where many fresh rows lie on a learned one, no ratio could be lower.
    if real.ratio.value > 0.0 {
        let (high, low) = (found.ratio.interval.map_or(0.0, |[_, high]| high), real.ratio.surely());
        let verdict = Verdict::of(high >= low, high >= low / 2.0);
        report.scores.push(guarded(RATIO.score(found.ratio, Some(real.ratio.value), verdict), tells));
    }
    for (metric, sure, ceiling) in
        [(&SURE, found.sure, real.sure), (&ODD_SURE, found.odd_sure, real.odd_sure)]
    {
        let (Some((figure, chance)), Some((ceiling, _))) = (sure, ceiling) else { continue };
        let verdict = Verdict::of(figure.surely() <= chance, figure.surely() <= 2.0 * chance);
        let tells = tells && !is_vague(figure);
        report.scores.push(guarded(metric.score(figure, Some(ceiling.value), verdict), tells));
    }
}

/// How far the interval lies from the ceiling, as a share of it.
fn far(figure: Figure, ceiling: f64) -> f64 {
    let [low, high] = figure.interval.unwrap_or([figure.value; 2]);
    (low - ceiling).max(ceiling - high).max(0.0) / ceiling.max(f64::MIN_POSITIVE)
}
