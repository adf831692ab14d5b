"""How long the native program takes and how much memory, from reading the table to the written synthetic one.

  speed.py --bin STANDIN --data DIR --out DIR
"""

import argparse
import json
import statistics
from pathlib import Path

from cost import measure
from quality import METHODS
from tables import halves

RUNS = 5


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


if __name__ == "__main__":
    main()
