"""How close and how private the synthetic tables are: fits the native program on half of each public table and asks the judge.

  quality.py --bin STANDIN --score score.py --data DIR --out DIR [--tables heart,penguins] [--methods balanced]

Each figure is computed against the half that was never seen, for each preset of `trees`, the baseline, and each seed; the
ceiling is what held-out rows score in the synthetic table's place. As many runs go side by side as there are cores. One run is
one JSON file in --out/quality, so that what was broken off goes on where it stopped; another program or judge is given another
--out. What was measured is printed beside its targets.
"""

import argparse
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import quality_results
from figures import found
from judged import ROWS, Judge, run
from tables import TABLES, halves

METHODS = {  # name: how the program is called
    "balanced": [],
    "faithful": ["--preset", "faithful"],
    "cautious": ["--preset", "cautious"],
    "independent": ["--method", "independent"],
}
SEEDS = {"balanced": [1, 2, 3], "faithful": [1], "cautious": [1], "independent": [1]}  # the default is judged by more


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "score", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--tables", type=lambda text: text.split(","), default=list(TABLES))
    parser.add_argument("--methods", type=lambda text: text.split(","), default=list(METHODS))
    a = parser.parse_args()
    runs, judge = a.out / "quality", Judge(a.score)
    runs.mkdir(parents=True, exist_ok=True)

    def measured(table, method, seed):
        saved = runs / f"{table}-{method}-{seed}.json"
        if not saved.exists():
            print(f"{table}, {method}, seed {seed}", flush=True)
            train, holdout = halves(table, a.data, a.out / "tables")
            synthetic = train.with_name(f"{table}_{method}_{seed}.csv")
            if method == "ceiling":
                figures = judge.ceiling(train, holdout, TABLES[table].target)
            else:
                start = time.perf_counter()
                run([a.bin, "synth", train, "-o", synthetic, "--seed", seed, *METHODS[method]])
                seconds = time.perf_counter() - start
                figures = judge.figures(train, holdout, synthetic, TABLES[table].target) | {"seconds": seconds}
            saved.write_text(json.dumps(figures, indent=1))
        return {"table": table, "method": method, "seed": seed, "figures": json.loads(saved.read_text())}

    # The ceilings first: they leave behind the halves and the outlying rows that the others use.
    wanted = [(table, "ceiling", 0) for table in a.tables]
    others = [(table, method, seed) for table in a.tables for method in a.methods for seed in SEEDS[method]]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [*pool.map(lambda run: measured(*run), wanted)]
        results += pool.map(lambda run: measured(*run), others)
    quality = {"rows": ROWS, "seeds": SEEDS, "runs": results}
    if a.methods == list(METHODS):  # a part is no section of RESULTS.md
        (a.out / "quality.json").write_text(json.dumps(quality, indent=1))
    print(quality_results.targets(found(quality, None)))


if __name__ == "__main__":
    main()
