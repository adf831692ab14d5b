//! Work on all cores, with a progress bar: fitting, sampling and searching.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::{Mutex, mpsc};
use std::thread;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use standin::format::csv::Dialect;
use standin::model::Task;
use standin::pipeline::conditions::{Drawn, Search};
use standin::pipeline::pieces;
use standin::{Draws, SavedModel};

use super::Outcome;
use super::rows::Rows;

/// Rows that a core makes at a time, at most: many go through the trees quicker than few. And their cells, which take memory.
const PIECE: u64 = 65_536;
const PIECE_CELLS: u64 = 1 << 22;
/// Rows that a core searches at a time, of which few may be wanted.
const PART: u64 = 16_384;
/// Rows that are drawn together whichever of them are asked for, so pieces are multiples of it.
const BLOCK: u64 = 2048;

/// On all cores; tells of each one that is done.
pub fn work_off(tasks: Vec<&mut (dyn Task + Send)>, done: impl Fn() + Sync) {
    let queue = Mutex::new(tasks.into_iter());
    let work = || {
        loop {
            let Some(task) = queue.lock().expect("no thread panics while it holds the queue").next() else {
                return;
            };
            while task.step() {}
            done();
        }
    };
    thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(work);
        }
    });
}

/// Makes as many pieces at once as there are cores, and writes each in its turn.
pub fn sample(
    model: &SavedModel,
    rows: u64,
    seed: &str,
    draws: Draws,
    output: &Path,
    dialect: &Dialect,
) -> Outcome<()> {
    let bar = progress("sampling", rows);
    let seed = standin::Seed::new(seed);
    let mut out = Rows::create(output, dialect)?;
    let most = PIECE.min(PIECE_CELLS / model.info().columns.len().max(1) as u64).max(BLOCK);
    let count = rows.div_ceil(most).next_multiple_of(cores() as u64); // all cores end at about the same time
    let size = rows.div_ceil(count).next_multiple_of(BLOCK);
    let waiting = Mutex::new(pieces(rows, size).enumerate());
    thread::scope(|scope| {
        // None waits for another's turn longer than the pieces before it take, so few are ever held.
        let (send, made) = mpsc::sync_channel(cores());
        for _ in 0..cores() {
            let (send, waiting, seed) = (send.clone(), &waiting, &seed);
            scope.spawn(move || {
                let next = || waiting.lock().expect("no thread panics while it holds the pieces").next();
                while let Some((place, rows)) = next() {
                    let end = rows.end;
                    if send.send((place, end, model.piece(rows, seed, draws, dialect))).is_err() {
                        return; // what was written is of no use any more
                    }
                }
            });
        }
        drop(send);
        let mut early = BTreeMap::new();
        let mut turn = 0;
        for (place, end, piece) in made {
            early.insert(place, (end, piece));
            while let Some((end, piece)) = early.remove(&turn) {
                out.push(&piece)?;
                bar.set_position(end);
                turn += 1;
            }
        }
        Outcome::Ok(())
    })?;
    bar.finish_and_clear();
    out.finish()
}

/// Draws as many parts at once as there are cores, and keeps of each in its turn what fits. Where that is too little, the
/// file has what was found.
pub fn find(mut search: Search, rows: u64, output: &Path, dialect: &Dialect) -> Outcome<()> {
    let bar = progress("searching", rows);
    let mut out = Rows::create(output, dialect)?;
    loop {
        let parts = match search.ahead(cores() as u64, PART) {
            Ok(parts) if parts.is_empty() => break,
            Ok(parts) => parts,
            Err(error) => {
                out.finish()?;
                return Err(error.to_string());
            }
        };
        let drawn: Vec<Drawn> = thread::scope(|scope| {
            let threads: Vec<_> = parts.into_iter().map(|part| scope.spawn(|| search.draw(part))).collect();
            threads.into_iter().map(|thread| thread.join().expect("drawing does not panic")).collect()
        });
        for part in drawn {
            out.push(&search.take(part, dialect))?;
        }
        bar.set_position(search.done());
    }
    bar.finish_and_clear();
    out.finish()
}

pub fn progress(what: &'static str, length: u64) -> ProgressBar {
    let hidden = !io::stderr().is_terminal();
    let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template("{msg:>9} {bar:30} {percent:>3} %  {eta} left");
    ProgressBar::with_draw_target(Some(length), target)
        .with_style(style.expect("the template is right"))
        .with_message(what)
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
