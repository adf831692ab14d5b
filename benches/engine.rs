//! Speed of the stages on an invented register of 10,000 rows: `cargo bench`.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use standin::{FitOptions, Method, SavedModel, Source};

const ROWS: usize = 10_000;

fn register() -> Vec<u8> {
    let mut csv = String::from("ward,age,fee,admitted,insured,score\n");
    for i in 0..ROWS {
        let noise = |salt: usize| (i * 7919 + salt * 104_729) % 1009;
        let (age, month) = (18 + noise(2) % 70, 1 + noise(3) % 12);
        let fee = 20.0 + age as f64 * 1.25 + noise(8) as f64 / 100.0;
        let insured = if age + noise(5) % 30 > 60 { "yes" } else { "no" };
        let _ =
            writeln!(csv, "w{},{age},{fee:.2},2023-{month:02}-01,{insured},{}", noise(1) % 9, noise(9) * age);
    }
    csv.into_bytes()
}

fn fit(source: &Source, method: Method) -> SavedModel {
    let mut fitting = source.fit(&FitOptions { method, ..FitOptions::default() }).unwrap();
    while fitting.step().unwrap() < 1.0 {}
    fitting.finish()
}

fn stages(c: &mut Criterion) {
    let file = register();
    let source = Source::read(&file).unwrap();
    let mut group = c.benchmark_group("stages");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("read", |b| b.iter(|| Source::read(black_box(&file)).unwrap()));
    group.throughput(Throughput::Elements(ROWS as u64));
    for method in [Method::Independent, Method::Trees] {
        group.bench_function(format!("fit {}", method.as_str()), |b| b.iter(|| fit(&source, method)));
        let model = fit(&source, method);
        let sample = || model.clone().sampler(ROWS as u64, "1").whole().unwrap().len();
        group.bench_function(format!("sample {}", method.as_str()), |b| b.iter(sample));
    }
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
