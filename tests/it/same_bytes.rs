//! Same bytes + options + seed => same output bytes, however the work is cut up.

use std::io::Write;

use standin::format::csv::{Format, ReadOptions, Reader};
use standin::model::{Brief, Fit, Preset};
use standin::pipeline::{Sampler, pieces};
use standin::{Draws, FitOptions, Method, Quality, SavedModel, Seed, Source};

use crate::support::{cases, fit, options, register, rows, sample, synth};

#[test]
fn for_any_chunking_of_the_input() {
    let file = register(400);
    let whole = synth(&file, Method::Trees, 200, "7");
    for size in [1, 13, 4096] {
        let mut reader = Reader::new(ReadOptions::default());
        file.chunks(size).for_each(|chunk| reader.push(chunk).unwrap());
        let source = Source::new(reader.finish().unwrap()).unwrap();
        let mut fitting = source.fit(&options(Method::Trees, "7")).unwrap();
        while fitting.step().unwrap() < 1.0 {}
        assert!(sample(fitting.finish(), 200, "7") == whole, "chunks of {size}");
    }
}

#[test]
fn for_a_packed_file() {
    let file = register(400);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&file).unwrap();
    let packed = gzip.finish().unwrap();
    assert!(synth(&packed, Method::Trees, 200, "7") == synth(&file, Method::Trees, 200, "7"));
}

#[test]
fn for_any_order_of_the_tasks() {
    let file = register(600);
    let by_steps = fit(&file, &options(Method::Trees, "7"));
    let source = Source::read(&file).unwrap();
    let mut fitting = source.fit(&options(Method::Trees, "7")).unwrap();
    // Those of the trial, and then those of the whole.
    while fitting.step().unwrap() < 1.0 {
        std::thread::scope(|scope| {
            for task in fitting.tasks() {
                scope.spawn(move || while task.step() {});
            }
        });
    }
    assert!(fitting.finish().save() == by_steps.save());
}

/// As workers of a browser do: all begin with the same bytes, each does some of the tasks, and all take what the others found.
#[test]
fn for_any_number_that_share_the_fit() {
    for preset in [Preset::Balanced, Preset::Cautious] {
        let (file, options) = (register(600), FitOptions { preset, ..options(Method::Trees, "7") });
        let alone = fit(&file, &options);
        for count in [1, 2, 7] {
            let source = Source::read(&file).unwrap();
            let mut fitting = source.fit(&options).unwrap();
            let brief = loop {
                fitting.step().unwrap();
                if let Some(brief) = fitting.brief() {
                    break brief.to_bytes();
                }
            };
            let hand = |_| Brief::from_bytes(&brief).unwrap().begin();
            let mut hands: Vec<_> = (0..count).map(hand).collect();
            while fitting.step().unwrap() < 1.0 {
                let open = fitting.shared().expect("begun").open_tasks();
                hands.iter_mut().for_each(|hand| while hand.open_tasks().is_empty() && hand.step() < 1.0 {});
                for number in open {
                    assert!(!fitting.shared().unwrap().take_task(number, b"something else"));
                    let who = number as usize % count;
                    let found = loop {
                        assert!(hands[who].open_tasks().contains(&number));
                        if let Some(found) = hands[who].step_task(number) {
                            break found;
                        }
                    };
                    assert!(fitting.shared().unwrap().take_task(number, &found));
                    for (_, hand) in hands.iter_mut().enumerate().filter(|(other, _)| *other != who) {
                        assert!(hand.take_task(number, &found));
                    }
                }
            }
            assert!(fitting.finish().save() == alone.save(), "{count} hands");
        }
    }
    assert!(Brief::from_bytes(b"none").is_none());
}

#[test]
fn a_shorter_file_begins_a_longer_one() {
    for method in [Method::Independent, Method::Trees] {
        let model = fit(&register(300), &options(method, "1"));
        let long = sample(model.clone(), 10_000, "x");
        for count in [1, 2047, 4096, 4097, 9999] {
            assert!(long.starts_with(&sample(model.clone(), count, "x")), "{count} rows");
        }
        let (_, preview) = model.preview(5, "x", Draws::Spread);
        assert_eq!(preview, rows(&long)[..5]);
    }
}

#[test]
fn for_any_pieces_of_the_sample() {
    let files = [register(300), cases(300), cases(3000)];
    let all = files.iter().flat_map(|file| [Method::Independent, Method::Trees].map(|method| (file, method)));
    for (file, method) in all {
        let model = fit(file, &options(method, "1"));
        let (seed, dialect) = (Seed::new("x"), model.dialect(None).unwrap());
        let piece = |draws, rows| model.piece(rows, &seed, draws, &dialect);
        for draws in [Draws::Spread, Draws::Independent] {
            let whole = piece(draws, 0..9000);
            for cut in [1, 130, 2047, 2048, 5000] {
                assert!([piece(draws, 0..cut), piece(draws, cut..9000)].concat() == whole, "cut at {cut}");
            }
        }
        let differ = piece(Draws::Spread, 0..100) != piece(Draws::Independent, 0..100);
        assert_eq!(differ, method == Method::Trees);
    }
}

#[test]
fn for_any_number_that_share_the_sample() {
    let model = std::sync::Arc::new(fit(&register(300), &options(Method::Trees, "1")));
    for format in [None, Some(Format::Json)] {
        let dialect = model.dialect(format).unwrap();
        let part =
            |rows, part| Sampler::shared(model.clone(), dialect.clone(), rows, "x", Draws::Spread, part);
        for rows in [1, 4096, 30_000] {
            let whole = part(rows, [0, 1]).whole().unwrap();
            for all in [2, 3, 8] {
                let mut parts: Vec<_> = (0..all).map(|which| part(rows, [which, all])).collect();
                let mut joined: Vec<u8> = Vec::new();
                for place in 0..pieces(rows, 4096).count() {
                    joined.extend(parts[place % all].next().expect("a piece for each place").unwrap());
                }
                joined.extend(parts[0].by_ref().flatten().flatten());
                assert!(joined == whole, "{rows} rows, {all} who share");
                let mut late = part(rows, [0, all]);
                late.skip_pieces(pieces(rows, 4096).count().div_ceil(all));
                assert!(late.whole().unwrap().len() <= 3);
            }
        }
    }
}

#[test]
fn another_seed_gives_another_file() {
    let model = fit(&register(300), &options(Method::Trees, "1"));
    assert!(sample(model.clone(), 100, "x") != sample(model, 100, "y"));
}

#[test]
fn a_model_survives_saving() {
    for method in [Method::Independent, Method::Trees] {
        let model = fit(&register(300), &options(method, "1"));
        let loaded = SavedModel::load(&model.save()).unwrap();
        assert!(loaded.save() == model.save());
        assert!(sample(loaded, 500, "s") == sample(model, 500, "s"));
    }
}

#[test]
fn a_preview_is_of_few_rows_and_says_so() {
    let of =
        |rows, quality, seed| fit(&register(rows), &FitOptions { quality, ..options(Method::Trees, seed) });
    let preview = of(5000, Quality::Preview, "1");
    assert_eq!((preview.info().quality, preview.info().rows < 5000), (Quality::Preview, true));
    assert_eq!(SavedModel::load(&preview.save()).unwrap().info(), preview.info());
    assert!(of(5000, Quality::Preview, "1").save() == preview.save());
    assert!(of(5000, Quality::Preview, "2").save() != preview.save());
    // All the rows of a small table, and yet not the full model by its own word.
    let [small, full] = [Quality::Preview, Quality::Full].map(|quality| of(100, quality, "1"));
    assert!(sample(small.clone(), 100, "s") == sample(full.clone(), 100, "s"));
    assert_ne!(small.info(), full.info());
}

/// The bytes of today. A change here changes every synthetic file in the world: make it on purpose, and say so in
/// the release notes.
#[test]
fn the_bytes_are_pinned() {
    let checksum = |bytes: Vec<u8>| {
        bytes.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3) // FNV-1a
        })
    };
    let of = |method| checksum(synth(&register(500), method, 1000, "pinned"));
    assert_eq!([of(Method::Independent), of(Method::Trees)], PINNED);
}
const PINNED: [u64; 2] = [6_918_963_342_183_854_015, 15_358_417_867_108_227_616];
