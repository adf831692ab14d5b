//! Mixtures: of Gaussians with gaps, and of a spike with a skewed tail.

use standin::math::rng::Stream;

use super::measure::{Trial, normal, number, only_trees_pass};

/// Three clouds, their name told; y has gaps where x is high: missing at random.
fn clouds(stream: &mut Stream) -> String {
    let u = stream.unit();
    let (name, [x, y], turn) = match u {
        _ if u < 0.5 => ("a", [0.0, 0.0], 0.8),
        _ if u < 0.8 => ("b", [4.0, 1.0], -0.8),
        _ => ("c", [1.0, 6.0], 0.0),
    };
    let (e, f) = (normal(stream), normal(stream));
    let (x, y) = (x + e, y + turn * e + 0.6 * f);
    let gone = stream.unit() < if x > 2.0 { 0.5 } else { 0.1 };
    if gone { format!("{name},{x:.4},") } else { format!("{name},{x:.4},{y:.4}") }
}

/// Kolmogorov-Smirnov for x and for y in each cloud, and chi-square for the joint cells of name, x, and y or its gap.
#[test]
fn clouds_with_gaps() {
    only_trees_pass(|method| {
        let trial = Trial::new(method, "cloud,x,y", 4000, clouds);
        let within = |name, column: usize| trial.ks(|row| number(&row[column]).filter(|_| row[0] == name));
        let step = |cell: &str| number(cell).map(|value| (value / 1.5).floor() as i32);
        vec![
            ("x", trial.ks(|row| number(&row[1]))),
            ("y", trial.ks(|row| number(&row[2]))),
            ("x of a", within("a", 1)),
            ("x of b", within("b", 1)),
            ("x of c", within("c", 1)),
            ("y of a", within("a", 2)),
            ("y of b", within("b", 2)),
            ("y of c", within("c", 2)),
            (
                "gaps",
                trial.chi_square(|row| (row[0].clone(), number(&row[1]) > Some(2.0), row[2].is_empty())),
            ),
            ("x and y", trial.chi_square(|row| (step(&row[1]), step(&row[2])))),
            ("all", trial.chi_square(|row| (row[0].clone(), step(&row[1]), step(&row[2])))),
        ]
    });
}

/// The same without the clouds' names.
#[test]
fn nameless_clouds_with_gaps() {
    let law = |stream: &mut Stream| clouds(stream)[2..].to_string();
    only_trees_pass(|method| {
        let trial = Trial::new(method, "x,y", 4000, law);
        let step = |cell: &str| number(cell).map(|value| (value / 1.5).floor() as i32);
        vec![
            ("x", trial.ks(|row| number(&row[0]))),
            ("y", trial.ks(|row| number(&row[1]))),
            ("gaps", trial.chi_square(|row| (number(&row[0]) > Some(2.0), row[1].is_empty()))),
            ("x and y", trial.chi_square(|row| (step(&row[0]), step(&row[1])))),
        ]
    });
}

/// Amounts that are zero the more often the younger their owner, else log-normal and growing with age.
#[test]
fn many_zeros() {
    let law = |stream: &mut Stream| {
        let age = 18.0 + 60.0 * stream.unit();
        let amount = (4.0 + age / 60.0 + 0.8 * normal(stream)).exp();
        let none = stream.unit() < 1.0 / (1.0 + ((age - 45.0) / 6.0).exp());
        format!("{age:.0},{:.2}", if none { 0.0 } else { amount })
    };
    only_trees_pass(|method| {
        let trial = Trial::new(method, "age,amount", 4000, law);
        let decade = |row: &[String]| (number(&row[0]).unwrap() / 10.0) as u32;
        let above = |row: &[String]| number(&row[1]).filter(|&amount| amount > 0.0);
        let size = |row: &[String]| above(row).map(|amount| (2.0 * amount.ln()) as i32);
        vec![
            ("age", trial.ks(|row| number(&row[0]))),
            ("amount", trial.ks(|row| number(&row[1]))),
            ("above zero", trial.ks(above)),
            ("young, above zero", trial.ks(|row| above(row).filter(|_| decade(row) < 4))),
            ("old, above zero", trial.ks(|row| above(row).filter(|_| decade(row) >= 6))),
            ("zeros by age", trial.chi_square(|row| (row[0].clone(), row[1] == "0.00"))),
            ("all", trial.chi_square(|row| (decade(row), size(row)))),
        ]
    });
}
