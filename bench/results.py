"""Writes RESULTS.md, and plots/ beside it, from what the other scripts left behind.

  results.py --measured DIR [--earlier DIR ...] --published peers.tsv --to RESULTS.md

What other generators score comes from bench/peers.tsv, the digest of peers.py; --published are figures of outputs that others
published.

A part that was not measured with this program is taken from --earlier, what earlier programs left behind, the newest first, else
it stays as it stands in the document. Either says so.
"""

import argparse
import datetime
import json
import math
import os
import platform
import statistics
from importlib.metadata import version
from pathlib import Path

import plots
import quality_results
from figures import FIGURES, found, rows
from grid import grid, number

EARLIER = "Measured with an earlier version of the program, on"


def main():
    parser = argparse.ArgumentParser()
    for name in ("measured", "published", "to"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--earlier", type=Path, nargs="*", default=[])
    a = parser.parse_args()
    measured = Measured([a.measured, *a.earlier])
    sections = kept(a.to)

    def section(head, made, *names):
        if all(parts := [measured.one(name) for name in names]):
            sections[head] = made(*parts) + measured.note(names)

    if quality := measured.one("quality"):
        tables = found(quality, Path(__file__).with_name("peers.tsv"))
        published = [row for row in rows(a.published) if row["generator"] != "held-out real"]
        plot = Path("plots/front.svg")
        plots.draw(tables, a.to.parent / plot)
        section("Quality and privacy", lambda quality: quality_results.section(quality, tables, plot), "quality")
        section("Every figure", lambda quality: quality_results.every_figure(tables, published), "quality")
    section("What each part brings", ablation_section, "ablation")
    section("Speed and memory", speed_section, "native", "browser")
    section("Speed on larger tables", larger_section, "larger")
    section("Cost as tables grow", curves_section, "curves")
    section("A gigabyte in a tab", large_section, "large")
    section("Messy files", files_section, "files")
    section("Dialects", dialects_section, "dialects")
    section("Kinds of columns", kinds_section, "kinds")
    section("Size", size_section, "sizes")
    texts = [f"## {head}\n\n{text}" for head, text in sections.items()]
    a.to.write_text("\n\n".join([heading(), contents(sections), *texts]) + "\n")


def kept(document):
    """The sections of the document as it is."""
    if not document.exists():
        return {}
    top, *texts = document.read_text().split("\n## ")
    day = next(line for line in top.splitlines() if line.startswith("- ")).removeprefix("- ").split(";")[0]
    sections = {head: text.strip() for head, text in (text.split("\n", 1) for text in texts)}
    return {head: text if EARLIER in text else f"{text}\n\n{EARLIER} {day}." for head, text in sections.items()}


class Measured:
    """What the other scripts left behind, in directories of this program and earlier ones, the newest first."""

    def __init__(self, directories):
        self.own, self.directories = directories[0], directories

    def path(self, name):
        paths = (directory / f"{name}.json" for directory in self.directories)
        return next((path for path in paths if path.exists()), None)

    def one(self, name):
        path = self.path(name)
        return path and json.loads(path.read_text())

    def note(self, names):
        earlier = [path for path in map(self.path, names) if path.parent != self.own]
        if not earlier:
            return ""
        day = datetime.date.fromtimestamp(min(path.stat().st_mtime for path in earlier))
        return f"\n\n{EARLIER} {day}."


def heading():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        "# Measured results\n\n"
        "Made by `cargo xtask bench` and by nothing else; run it to get this file again. "
        "`cargo xtask bench quality`, `ablation`, `speed`, `curves`, `files`, `kinds` and `large` do one part each; `peers`, which is no part "
        "of a whole run since it takes days, measures other generators and keeps their figures in `bench/peers.tsv`.\n\n"
        f"- {datetime.date.today()}; {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()} {platform.machine()}\n"
        f"- Standin {own_version()}; the judge ran on Python {platform.python_version()}, "
        f"pandas {version('pandas')}, scikit-learn {version('scikit-learn')}"
    )


def contents(heads):
    """What is in the document, as links."""
    return "\n".join(f"- [{head}](#{head.lower().replace(' ', '-')})" for head in heads)


def ablation_section(ablation):
    tables, seeds = ablation["tables"], len(ablation["seeds"])
    text = (
        f"The engine without one part, `balanced`, on {len(tables)} tables: the mean figure of {seeds} seeds, less that of the whole engine "
        "with the same seeds. Above zero, the figure is higher without the part. In the last column the mean over the tables, and its "
        "standard error from how the tables differ; a part that a table has no use for changes nothing there.\n\n"
        + grid(["part", "what goes"], [[f"`{part}`", said] for part, said in ablation["parts"].items()])
    )
    for figure in next(iter(tables.values()))["nothing"]:
        mean = {name: {part: statistics.mean(values[figure]) for part, values in parts.items()} for name, parts in tables.items()}
        rows = [["the whole engine", *(number(mean[name]["nothing"]) for name in tables), ""]]
        for part in ablation["parts"]:
            changes = [mean[name][part] - mean[name]["nothing"] for name in tables]
            error = statistics.stdev(changes) / math.sqrt(len(changes))
            rows.append([f"without `{part}`", *(f"{change:+.4f}" for change in changes), f"{statistics.mean(changes):+.4f} ± {error:.4f}"])
        text += f"\n\n`{figure}`, best {FIGURES[figure][0]}:\n\n" + grid([figure, *tables, "mean"], rows)
    return text


def speed_section(native, browser):
    rows = []
    for r in native:
        low, high = r["seconds_range"]
        rows.append(["native", r["method"], f"{r['seconds']:.2f} s", f"{low:.2f}–{high:.2f} s", "", f"{r['peak_mb']:.0f} MB resident"])
    for r in browser:
        low, high = r["range"]
        memory = f"{r['wasm_mb']:.0f} MB of WebAssembly memory"
        ratio = f"{r['total'] / r['native']:.2f}" if "native" in r else ""
        rows.append([f"Chromium {r['browser']}", r["method"], f"{r['total']:.2f} s", f"{low:.2f}–{high:.2f} s", ratio, memory])
    text = (
        "The *adult* half of 24,421 rows and 15 columns: read it, fit, and write as many synthetic rows. "
        f"Medians of {(native or browser)[0]['runs']} runs, one at a time; in the browser each in a fresh context, "
        "starting the engine included, but where it was warmed up before. The ratio is to the native program run in turn with it. Peak memory.\n\n"
        + grid(["where", "method", "median", "range", "of native", "memory"], rows)
    )
    if browser:
        steps = ["start", "read", "fit", "sample"]
        split = [[r["method"]] + [f"{r[s]:.2f} s" for s in steps] for r in browser]
        text += "\n\nIn the browser, by step:\n\n" + grid(["method"] + steps, split)
    return text


def larger_section(larger):
    def row(p):
        rate = f"{round(p['rows'] / p['sample_s'], -3):,.0f}"
        memory = [f"{p[name]:.0f} MB" for name in ("fit_mb", "sample_mb")]
        return [p["table"], f"{p['rows']:,}", str(p["columns"]), f"{p['fit_s']:.2f} s", f"{p['sample_s']:.2f} s", rate, *memory, f"{p['model_mb']:.1f} MB"]

    head = ["table", "rows", "columns", "fit", "sample as many", "rows a second", "memory to fit", "to sample", "model"]
    return (
        f"The native program with all cores, preset `balanced`: from reading the table to the saved model, and from the model to as many "
        f"rows written as CSV. Medians of {larger[0]['runs']} runs. Peak memory, resident.\n\n" + grid(head, [row(p) for p in larger])
    )


LEARNED = 1_000_000  # rows that are learned from, at most


def curves_section(curves):
    def row(p):
        b = p.get("browser")
        native = [f"{p['fit_s']:.2f} s", f"{p['sample_s']:.2f} s", f"{p['fit_mb']:.0f} MB", f"{p['sample_mb']:.0f} MB", f"{p['model_mb']:.1f} MB"]
        sampled = f"{b['sample_s']:.2f} s" if b and "sample_s" in b else "not run"
        tab = [f"{b['fit_s']:.2f} s", sampled, f"{b['wasm_mb']:.0f} MB"] if b else ["not run"] * 3
        return [f"{p['rows']:,}", str(p["columns"]), *native, *tab]

    head = ["rows", "columns", "fit", "sample as many", "memory to fit", "to sample", "model", "in the tab: fit", "sample", "memory"]
    text = (
        "Preset `balanced` on tables made by `bench/curves.py`: whole numbers, prices, categories, measures and dates "
        "that depend on one another, some with gaps. One run each. Native times are of the whole program, from reading to writing, with "
        f"all cores; those of the tab (Chromium {curves.get('browser')}) are of one worker, and its memory is WebAssembly's. "
        f"Of more than {LEARNED:,} rows a random {LEARNED:,} are learned from."
    )
    for curve in ("rows", "columns"):
        points = [p for p in curves["points"] if p["curve"] == curve]
        some = [p for p in points if p["rows"] <= LEARNED]
        told = [f"{exponent(some, curve, of(step)):.2f} to {step}" for of in (native_of, tab_of) for step in ("fit", "sample")]
        text += (
            f"\n\nTime grows as the {curve} to the power of {told[0]} and {told[1]}, in the tab of {told[2]} and {told[3]} "
            "(least squares of the logarithms).\n\n" + grid(head, [row(p) for p in points])
        )
    return text


def native_of(step):
    return lambda point: point[f"{step}_s"]


def tab_of(step):
    return lambda point: point.get("browser", {}).get(f"{step}_s")


def exponent(points, size, seconds):
    """The b of seconds = a · size^b, by least squares of the logarithms."""
    known = [p for p in points if seconds(p)]
    slope, _ = statistics.linear_regression([math.log(p[size]) for p in known], [math.log(seconds(p)) for p in known])
    return slope


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
    return grid(["file", "raw", "brotli"], rows)


def files_section(files):
    names = ["read", "refused", "faults"]
    rows = [[source] + [str(count[name]) for name in names] for source, count in files["counts"].items()]
    rows.append(["**all**"] + [str(sum(count[name] for count in files["counts"].values())) for name in names])
    return (
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


def own_version():
    manifest = (Path(__file__).parent.parent / "Cargo.toml").read_text()
    return next(line.split('"')[1] for line in manifest.splitlines() if line.startswith("version"))


if __name__ == "__main__":
    main()
