//! Heaping: how much oftener the numbers that too few share are round than chance has it.
//!
//! People write 4,500 for 4,521, files mix 12.5 with 12.4937, and a date without a time of day is a midnight. What enough
//! persons share is a point of its own (`numbers.rs`), but a number that is drawn from a span or a tail would be as odd as
//! its column can be written. So a drawn number climbs steps, of decimals or of time: each with the share of rows that are
//! meant to keep to it, among those that keep to the one before. The case that is known best is that of ages in a
//! census (Myers 1940); Heitjan and Rubin (1990) call such data coarsened.
//!
//! Only rows whose stretch has a multiple of the step are asked, and those that keep to it by chance are taken off: of a
//! finer step's multiples in that stretch some are multiples of the coarser one as well. So a draw is round on purpose or
//! by chance as often as the rows are, and none leaves its stretch. One share serves a whole column; it is counted to the
//! nearest multiple of how many must share a value, and of as many persons. Does not: tell where in the column
//! numbers are rounder, nor which rows round; know steps that start anywhere but at zero.

use serde::{Deserialize, Serialize};

use super::numbers::Stretch;
use crate::frame::Support;
use crate::math::gcd;
use crate::math::rng::{mix, unit};

/// Standard deviations beyond chance, and the share of the rows that must come to a step on purpose.
const MIN_BEYOND: f64 = 4.0;
const MIN_SHARE: f64 = 0.02;
/// Rows that decide, at most: of more every other one, or every third.
const MAX_ROWS: usize = 32_768;
/// How near a multiple counts as one, by its size and in steps, and the highest multiple that can be told from its neighbours so.
const DUST: f64 = 1e-9;
const NEAR: f64 = 1e-5;
const HIGHEST: f64 = 1e10;
/// The decimals of the finest step, and the zeros of the coarsest.
const DECIMALS: i32 = 6;
const ZEROS: i32 = 9;
/// In seconds; each a multiple of the one before.
const TIMES: [f64; 12] =
    [1.0, 5.0, 15.0, 30.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 21_600.0, 86_400.0, 604_800.0];

/// From the finest step to the coarsest; none where numbers are no rounder than chance has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heaps(Vec<Heap>);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Heap {
    step: Step,
    /// Of what came to the step before, the share that climbs on to this one.
    share: f64,
}

/// `times / of`: on a ladder one of the two is 1, so that a multiple is the float nearest to its decimals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Step {
    times: f64,
    of: f64,
}

/// The numbers that too few share, and the stretches that hold them.
struct Loose {
    /// With their rows of the table and the places of their stretches.
    numbers: Vec<(f64, u32, usize)>,
    /// Of each stretch, where it begins and ends.
    reaches: Vec<[f64; 2]>,
    /// Of each stretch, how many of the numbers it holds.
    counts: Vec<f64>,
}

impl Heaps {
    /// `codes`: the stretch of each value.
    pub fn fit(values: &[f64], stretches: &[Stretch], codes: &[u32], support: &Support) -> Heaps {
        let loose = Loose::new(values, stretches, codes);
        let highest = loose.numbers.iter().fold(0.0, |most: f64, (value, ..)| most.max(value.abs()));
        let base = Step::shared(&loose, highest);
        let ladders = [decimals(), TIMES.map(|times| Step { times, of: 1.0 }).into()];
        let climbed = ladders.map(|ladder| climb(&ladder, &loose, base, highest, support));
        let [decimal, time] = climbed;
        Heaps(if time.1 > decimal.1 { time.0 } else { decimal.0 })
    }

    /// The number at a quantile from 0 to 1 of a stretch, put on a step as often as the rows are.
    pub fn value(&self, stretch: &Stretch, within: f64) -> f64 {
        let value = stretch.value(within);
        if self.0.is_empty() || !stretch.is_wide() {
            return value;
        }
        let reach = stretch.reach();
        // The quantile's own bits, scrambled, decide: they hang on nothing that the stretch does.
        let mut lot = unit(mix(within.to_bits()));
        let mut climbed = None;
        for Heap { step, share } in &self.0 {
            if lot >= *share || step.multiples(reach) < 1.0 {
                break;
            }
            lot /= share;
            climbed = Some(step);
        }
        climbed.map_or(value, |step| step.nearest(value, reach))
    }

    pub fn is_sound(&self) -> bool {
        let is_size = |size: f64| (1.0..=HIGHEST).contains(&size);
        self.0.iter().all(|heap| {
            is_size(heap.step.times) && is_size(heap.step.of) && heap.share > 0.0 && heap.share <= 1.0
        })
    }
}

impl Loose {
    fn new(values: &[f64], stretches: &[Stretch], codes: &[u32]) -> Loose {
        let is_wide = |code: u32| stretches.get(code as usize).is_some_and(Stretch::is_wide);
        let numbers = (0..).zip(values.iter().zip(codes)).filter(|(_, (_, code))| is_wide(**code));
        let mut numbers: Vec<(f64, u32, usize)> =
            numbers.map(|(row, (&value, &code))| (value, row, code as usize)).collect();
        let apart = numbers.len().div_ceil(MAX_ROWS).max(1);
        numbers = numbers.into_iter().step_by(apart).collect();
        let mut counts = vec![0.0; stretches.len()];
        numbers.iter().for_each(|&(_, _, place)| counts[place] += 1.0);
        Loose { numbers, reaches: stretches.iter().map(Stretch::reach).collect(), counts }
    }

    /// Of each stretch, how many multiples of the step it has.
    fn multiples(&self, step: Step) -> Vec<f64> {
        let of = |(reach, &count): (&[f64; 2], &f64)| if count > 0.0 { step.multiples(*reach) } else { 0.0 };
        self.reaches.iter().zip(&self.counts).map(of).collect()
    }
}

impl Step {
    fn size(self) -> f64 {
        self.times / self.of
    }

    /// The value in steps.
    fn count(self, value: f64) -> f64 {
        value * self.of / self.times
    }

    /// The multiple that the value is, if it is one, in steps.
    fn whole(self, value: f64) -> Option<f64> {
        let count = self.count(value);
        let whole = count.round();
        ((count - whole).abs() <= (DUST * count.abs()).min(NEAR)).then_some(whole)
    }

    fn holds(self, value: f64) -> bool {
        self.whole(value).is_some()
    }

    /// The first and the last multiple in a stretch, in steps.
    fn ends(self, [low, high]: [f64; 2]) -> [f64; 2] {
        let end = |value, inwards: fn(f64) -> f64| self.whole(value).unwrap_or(inwards(self.count(value)));
        [end(low, f64::ceil), end(high, f64::floor)]
    }

    fn multiples(self, reach: [f64; 2]) -> f64 {
        let [first, last] = self.ends(reach);
        (last - first + 1.0).max(0.0)
    }

    /// The multiple in the stretch that is nearest; there is one.
    fn nearest(self, value: f64, reach: [f64; 2]) -> f64 {
        let [first, last] = self.ends(reach);
        self.count(value).round().max(first).min(last) * self.times / self.of
    }

    /// The step that all numbers keep to, such as 25 of weights from a scale; None where there is none.
    fn shared(loose: &Loose, highest: f64) -> Option<Step> {
        let is_shared = |step: &Step| loose.numbers.iter().all(|&(value, ..)| step.holds(value));
        let step = decimals().into_iter().rfind(|step| step.count(highest) <= HIGHEST && is_shared(step))?;
        let counts = loose.numbers.iter().map(|&(value, ..)| step.count(value).round().abs() as u64);
        let common = counts.fold(0, gcd).max(1) as f64;
        Some(Step { times: step.times * common, ..step })
    }
}

fn decimals() -> Vec<Step> {
    let steps = |exponent: i32| {
        let (times, of) = (10f64.powi(exponent.max(0)), 10f64.powi((-exponent).max(0)));
        // 5 / 10^d is 1 / (2 * 10^(d - 1)).
        let five = if exponent < 0 { Step { times, of: of / 5.0 } } else { Step { times: times * 5.0, of } };
        [Step { times, of }, five]
    };
    (-DECIMALS..=ZEROS).flat_map(steps).collect()
}

/// The steps of a ladder that numbers keep to more than chance has it, and by how many nats they tell more of the numbers.
fn climb(
    ladder: &[Step],
    loose: &Loose,
    base: Option<Step>,
    highest: f64,
    support: &Support,
) -> (Vec<Heap>, f64) {
    let is_coarser =
        |step: &Step| base.is_none_or(|base| base.holds(step.size()) && base.size() < step.size());
    let can_be_told = |step: &Step| (1.0..=HIGHEST).contains(&step.count(highest));
    let (mut heaps, mut nats) = (Vec::new(), 0.0);
    // Where draws may have come to so far, as multiples of that step by stretch, and the share that stays there.
    let mut stays = vec![(base.map(|base| loose.multiples(base)), 1.0)];
    for &step in ladder.iter().filter(|step| is_coarser(step) && can_be_told(step)) {
        let multiples = loose.multiples(step);
        // Of the rows that are asked, how many keep to the step if `of` does, by stretch.
        let sum = |of: &dyn Fn(usize) -> f64| -> f64 {
            let asked = (0..multiples.len()).filter(|&place| multiples[place] >= 1.0);
            asked.map(|place| loose.counts[place] * of(place)).sum()
        };
        let chance = |finer: &Option<Vec<f64>>| {
            finer.as_ref().map_or(0.0, |finer| sum(&|place| (multiples[place] / finer[place]).min(1.0)))
        };
        let on = |&&(value, _, place): &&(f64, u32, usize)| multiples[place] >= 1.0 && step.holds(value);
        let rows: Vec<u32> = loose.numbers.iter().filter(on).map(|&(_, row, _)| row).collect();
        let persons = support.select(&rows).persons(rows.iter().map(|_| 0), 1)[0];
        let least = support.least as usize;
        let found = ((rows.len() + least / 2) / least * least) as f64;
        let by_chance: f64 = stays.iter().map(|(finer, share)| share * chance(finer)).sum();
        let (finer, came) = stays.pop().expect("at least the base");
        let share = ((found - by_chance) / (came * (sum(&|_| 1.0) - chance(&finer)))).min(1.0);
        let is_beyond = found - by_chance > MIN_BEYOND * by_chance.max(1.0).sqrt();
        if is_beyond && came * share >= MIN_SHARE && persons >= least as u64 {
            nats += found * libm::log(found / by_chance.max(1.0));
            heaps.push(Heap { step, share });
            stays.extend([(finer, came * (1.0 - share)), (Some(multiples), came * share)]);
        } else {
            stays.push((finer, came));
        }
    }
    (heaps, nats)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::atoms::numbers::numbers;

    const ROWS: u64 = 4000;

    /// Uniform in 0..1.
    fn lot(row: u64, salt: u64) -> f64 {
        unit(mix(mix(row) ^ salt))
    }

    fn column(value: impl Fn(u64) -> f64) -> Vec<f64> {
        (0..ROWS).map(value).collect()
    }

    /// The values, and as many that are drawn: stretches in the shares that they have.
    fn drawn(values: &[f64], support: &Support) -> (Heaps, Vec<f64>) {
        let (stretches, _, codes) = numbers(values, support);
        let heaps = Heaps::fit(values, &stretches, &codes, support);
        assert!(heaps.is_sound());
        let draw = |(row, &code): (u64, &u32)| heaps.value(&stretches[code as usize], lot(row, 99));
        let drawn = (0..).zip(&codes).map(draw).collect();
        (heaps, drawn)
    }

    fn keeping(values: &[f64], step: f64) -> f64 {
        let is_on = |value: &&f64| (*value / step - (*value / step).round()).abs() < 1e-6;
        values.iter().filter(is_on).count() as f64 / values.len() as f64
    }

    /// Written on the column's own grid. Two shares of 4,000 rows each differ by .045, four standard deviations, once in 16,000
    /// columns.
    fn keep_alike(values: &[f64], grid: f64, steps: &[f64]) -> Heaps {
        let (heaps, mut drawn) = drawn(values, &Support::by_rows(5));
        if grid > 0.0 {
            drawn.iter_mut().for_each(|value| *value = (*value / grid).round() * grid);
        }
        for &step in steps {
            let (is, was) = (keeping(&drawn, step), keeping(values, step));
            assert!((is - was).abs() < 0.045, "{step}: {is} for {was}");
        }
        heaps
    }

    #[test]
    fn amounts_are_as_round_as_they_were() {
        let cents = |row| (lot(row, 1) * 5_000_000.0).round() / 100.0;
        let some_whole = column(|row| if lot(row, 2) < 0.6 { cents(row).round() } else { cents(row) });
        let heaps = keep_alike(&some_whole, 0.01, &[0.1, 1.0, 10.0]);
        assert_eq!(heaps.0.last().map(|heap| heap.step.size()), Some(1.0), "no rounder than whole");
        let of_twenty_five = column(|row| {
            let step = if lot(row, 3) < 0.7 { 100.0 } else { 25.0 };
            (lot(row, 4) * 900_000.0 / step).round() * step
        });
        keep_alike(&of_twenty_five, 25.0, &[50.0, 100.0, 500.0, 1000.0]);
    }

    #[test]
    fn means_of_whole_numbers_are_often_whole() {
        let mean = column(|row| (lot(row, 1) * 90_000.0).round() / [1.0, 1.0, 2.0, 3.0][(row % 4) as usize]);
        keep_alike(&mean, 0.0, &[0.5, 1.0, 2.0]);
    }

    #[test]
    fn dates_without_a_time_of_day_are_midnights() {
        let moment = |row| (1.2e9 + lot(row, 1) * 9e7 * 10.0).round();
        let dates =
            column(
                |row| {
                    if lot(row, 2) < 0.8 { (moment(row) / 86_400.0).round() * 86_400.0 } else { moment(row) }
                },
            );
        keep_alike(&dates, 1.0, &[60.0, 3600.0, 86_400.0]);
    }

    #[test]
    fn what_is_as_round_as_chance_has_it_has_no_heaps() {
        let whole = column(|row| (lot(row, 1) * 1e6).round());
        let cents = column(|row| (lot(row, 2) * 1e6).round() / 100.0);
        let free = column(|row| lot(row, 3) * 300.0 - 100.0);
        let of_seven = column(|row| (lot(row, 4) * 1e6).round() * 7.0);
        let hundredths = column(|row| (lot(row, 5) * 1e4).round() / 100.0);
        for values in [whole, cents, free, of_seven, hundredths] {
            assert_eq!(drawn(&values, &Support::by_rows(5)).0, Heaps::default());
        }
    }

    /// One person writes whole numbers, a tenth of the rows.
    #[test]
    fn the_habit_of_too_few_persons_is_not_kept() {
        let is_one = |row: u64| row.is_multiple_of(10);
        let values = column(|row| {
            let value = lot(row, 1) * 1e6;
            if is_one(row) { value.round() } else { value }
        });
        assert_ne!(drawn(&values, &Support::by_rows(5)).0, Heaps::default());
        let entities: Vec<u32> = (0..ROWS).map(|row| if is_one(row) { 1 } else { row as u32 }).collect();
        let support = Support { least: 5, entities: Some(entities.into()) };
        assert_eq!(drawn(&values, &support).0, Heaps::default());
    }

    #[test]
    fn a_draw_stays_in_its_stretch() {
        let step = Step { times: 1.0, of: 10.0 };
        let heaps = Heaps(vec![Heap { step, share: 1.0 }]);
        for reach in [[0.11, 0.29], [0.11, 0.19], [-0.05, 0.05]] {
            let stretch = Stretch::Span(reach[0], reach[1]);
            for within in (0..50).map(|i| f64::from(i) / 50.0) {
                let value = heaps.value(&stretch, within);
                assert!((reach[0]..=reach[1]).contains(&value), "{value} of {reach:?}");
                assert_eq!(step.holds(value), reach[1] > 0.2 || reach[0] < 0.0);
            }
        }
    }
}
