//! The report as one self-contained page: aggregates only, no row, no script. What it says first is the verdict, then four dials,
//! then side by side the figures, pictures, each with the table behind it, and lists of what was found.

use std::fmt::Write;

use super::charts::{self, Chart, Sheet, draw, escape, percent};
use super::lists::{List, lists};
use super::{Dial, Report, Score, Side, Verdict};

const STYLE: &str = ":root{color-scheme:light dark;--paper:#fbfcfb;--ink:#1c2321;--soft:#56615c;--line:#d9dfdc;\
--good:#0f6b5c;--look:#8a5800;--bad:#a62b2b}\
@media(prefers-color-scheme:dark){:root{--paper:#141917;--ink:#e4eae7;--soft:#a1aca6;--line:#36403c;\
--good:#6fcbb6;--look:#e6b35a;--bad:#f19288}}\
*{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 .625rem;\
color:var(--ink);background:var(--paper);overflow-wrap:anywhere}h1{font-size:1.6rem;line-height:1.25;margin:0}\
h2{font-size:1.3rem;margin:2.5rem 0 .5rem;border-top:1px solid var(--line);padding-top:1.5rem}\
h3{font-size:1rem;margin:0}p{margin:.35rem 0}.soft{color:var(--soft)}.verdict{font-size:1.15rem;margin-top:.75rem}\
.dials{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1.5rem 0 0;padding:0;list-style:none}\
.dials li{border:1px solid var(--line);border-radius:.6rem;padding:.75rem;text-align:center}\
.dials svg{display:block;width:7rem;margin:0 auto .25rem}.dials b{display:block}\
.good{color:var(--good)}.look{color:var(--look)}.bad{color:var(--bad)}\
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:.9rem 2rem;margin:1rem 0 0}\
.charts{columns:22rem 2;column-gap:2rem;margin-top:1.75rem}\
figure{margin:0 0 2rem;break-inside:avoid}figcaption{margin-bottom:.6rem}details{margin-top:.4rem}summary{cursor:pointer;color:var(--soft)}\
.sheet{overflow-x:auto;max-height:24rem;overflow-y:auto}table{border-collapse:collapse;width:100%;font-size:.875rem}\
th,td{text-align:right;padding:.25rem 0 .25rem .75rem;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums;\
min-width:3.5rem}th:first-child,td:first-child{text-align:left;padding-left:0;min-width:6rem}\
@media print{details{display:none}}";

/// A complete HTML document.
pub fn html(report: &Report) -> String {
    page(report, &draw(report))
}

/// The same with its charts drawn already.
pub fn page(report: &Report, charts: &[Chart]) -> String {
    let mut page = String::new();
    let _ = write!(
        page,
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>Standin report</title><style>{STYLE}{}</style></head><body><main>\
         <h1>How good is the synthetic table?</h1><p class=verdict>{}</p><p class=soft>{} synthetic rows, judged \
         against {} training rows",
        charts::STYLE,
        verdict(&report.dials),
        report.rows.synthetic,
        report.rows.train
    );
    let _ = match report.rows.holdout {
        0 => write!(page, "; no rows were held out, so figures that need unseen rows are left out.</p>"),
        rows => write!(page, " beside {rows} real rows that the model never saw.</p>"),
    };
    if let Some(rows) = report.rows.looked_at {
        let _ = write!(page, "<p class=soft>Of each table at most {rows} rows were looked at, by lot.</p>");
    }
    page.push_str("<ul class=dials>");
    report.dials.iter().for_each(|dial| gauge(&mut page, dial));
    page.push_str("</ul>");
    let lists = lists(report);
    for dial in &report.dials {
        let _ = write!(
            page,
            "<section><h2>{}</h2><div class=figures>",
            title(dial.side, !report.groups.is_empty())
        );
        report
            .scores
            .iter()
            .filter(|score| score.side == dial.side)
            .for_each(|score| figure(&mut page, score));
        page.push_str("</div><div class=charts>");
        charts.iter().filter(|chart| chart.side == dial.side).for_each(|chart| picture(&mut page, chart));
        page.push_str("</div><div class=lists>");
        lists.iter().filter(|list| list.side == dial.side).for_each(|one| list(&mut page, one));
        page.push_str("</div></section>");
    }
    page + "<p class=soft>Sums over many rows only: nothing here is told of fewer than five. What was tried and found \
            says nothing of what was not tried.</p></main></body></html>\n"
}

/// The worst side speaks for all.
fn verdict(dials: &[Dial]) -> String {
    let of = |verdict: Verdict| {
        let named: Vec<&str> =
            dials.iter().filter(|dial| dial.verdict == verdict).map(|dial| short(dial.side)).collect();
        match named.split_last() {
            Some((last, [])) => last.to_string(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    };
    let [look, bad] = [Verdict::Look, Verdict::Bad].map(of);
    match (bad.is_empty(), look.is_empty()) {
        _ if dials.is_empty() => "Nothing was judged.".into(),
        (true, true) => "Good on every side that was asked about.".into(),
        (true, false) => format!("Usable with care: look at {look} first."),
        (false, true) => format!("Not good enough: {bad} failed."),
        (false, false) => format!("Not good enough: {bad} failed, and {look} is to be looked at."),
    }
}

/// A half circle of three parts, its needle in the one that holds.
fn gauge(page: &mut String, dial: &Dial) {
    let (word, class, needle) = match dial.verdict {
        Verdict::Bad => ("bad", "bad", "M50 50L22 34"),
        Verdict::Look => ("look at it", "look", "M50 50L50 17"),
        Verdict::Good => ("good", "good", "M50 50L78 34"),
    };
    let counts: Vec<String> = dial
        .counts
        .iter()
        .zip(["good", "to look at", "bad"])
        .filter(|(count, _)| **count > 0)
        .map(|(count, says)| format!("{count} {says}"))
        .collect();
    let _ = write!(
        page,
        "<li><svg viewBox=\"0 0 100 56\" aria-hidden=true fill=none stroke-width=9><path class=bad stroke=currentColor \
         stroke-dasharray=\"3 2\" d=\"M10 50A40 40 0 0 1 28.6 16.2\"/><path class=look stroke=currentColor stroke-dasharray=\"8 2\" \
         d=\"M32.5 14A40 40 0 0 1 67.5 14\"/><path class=good stroke=currentColor d=\"M71.4 16.2A40 40 0 0 1 90 50\"/>\
         <path stroke=currentColor stroke-width=4 stroke-linecap=round d=\"{needle}\"/>\
         <circle cx=50 cy=50 r=5 fill=currentColor stroke=none /></svg>\
         <b>{}</b><b class={class}>{word}</b><span class=soft>{}</span></li>",
        short(dial.side),
        counts.join(", ")
    );
}

/// Where no groups were compared nothing is said of them.
fn title(side: Side, groups: bool) -> &'static str {
    match side {
        Side::Truth => "How true it is",
        Side::Utility => "How useful it is",
        Side::Safety => "How safe the people in it are",
        Side::Fairness if groups => "How fair it is to groups",
        Side::Fairness => "How varied it is",
    }
}

fn short(side: Side) -> &'static str {
    match side {
        Side::Truth => "truth",
        Side::Utility => "usefulness",
        Side::Safety => "safety",
        Side::Fairness => "fairness",
    }
}

fn figure(page: &mut String, score: &Score) {
    let (sign, word, class) = match score.verdict {
        Verdict::Good => ("●", "good", "good"),
        Verdict::Look => ("▲", "look at it", "look"),
        Verdict::Bad => ("■", "bad", "bad"),
    };
    let _ = write!(
        page,
        "<div><h3>{}: {} <span class={class}>{sign} {word}</span></h3><p>{}</p><p class=soft>",
        escape(score.name),
        percent(score.value),
        escape(&score.sentence)
    );
    if let Some([low, high]) = score.interval {
        let _ = write!(page, "By chance between {} and {}. ", percent(low), percent(high));
    }
    if let Some(ceiling) = score.ceiling {
        let _ = write!(page, "Held-out real rows: {}. ", percent(ceiling));
    }
    let _ = write!(page, "Perfect: {}.</p></div>", percent(score.best));
}

fn picture(page: &mut String, chart: &Chart) {
    let _ = write!(
        page,
        "<figure><figcaption><h3>{}</h3><p>{}</p></figcaption>{}<details><summary>The figures</summary>",
        escape(&chart.title),
        escape(&chart.sentence),
        chart.svg
    );
    sheet(page, &chart.table);
    page.push_str("</details></figure>");
}

fn list(page: &mut String, list: &List) {
    let _ = write!(page, "<details><summary>{}</summary>", escape(list.title));
    if let Some(hint) = list.hint {
        let _ = write!(page, "<p class=soft>{}</p>", escape(hint));
    }
    sheet(page, &list.table);
    page.push_str("</details>");
}

fn sheet(page: &mut String, sheet: &Sheet) {
    page.push_str("<div class=sheet><table><tr>");
    for head in &sheet.heads {
        let _ = write!(page, "<th>{}", escape(head));
    }
    for row in &sheet.rows {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td>{}", escape(cell));
        }
    }
    page.push_str("</table></div>");
}
