//! Whatever comes in: a code, a position, a way out; never a panic, never a cell's value.

use standin::{Code, Error, FitOptions, Holdout, Method, SavedModel, Source};

use crate::support::{fit, options, register, sample, synth};

fn refusal(file: &[u8]) -> Error {
    match Source::read(file).and_then(|source| source.fit(&FitOptions::default()).map(|_| ())) {
        Ok(()) => panic!("accepted"),
        Err(error) => error,
    }
}

#[test]
fn files_that_cannot_be_used() {
    let wide = ["x"; 10_000].join(",") + "\n" + &["1"; 10_000].join(",") + "\n";
    let broken_late = [b"a,b\n".as_slice(), &b"1,x\n".repeat(20_000), b"1,caf\xe9\n"].concat();
    let all_missing = "a,b\n".to_string() + &",NA\n".repeat(30);
    let cases: [(&str, &[u8], Code); 10] = [
        ("empty", b"", Code::EmptyFile),
        ("header only", b"a,b\n", Code::NoRows),
        ("one row", b"a,b\n1,2\n", Code::TooFewRows),
        ("all missing", all_missing.as_bytes(), Code::AllMissing),
        ("a PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Code::NotText),
        ("ragged", b"a,b\n1,2\n3\n", Code::RaggedRows),
        ("NUL bytes", b"a,b\n1,2\0\n", Code::NotText),
        ("UTF-8 that breaks", &broken_late, Code::NotUtf8),
        ("10,000 columns", wide.as_bytes(), Code::TooManyColumns),
        ("an endless quote", &[b"a,b\n\"".as_slice(), &vec![b'x'; 40 << 20]].concat(), Code::TooLarge),
    ];
    for (what, file, code) in cases {
        let error = refusal(file);
        assert_eq!(error.code(), code, "{what}: {error}");
        let says_what_to_do =
            [":", "mend", "choose", "save", "needed"].iter().any(|word| error.message().contains(word));
        assert!(says_what_to_do, "{what}: {error}");
    }
}

#[test]
fn errors_never_quote_a_cell() {
    let secret = "S3CR3T";
    let lines = |bad: &str| format!("a,b\n{}{bad}\n", "1,x\n".repeat(30));
    for file in [lines(&format!("{secret},{secret},{secret}")), lines(&format!("{secret},{secret}\0"))] {
        let error = refusal(file.as_bytes());
        assert_eq!(error.row(), Some(32));
        assert!(!error.to_string().contains(secret), "{error}");
    }
    let source = Source::read(lines(&format!("{secret},y")).as_bytes()).unwrap();
    let metadata = serde_json::json!({"columns": {"a": {"sdtype": "numerical"}, "b": {"sdtype": "boolean"}}});
    let error = source.inspect(Some(&metadata)).map(|_| ()).unwrap_err();
    assert_eq!((error.row(), error.column()), (Some(32), Some("a")));
    assert!(!error.to_string().contains(secret), "{error}");
}

#[test]
fn a_wrong_kind_is_told_with_its_line() {
    let rows = "\"x\ny\",1\n".repeat(30);
    let file = format!("Report of May\n\nsaid,n\n{rows}\n\"x\ny\",S3CR3T\n{rows}");
    let source = Source::read(file.as_bytes()).unwrap();
    let metadata =
        serde_json::json!({"columns": {"said": {"sdtype": "categorical"}, "n": {"sdtype": "numerical"}}});
    let error = source.inspect(Some(&metadata)).map(|_| ()).unwrap_err();
    // Three lines above the rows, two lines a row, and a blank one.
    assert_eq!((error.row(), error.column()), (Some(65), Some("n")), "{error}");
}

#[test]
fn odd_tables_still_work() {
    let column = |cells: &str| format!("x\n{}", cells.repeat(40));
    for (what, file) in [
        ("one column", column("1\n2\n3\n")),
        ("one constant column", column("7\n")),
        ("a text column", column("a\nb\n")),
        ("one empty column", "a,b\n".to_string() + &"1,\n2,\n".repeat(20)),
        ("twenty rows", "a,b\n".to_string() + &"1,x\n2,y\n".repeat(10)),
        ("quotes and newlines", "a\n".to_string() + &"\"x,\ny\"\n\"say \"\"z\"\"\"\n".repeat(20)),
        ("huge and tiny numbers", "a\n".to_string() + &"1e300\n-1e-300\n0\n2.5\n".repeat(20)),
        (
            "opposite extremes",
            "a,b\n".to_string()
                + &(0..40).map(|i| format!("{}1.{i}e308,1\n", ["", "-"][i % 2])).collect::<String>(),
        ),
    ] {
        for method in [Method::Independent, Method::Trees] {
            let synthetic = synth(file.as_bytes(), method, 50, "1");
            let back = Source::read(&synthetic).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(back.rows(), 50, "{what}");
        }
    }
}

#[test]
fn a_column_of_fewer_rows_than_must_share_a_value_is_refused() {
    let file: String = (0..40).map(|i| format!("name{},{}\n", i * i, i % 2)).collect();
    let source = Source::read(format!("who,b\n{file}").as_bytes()).unwrap();
    let metadata =
        serde_json::json!({"columns": {"who": {"sdtype": "categorical"}, "b": {"sdtype": "boolean"}}});
    let options = FitOptions { metadata: Some(metadata), min_support: 41, ..FitOptions::default() };
    let mut fitting = source.fit(&options).unwrap();
    let error = fitting.step().unwrap_err();
    assert_eq!((error.code(), error.column()), (Code::BadOptions, Some("who")));
}

#[test]
fn options_are_checked() {
    let source = Source::read(&register(50)).unwrap();
    for holdout in [-0.1, 0.6, f64::NAN, f64::INFINITY] {
        let error = source
            .fit(&FitOptions { holdout: Holdout::Share(holdout), ..FitOptions::default() })
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error.code(), Code::BadOptions);
        assert!(error.is_options());
    }
}

#[test]
fn a_damaged_model_is_refused() {
    let bytes = fit(&register(200), &options(Method::Trees, "1")).save();
    let refused = |bytes: &[u8]| SavedModel::load(bytes).map(|_| ()).unwrap_err().code() == Code::BadModel;
    assert!(refused(b"") && refused(b"standin model 11\n{}\n") && refused(b"\x89PNG"));
    for cut in [10, 16, 40, bytes.len() / 2, bytes.len() - 1] {
        assert!(refused(&bytes[..cut]), "cut at {cut}");
    }
    for at in (16..bytes.len()).step_by(bytes.len() / 200) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        // Damage in the readable line may leave a valid file; then it must still be safe to use.
        if let Ok(model) = SavedModel::load(&damaged) {
            sample(model, 10, "1");
        }
    }
}
