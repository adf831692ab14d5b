//! Questions that an earlier column decides: nobody answers what the form told them to skip.
//!
//! A column decides a question if every one of its atoms has one answer, in all rows. Chance is ruled out by the
//! surprise: each row that says again what its atom said tells H nats, the entropy of the answers. Boosted trees come
//! near such a rule and never reach it.

use super::boost::Chance;
use super::data::Data;

const MIN_SURPRISE: f64 = 50.0;

/// The answer by the first of `columns` that decides it in all of `rows`.
pub fn find(data: &Data, columns: &[u32], rows: &[u32], answer: impl Fn(&u32) -> bool) -> Option<Chance> {
    let yes = rows.iter().filter(|row| answer(row)).count();
    let share = yes as f64 / rows.len() as f64;
    let entropy = -share * libm::log(share) - (1.0 - share) * libm::log(1.0 - share);
    // Not so where the answers do not differ.
    let may_surprise = |confirmed: usize| confirmed as f64 * entropy >= MIN_SURPRISE;
    if !may_surprise(rows.len()) {
        return None;
    }
    columns.iter().find_map(|&column| {
        let coded = &data.columns[column as usize];
        let mut answers: Vec<Option<bool>> = vec![None; coded.atoms.len() as usize + 1];
        for row in rows {
            let said = answers[coded.codes[*row as usize] as usize].get_or_insert(answer(row));
            if *said != answer(row) {
                return None;
            }
        }
        let seen = answers.iter().flatten().count();
        may_surprise(rows.len() - seen).then(|| Chance::Ruled {
            column,
            // Of an atom that came elsewhere only, the rows say nothing.
            chances: answers
                .iter()
                .map(|said| said.map_or(share as f32, |said| f32::from(u8::from(said))))
                .collect(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Column;
    use crate::model::atoms::Coded;

    #[test]
    fn a_column_that_decides_is_found_and_one_exception_speaks_against_it() {
        let codes = |of: fn(u32) -> u32| (0..400).map(of).collect::<Vec<u32>>();
        let level = |codes: Vec<u32>| Coded::fit(&Column::Categories { codes, levels: 5 }).unwrap();
        let data = Data::new(vec![level(codes(|i| i * 7 % 3)), level(codes(|i| i % 5))]);
        let rows: Vec<u32> = (0..400).collect();
        let decided = |row: &u32| row % 5 >= 2;
        let Some(Chance::Ruled { column: 1, chances }) = find(&data, &[0, 1], &rows, decided) else {
            panic!()
        };
        assert_eq!(chances[..5], [0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!(find(&data, &[0, 1], &rows, |row| decided(row) || *row == 200), None);
        assert_eq!(find(&data, &[0, 1], &rows[..60], decided), None); // no evidence yet
        assert_eq!(find(&data, &[0, 1], &rows, |_| true), None);
    }
}
