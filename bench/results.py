"""Writes RESULTS.md from what quality.py, speed.py, files.py, dialects.py, kinds.py, browser.mjs and large.mjs left behind.

  results.py --measured DIR --peers peers.tsv --sizes JSON --to RESULTS.md

Sections whose measurement is missing are left out; the document says which command makes them.
"""

import argparse
import csv
import datetime
import json
import os
import platform
import statistics
from importlib.metadata import version
from pathlib import Path

FIGURES = {  # name: what is best, and what it says
    "shapes": ("1", "mean over columns of how alike the distributions are (SDMetrics *Column Shapes*)"),
    "trends": ("1", "the same for pairs of columns (SDMetrics *Column Pair Trends*)"),
    "c2st_auc": ("0.5", "how well boosted trees tell synthetic rows from unseen real ones; 0.5 is not at all"),
    "c2st_lr": ("0.5", "the same with logistic regression"),
    "coverage": ("ceiling", "share of real rows with a synthetic row among their five nearest"),
    "density": ("ceiling", "how many real neighbourhoods a synthetic row falls into"),
    "copies": ("ceiling", "share of synthetic rows that equal a fitted row; the ceiling is what real rows do by chance"),
    "dcr_share": ("0.5", "share of synthetic rows nearer to a fitted row than to an unseen one"),
    "mia_auc": ("0.5", "how well the distance to synthetic rows tells who was in the fitted data"),
    "mia_tpr1": ("0.01", "the true positives of that attack at 1 % false positives"),
    "tstr": ("ceiling", "AUC on unseen real rows of a classifier that learnt from synthetic rows only"),
}


def main():
    parser = argparse.ArgumentParser()
    for name in ("measured", "peers", "sizes", "to"):
        parser.add_argument(f"--{name}", type=Path)
    a = parser.parse_args()
    parts = [heading()]
    if quality := load(a.measured / "quality.json"):
        parts += quality_section(quality, peers(a.peers))
    native, browser = load(a.measured / "native.json"), load(a.measured / "browser.json")
    if native or browser:
        parts.append(speed_section(native or [], browser or []))
    if large := load(a.measured / "large.json"):
        parts.append(large_section(large))
    if files := load(a.measured / "files.json"):
        parts.append(files_section(files))
    if dialects := load(a.measured / "dialects.json"):
        parts.append(dialects_section(dialects))
    if kinds := load(a.measured / "kinds.json"):
        parts.append(kinds_section(kinds))
    if sizes := load(a.sizes):
        parts.append(size_section(sizes))
    a.to.write_text("\n\n".join(parts) + "\n")


def heading():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        "# Measured results\n\n"
        "Made by `cargo xtask bench` and by nothing else; run it to get this file again. "
        "`cargo xtask bench quality`, `speed`, `files`, `kinds` and `large` do one part each.\n\n"
        f"- {datetime.date.today()}; {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()} {platform.machine()}\n"
        f"- Standin {own_version()}; the judge ran on Python {platform.python_version()}, "
        f"pandas {version('pandas')}, scikit-learn {version('scikit-learn')}"
    )


def quality_section(quality, peers):
    seeds = len(quality["seeds"])
    out = [
        "## Quality and privacy\n\n"
        "Each table was split in equal halves. Standin was fitted on one and judged against the other, which it never saw. "
        f"Figures of Standin are medians of {seeds} seeds, with the least and the greatest below each table. "
        f"The judge's slower figures look at {quality['rows']:,} rows. The other generators' figures are of the tables that "
        "their makers or users published, judged the same way on the same halves; they were not run or tuned here.\n\n"
        + grid(["figure", "best", "what it says"], [[f"`{k}`", best, text] for k, (best, text) in FIGURES.items()])
        + "\n\n*held-out real* puts the unseen half in the synthetic table's place: what a perfect generator that copies "
        "nobody would score."
    ]
    for table in dict.fromkeys(run["table"] for run in quality["runs"]):
        runs = [run for run in quality["runs"] if run["table"] == table]
        methods = dict.fromkeys(run["method"] for run in runs)
        values = {m: {k: [r["figures"].get(k) for r in runs if r["method"] == m] for k in FIGURES} for m in methods}
        label = {m: "held-out real" if m == "ceiling" else f"**standin, {m}**" for m in methods}
        rows = [[label[m]] + [number(statistics.median(values[m][k])) for k in FIGURES] for m in methods]
        rows += [[p["generator"]] + [number(float(p[k])) for k in FIGURES] for p in peers if p["table"] == table]
        spread = [
            [label[m]] + [f"{number(min(values[m][k]))}–{number(max(values[m][k]))}" for k in FIGURES]
            for m in methods
            if m != "ceiling"
        ]
        names = [f"`{k}`" for k in FIGURES]
        out.append(f"### {table}\n\n{grid(['generator'] + names, rows)}\n\n{grid([f'{seeds} seeds'] + names, spread)}")
    return out


def speed_section(native, browser):
    rows = []
    for r in native:
        low, high = r["seconds_range"]
        rows.append(["native", r["method"], f"{r['seconds']:.2f} s", f"{low:.2f}–{high:.2f} s", f"{r['peak_mb']:.0f} MB resident"])
    for r in browser:
        low, high = r["range"]
        memory = f"{r['wasm_mb']:.0f} MB of WebAssembly memory"
        rows.append([f"Chromium {r['browser']}", r["method"], f"{r['total']:.2f} s", f"{low:.2f}–{high:.2f} s", memory])
    text = (
        "## Speed and memory\n\n"
        "The *adult* half of 24,421 rows and 15 columns: read it, fit, and write as many synthetic rows. "
        f"Medians of {(native or browser)[0]['runs']} runs, one at a time; in the browser each in a fresh context, "
        "starting the engine included. Peak memory.\n\n"
        + grid(["where", "method", "median", "range", "memory"], rows)
    )
    if browser:
        steps = ["start", "read", "fit", "sample"]
        split = [[r["method"]] + [f"{r[s]:.2f} s" for s in steps] for r in browser]
        text += "\n\nIn the browser, by step:\n\n" + grid(["method"] + steps, split)
    return text


def large_section(large):
    w, stop = large["whole"], large["stop"]
    size = w["bytes"] / 1e6
    steps = [
        ["read to the last byte", f"{w['read']:.1f} s", f"{size / w['read']:.0f} MB/s", ""],
        ["columns understood (*inspect*)", f"{w['inspect']:.1f} s", f"{size / w['inspect']:.0f} MB/s", f"{w['wasm_inspect_mb']:.0f} MB"],
        ["and fitted, trees, a fifth held out", f"{w['inspect'] + w['fit']:.1f} s", "", f"{w['wasm_fit_mb']:.0f} MB"],
    ]
    base = next(r for r in large["parse"] if r["name"] == "standin")
    does = {
        "standin": "keeps a sample of at most a million rows as codes; every row is checked",
        "standin, all rows": "keeps every row as codes",
        "papaparse": "rows as arrays of strings, counted and let go",
        "duckdb": "`CREATE TABLE AS SELECT * FROM read_csv(…)`, typed, every row",
    }
    rows = []
    for r in large["parse"]:
        low, high = r["range"]
        speed, ratio = r["bytes"] / 1e6 / r["seconds"], r["seconds"] / base["seconds"]
        rows.append(
            [r["name"], does[r["name"]], f"{r['seconds']:.2f} s", f"{low:.2f}–{high:.2f} s", f"{speed:.0f} MB/s", f"{ratio:.2f}"]
            + [f"{r['resident_mb']:.0f} MB"]
        )
    return (
        "## A gigabyte in a tab\n\n"
        f"A generated table of {w['rows']:,} rows and 12 columns, {size:.0f} MB on disk (`bench/made.mjs`), given to the library through "
        f"a file field in Chromium {w['browser']}, {large['date']}, one run, one worker, "
        f"at a load of {large['load']:.0f} on {large['cores']} cores (with more than one a core, times say little and the ratios below not "
        f"much). A random {w['kept']:,} of the rows were used, "
        f"within the default of 1,024 MB and a million rows. The process of the tab never held more than {w['resident_mb']:.0f} MB. "
        f"The page itself never waited longer than {max(w['page_gap_ms'], 0):.0f} ms, and a cancel while reading took at most "
        f"{max(stop['cancel_ms']):.0f} ms ({len(stop['cancel_ms'])} tried).\n\n"
        + grid(["until", "time", "speed", "WebAssembly memory"], steps)
        + f"\n\nParsing the same kind of table of {base['bytes'] / 1e6:.0f} MB and {base['rows']:,} rows beside other readers in the same "
        f"browser, in turn, medians of {base['runs']} runs in fresh browsers; starting an engine does not count. They do not all do the "
        "same work.\n\n" + grid(["reader", "what it does", "median", "range", "speed", "time, of Standin's", "tab's memory"], rows)
    )


def size_section(sizes):
    rows = [[name, f"{raw / 1e3:,.1f} kB", f"{brotli / 1e3:,.1f} kB"] for name, raw, brotli in sizes]
    return "## Size\n\n" + grid(["file", "raw", "brotli"], rows)


def files_section(files):
    names = ["read", "refused", "faults"]
    rows = [[source] + [str(count[name]) for name in names] for source, count in files["counts"].items()]
    rows.append(["**all**"] + [str(sum(count[name] for count in files["counts"].values())) for name in names])
    return (
        "## Messy files\n\n"
        "Files from other projects' tests, many made to break readers. *Refused* is exit code 2 and one line that says where and "
        f"what to do; a *fault* would be a crash, more than {files['seconds']} seconds or more than {files['memory_gb']} GB. "
        "Whether what was read was read right is the next section's.\n\n" + grid(["source"] + names, rows)
    )


def dialects_section(dialects):
    names = ["delimiter", "quote", "header", "width", "all"]
    tools = dialects["tools"]
    rows = [[tool] + [str(found["right"].get(name, 0)) for name in names] for tool, found in tools.items()]
    versions = f"DuckDB {version('duckdb')} (`sniff_csv`) and CleverCSV {version('clevercsv')}"
    missed = "\n".join(f"- {tool}: {count(found['misses'])}" for tool, found in tools.items())
    return (
        "## Dialects\n\n"
        f"Of {dialects['files']} files whose truth was written by hand (`bench/truth/dialects.tsv`), those of which the delimiter, the "
        f"quote, the header and the number of columns were told right, and all four, beside {versions}. `bench/dialects.py` says what counts as "
        "right. A file that a tool refuses is wrong in all.\n\n" + grid(["tool"] + names, rows) + "\n\nEach one's misses:\n\n" + missed
    )


def count(misses):
    return f"{len(misses)}" + (": " + "; ".join(f"`{miss.split(': ')[0]}`" for miss in misses) if misses else "")
def kinds_section(kinds):
    columns, verdicts = kinds["columns"], ("right", "acceptable", "wrong")

    def counted(name, some):
        counts = [sum(c["verdict"] == verdict for c in some) for verdict in verdicts]
        files = {}
        for c in some:
            files.setdefault(c["file"], []).append(c["verdict"] != "wrong")
        by_file = statistics.mean(statistics.mean(fine) for fine in files.values())
        shares = [counts[0] / len(some), (counts[0] + counts[1]) / len(some), by_file]
        return [name, *map(str, [len(files), len(some), *counts]), *(f"{100 * share:.1f} %" for share in shares)]

    folders = dict.fromkeys(c["file"].split("/")[0] for c in columns)
    rows = [counted(folder, [c for c in columns if c["file"].split("/")[0] == folder]) for folder in folders]
    rows.append(counted("**all**", columns))
    text = (
        "## Kinds of columns\n\n"
        "What Standin says each column of real tables is, beside a truth written by hand (`bench/truth/kinds.tsv`, whose head "
        "says what was decided). *Acceptable* is another kind that a careful analyst would take. "
        f"The last share gives each file the same weight. Not counted: {kinds['empty']} columns without a cell.\n\n"
        + grid(["folder", "files", "columns", *verdicts, "share right", "or acceptable", "by file"], rows)
    )
    sure = {v: [c["confidence"] for c in columns if c["verdict"] == v and c["confidence"] is not None] for v in verdicts}
    if means := [f"{number(statistics.mean(s))} where {verdict}" for verdict, s in sure.items() if s]:
        text += f"\n\nMean confidence: {', '.join(means)}."

    truths = sorted({c["truth"] for c in columns}, key=lambda kind: -sum(c["truth"] == kind for c in columns))
    said = [kind for kind in truths if any(c["said"] == kind for c in columns)]
    said += sorted({c["said"] for c in columns} - set(said))
    table = [[sum((c["truth"], c["said"]) == (t, s) for c in columns) for s in said] for t in truths]
    rows = [[t, *(str(n) if n else "" for n in row), str(sum(row))] for t, row in zip(truths, table)]
    text += "\n\nWhat was said (across) of what is true (down), acceptable or not:\n\n"
    text += grid(["", *said, "all"], rows)

    errors = {}
    for c in columns:
        if c["verdict"] == "wrong":
            errors.setdefault((c["file"], c["truth"], c["said"]), []).append(f"`{c['column']}`")
    if errors:
        rows = [[*key, ", ".join(names)] for key, names in errors.items()]
        text += "\n\nEvery error:\n\n" + grid(["file", "truth", "said", "columns"], rows)
    return text


def peers(path):
    if not path or not path.exists():
        return []
    with open(path, newline="") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["generator"] != "held-out real"]


def own_version():
    manifest = (Path(__file__).parent.parent / "Cargo.toml").read_text()
    return next(line.split('"')[1] for line in manifest.splitlines() if line.startswith("version"))


def number(x):
    return f"{x:.4f}"


def grid(head, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head)] + rows)


def load(path):
    return json.loads(path.read_text()) if path and path.exists() else None


if __name__ == "__main__":
    main()
