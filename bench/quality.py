"""How close the synthetic tables are: fits the native program on half of four public tables and asks the judge.

  quality.py --bin STANDIN --score score.py --data DIR --out DIR

Each figure is computed against the half that was never seen, for each preset of `trees`, the baseline, and each seed.
One run is one JSON file in --out/quality, so that what was broken off goes on where it stopped; another program or judge is given another --out.
"""

import argparse
import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

TABLES = {  # name: the column that a classifier is trained to predict
    "adult": "income",
    "online-shoppers": "Revenue",
    "bank-marketing": "y",
    "credit-default": "default payment next month",
}
METHODS = {  # name: how the program is called
    "balanced": [],
    "faithful": ["--preset", "faithful"],
    "cautious": ["--preset", "cautious"],
    "independent": ["--method", "independent"],
}
SEEDS = [1, 2, 3]
ROWS = 6000  # rows that the judge's slower figures look at


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "score", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    a = parser.parse_args()
    splits = a.data / "tables" / "mostly_benchmark_splits"
    tables = a.out / "tables"
    runs = a.out / "quality"
    for directory in (tables, runs):
        directory.mkdir(parents=True, exist_ok=True)

    total = len(TABLES) * (1 + len(METHODS) * len(SEEDS))
    results, done = [], 0
    for table, target in TABLES.items():
        train, holdout = (unpack(splits / f"{table}_{part}.csv.gz", tables) for part in ("trn", "hol"))
        for method, seed in [("ceiling", 0)] + [(m, s) for m in METHODS for s in SEEDS]:
            done += 1
            saved = runs / f"{table}-{method}-{seed}.json"
            if not saved.exists():
                print(f"{done}/{total} {table}, {method}, seed {seed}", flush=True)
                if method == "ceiling":
                    # The judge adds the ceiling to whatever it is given; here only that half of its answer counts.
                    synthetic = holdout
                else:
                    synthetic = tables / f"{table}_{method}_{seed}.csv"
                    run([a.bin, "synth", train, "-o", synthetic, "--seed", seed] + METHODS[method])
                judge(a.score, train, holdout, synthetic, target, saved, with_ceiling=method == "ceiling")
            answer = json.loads(saved.read_text())
            figures = answer["ceiling"] if method == "ceiling" else answer["synth"]
            if "trtr" in figures:
                figures["tstr"] = figures.pop("trtr")
            results.append({"table": table, "method": method, "seed": seed, "figures": figures})
    (a.out / "quality.json").write_text(json.dumps({"rows": ROWS, "seeds": SEEDS, "runs": results}, indent=1))


def judge(score, train, holdout, synthetic, target, saved, with_ceiling):
    unfinished = saved.with_suffix(".part")
    options = ["--target", target, "--rows", ROWS, "--json", unfinished] + ([] if with_ceiling else ["--no-ceiling"])
    run([sys.executable, score, train, holdout, synthetic] + options)
    unfinished.rename(saved)


def unpack(packed, into):
    plain = into / packed.stem
    if not plain.exists():
        with gzip.open(packed, "rb") as source, open(plain, "wb") as target:
            shutil.copyfileobj(source, target)
    return plain


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{Path(command[0]).name} failed ({done.returncode})\n{done.stderr}")



if __name__ == "__main__":
    main()
