"""How long the native program takes and how much memory, from reading the table to the written synthetic one.

  speed.py --bin STANDIN --data DIR --out DIR
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path

from quality import METHODS, unpack

RUNS = 5


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    a = parser.parse_args()
    tables = a.out / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    table = unpack(a.data / "tables" / "mostly_benchmark_splits" / "adult_trn.csv.gz", tables)
    results = []
    for method in METHODS:
        runs = [measure(a.bin, table, tables / "speed.csv", method) for _ in range(RUNS)]
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


def measure(program, table, out, method):
    """Wall seconds and peak resident megabytes (10^6 bytes) of one run."""
    command = [str(program), "synth", str(table), "-o", str(out), "--seed", "1"] + METHODS[method]
    start = time.perf_counter()
    quiet = os.open(os.devnull, os.O_WRONLY)
    silence = [(os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=silence)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    os.close(quiet)
    if status != 0:
        sys.exit(f"{' '.join(command)} failed ({os.waitstatus_to_exitcode(status)})")
    unit = 1 if platform.system() == "Darwin" else 1024
    return seconds, usage.ru_maxrss * unit / 1e6


if __name__ == "__main__":
    main()
