"""What each part of the engine brings: fits without it, and asks the judge.

  ablation.py --bin STANDIN --score score.py --data DIR --out DIR

The whole engine's runs are those that quality.py left in the same --out, preset `balanced`, or are made here: same halves, same
seeds. One run is one JSON file in --out/ablation, so that what was broken off goes on where it stopped.
"""

import argparse
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from judged import Judge, run
from quality import SEEDS
from tables import TABLES, halves

TABLES_TRIED = ["online-shoppers", "wine-white", "sd2011", "taxis", "telco", "ma2019"]
PARTS = {  # name: how the program is called, and what goes
    "formulas": (["--without", "formulas"], "rules between columns kept by construction, and dates and numbers coded since others"),
    "bonds": (["--without", "bonds"], "a column drawn within the coarser one that it decides"),
    "echoes": (["--without", "echoes"], "a first question whether a column says another again"),
    "likeness": (["--without", "likeness"], "long categories in the order of their likeness"),
    "rules": (["--without", "rules"], "answers that an earlier column decides"),
    "line": (["--without", "line"], "one ridge line as a column to ask"),
    "bags": (["--without", "bags"], "more than two bags"),
    "margins": (["--without", "margins"], "rows chosen so that pairs of columns come together as in the table"),
    "trial": (["--without", "trial"], "the attack on halves of the rows that takes rounds back"),
    "spread": (["--draws", "independent"], "neighbours that share their luck"),
    "trees": (["--method", "independent"], "all relations between columns"),
}
WHOLE = "nothing"
FIGURES = ["c2st_auc", "dcr_share", "out_auc", "trends", "tstr"]


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "score", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    a = parser.parse_args()
    runs, judge = a.out / "ablation", Judge(a.score)
    runs.mkdir(parents=True, exist_ok=True)

    def measured(table, part, seed):
        saved = runs / f"{table}-{part}-{seed}.json"
        known = a.out / "quality" / f"{table}-balanced-{seed}.json"
        if part == WHOLE and known.exists():
            saved = known
        if not saved.exists():
            print(f"{table} without {part}, seed {seed}", flush=True)
            train, holdout = halves(table, a.data, a.out / "tables")
            synthetic = train.with_name(f"{table}_without_{part}_{seed}.csv")
            start = time.perf_counter()
            words = PARTS[part][0] if part in PARTS else []
            run([a.bin, "synth", train, "-o", synthetic, "--seed", seed, *words])
            seconds = time.perf_counter() - start
            figures = judge.figures(train, holdout, synthetic, TABLES[table].target) | {"seconds": seconds}
            synthetic.unlink()
            saved.write_text(json.dumps(figures, indent=1))
        return json.loads(saved.read_text())

    seeds = SEEDS["balanced"]
    wanted = [(table, part, seed) for table in TABLES_TRIED for part in [WHOLE, *PARTS] for seed in seeds]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = dict(zip(wanted, pool.map(lambda one: measured(*one), wanted)))

    def figures(table, part):
        return {figure: [found[table, part, seed][figure] for seed in seeds] for figure in FIGURES}

    brought = {table: {part: figures(table, part) for part in [WHOLE, *PARTS]} for table in TABLES_TRIED}
    parts = {part: said for part, (_, said) in PARTS.items()}
    (a.out / "ablation.json").write_text(json.dumps({"parts": parts, "seeds": seeds, "tables": brought}, indent=1))


if __name__ == "__main__":
    main()
