"""How long the native program takes and how much memory, from reading the table to the written synthetic one.

  speed.py --bin STANDIN --data DIR --out DIR
"""

import argparse
import json
import statistics
from pathlib import Path

from cost import measure
from curves import made
from quality import METHODS
from tables import halves

RUNS = 5
LONG_RUNS = 3


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    a = parser.parse_args()
    table, _ = halves("adult", a.data, a.out / "tables")
    results = []
    for method in METHODS:
        words = [a.bin, "synth", table, "-o", table.with_name("speed.csv"), "--seed", "1", *METHODS[method]]
        runs = [measure(words) for _ in range(RUNS)]
        seconds, megabytes = zip(*runs)
        results.append({
            "method": method,
            "runs": RUNS,
            "seconds": statistics.median(seconds),
            "seconds_range": [min(seconds), max(seconds)],
            "peak_mb": statistics.median(megabytes),
        })
        print(f"native, {method}: {results[-1]['seconds']:.2f} s, {results[-1]['peak_mb']:.0f} MB", flush=True)
    (a.out / "native.json").write_text(json.dumps(results, indent=1))
    (a.out / "larger.json").write_text(json.dumps([*larger(a)], indent=1))


def larger(a):
    """Fit and sampling apart, as many rows as were fitted: half of a wide table, and a long one that is made."""
    half, _ = halves("credit-default", a.data, a.out / "tables")
    long = a.out / "tables" / "made_1000000x15.csv"
    made(long, 1_000_000, 15)
    for name, table, rows, columns in (("credit-default, half", half, 15_000, 24), ("made by bench/curves.py", long, 1_000_000, 15)):
        model, out = long.with_suffix(".standin"), long.with_suffix(".synthetic.csv")
        runs = []
        for _ in range(LONG_RUNS):
            fit = measure([a.bin, "fit", table, "-o", model, "--seed", "1"])
            sample = measure([a.bin, "sample", model, "-o", out, "--rows", rows, "--seed", "1"])
            runs.append([*fit, *sample])
        fit_s, fit_mb, sample_s, sample_mb = map(statistics.median, zip(*runs))
        point = {"table": name, "rows": rows, "columns": columns, "runs": LONG_RUNS, "fit_s": fit_s, "fit_mb": fit_mb}
        print(f"native, {name}: fit {fit_s:.2f} s, sample {sample_s:.2f} s", flush=True)
        yield point | {"sample_s": sample_s, "sample_mb": sample_mb, "model_mb": model.stat().st_size / 1e6}
        for file in (model, out):
            file.unlink()


if __name__ == "__main__":
    main()
