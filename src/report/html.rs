//! The report as one self-contained page: aggregates only, no row, no script.

use std::fmt::Write;

use super::charts::{Chart, draw};
use super::{Report, Side, Verdict};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;\
color:#1c2321;background:#fbfcfb}h1{font-size:1.6rem}h2{font-size:1.1rem;margin-top:2rem}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .8rem .4rem 0;\
border-bottom:1px solid #d9dfdc}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
@media(prefers-color-scheme:dark){body{color:#e4eae7;background:#141917}th,td{border-color:#36403c}}";

/// A complete HTML document.
pub fn html(report: &Report) -> String {
    page(report, &draw(report))
}

/// The same with its charts drawn already.
pub fn page(report: &Report, _charts: &[Chart]) -> String {
    let mut page = String::new();
    let _ = write!(
        page,
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>Standin report</title><style>{STYLE}</style><h1>How true is the synthetic table?</h1>\
         <p>{} synthetic rows, judged against {} training rows",
        report.rows.synthetic, report.rows.train
    );
    let _ = match report.rows.holdout {
        0 => write!(page, "; no rows were held out.</p>"),
        rows => write!(page, " beside {rows} real rows that the model never saw.</p>"),
    };
    table(
        &mut page,
        "Summary",
        ["Figure", "Verdict"],
        report.scores.iter().map(|score| {
            let verdict = match score.verdict {
                Verdict::Good => "good",
                Verdict::Look => "look at it",
                Verdict::Bad => "bad",
            };
            ([score.name.to_string(), verdict.to_string()], score.value, score.ceiling)
        }),
    );
    for dial in &report.dials {
        let (side, title) = (dial.side, title(dial.side));
        let _ = write!(page, "<h2>{title}</h2>");
        for score in report.scores.iter().filter(|score| score.side == side) {
            let _ = write!(page, "<p><b>{}</b>", score.name);
            if let Some([low, high]) = score.interval {
                let _ = write!(page, ", by chance between {} and {}", percent(low), percent(high));
            }
            let _ = write!(page, ". {}</p>", escape(&score.sentence));
        }
    }
    let columns =
        report.columns.iter().map(|column| ([column.name.clone(), "".into()], column.value, column.ceiling));
    table(&mut page, "Column Shapes, worst first", ["Column", ""], columns);
    let pairs = report.pairs.iter().map(|pair| ([pair.a.clone(), pair.b.clone()], pair.value, pair.ceiling));
    table(&mut page, "Column Pair Trends, the worst", ["Column", "with"], pairs);
    groups(&mut page, report);
    page + "</html>\n"
}

fn title(side: Side) -> &'static str {
    match side {
        Side::Truth => "How true it is",
        Side::Utility => "How useful it is",
        Side::Safety => "How safe the people in it are",
        Side::Fairness => "How fair it is to groups",
    }
}

fn groups(page: &mut String, report: &Report) {
    if report.groups.is_empty() {
        return;
    }
    page.push_str(
        "<h2>Groups, the most different first</h2><table><tr><th>Column<th>Group<th class=n>Share: real\
         <th class=n>synthetic<th class=n>Outcome: real<th class=n>synthetic</tr>",
    );
    for group in &report.groups {
        let told = |share: Option<f64>| share.map_or("-".into(), percent);
        let [[real, _, made], [real_rate, _, made_rate]] =
            [group.shares, group.rates].map(|all| all.map(told));
        let _ = write!(
            page,
            "<tr><td>{}<td>{}<td class=n>{real}<td class=n>{made}<td class=n>{real_rate}<td class=n>{made_rate}</tr>",
            escape(&group.column),
            escape(&group.name)
        );
    }
    page.push_str("</table>");
}

fn table(
    page: &mut String,
    title: &str,
    heads: [&str; 2],
    rows: impl Iterator<Item = ([String; 2], f64, Option<f64>)>,
) {
    let [first, second] = heads;
    let _ = write!(
        page,
        "<h2>{title}</h2><table><tr><th>{first}<th>{second}<th class=n>Synthetic<th class=n>Held-out real</tr>"
    );
    for ([first, second], value, ceiling) in rows {
        let _ = write!(
            page,
            "<tr><td>{}<td>{}<td class=n>{}<td class=n>{}</tr>",
            escape(&first),
            escape(&second),
            percent(value),
            ceiling.map_or("-".into(), percent)
        );
    }
    page.push_str("</table>");
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
