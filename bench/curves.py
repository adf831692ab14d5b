"""What the native program costs as tables grow, in rows and in columns: seconds of fit and of sampling, and peak memory.

  curves.py --bin STANDIN --out DIR

The tables are made here from a seed: numbers, categories and dates that depend on one another, some cells empty. As many rows
are sampled as were fitted. Of more than a million rows the program learns from a uniform sample. The tables stay in
--out/curves, where curves.mjs measures them in a browser.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd

from cost import measure

ROWS, COLUMNS_OF_ROWS = [1_000, 10_000, 100_000, 1_000_000, 5_000_000], 20
COLUMNS, ROWS_OF_COLUMNS = [5, 20, 50, 100, 500], 5_000
KINDS = ["whole", "price", "category", "measure", "date"]
AT_ONCE = 100_000  # rows made in one go, so that the making takes little memory


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    a = parser.parse_args()
    tables = a.out / "curves"
    tables.mkdir(parents=True, exist_ok=True)
    sizes = [("rows", n, COLUMNS_OF_ROWS) for n in ROWS] + [("columns", ROWS_OF_COLUMNS, n) for n in COLUMNS]
    points = []
    for curve, rows, columns in sizes:
        table, model, out = (tables / f"{rows}x{columns}.{ending}" for ending in ("csv", "standin", "synthetic.csv"))
        made(table, rows, columns)
        fit = measure([a.bin, "fit", table, "-o", model, "--seed", "1"])
        sample = measure([a.bin, "sample", model, "-o", out, "--rows", rows, "--seed", "1"])
        point = {"curve": curve, "rows": rows, "columns": columns, "fit_s": fit[0], "fit_mb": fit[1]}
        points.append(point | {"sample_s": sample[0], "sample_mb": sample[1], "model_mb": model.stat().st_size / 1e6})
        steps = "; ".join(f"{step} {s:.2f} s, {mb:.0f} MB" for step, (s, mb) in (("fit", fit), ("sample", sample)))
        print(f"{rows:,} rows, {columns} columns: {steps}", flush=True)
        for file in (model, out):
            file.unlink()
    (a.out / "curves.json").write_text(json.dumps({"points": points}, indent=1))


def made(path, rows, columns):
    random = np.random.default_rng([rows, columns])
    pulls = random.normal(size=(columns, 3)) * [1, 0.7, 0.5]  # how much a column follows the three before it
    for start in range(0, rows, AT_ONCE):
        count = min(AT_ONCE, rows - start)
        hidden = random.normal(size=(columns + 3, count))
        for i in range(columns):
            hidden[i + 3] += pulls[i] @ hidden[i : i + 3]
            hidden[i + 3] /= np.sqrt(1 + (pulls[i] ** 2).sum())
        table = pd.DataFrame({f"{KINDS[i % 5]}_{i}": cells(KINDS[i % 5], hidden[i + 3]) for i in range(columns)})
        gaps = random.random(table.shape) < np.where(np.arange(columns) % 4 == 3, 0.1, 0)
        table.mask(gaps).to_csv(path, mode="a" if start else "w", header=not start, index=False)


def cells(kind, hidden):
    if kind == "whole":
        return pd.array(np.round(40 + 12 * hidden), dtype="Int64")
    if kind == "price":
        return np.exp(3 + hidden).round(2)
    if kind == "category":
        return pd.cut(pd.Series(hidden), [-np.inf, -1, -0.3, 0, 0.4, 1.2, np.inf], labels=list("ABCDEF")).astype(str)
    if kind == "measure":
        return (hidden**3).round(4)
    return pd.Timestamp("2020-01-01") + pd.to_timedelta(np.round(300 * hidden), unit="D")


if __name__ == "__main__":
    main()
