"""How the native program takes the files that break readers: hundreds of them, from other projects' own tests.

  files.py --bin STANDIN --data DIR --out DIR

Every file under data/messy is inspected. Exit code 0 counts as read, 2 with one line on standard error as refused;
anything else, and anything over the limits, is a fault and is named.
"""

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path

SECONDS = 30
MEMORY = 2 << 30  # bytes of address space


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    a = parser.parse_args()
    messy = a.data / "messy"
    counts, faults = {}, []
    for file in sorted(p for p in messy.rglob("*") if p.is_file()):
        source = file.relative_to(messy).parts[0]
        outcome = inspect(a.bin, file)
        counts.setdefault(source, {"read": 0, "refused": 0, "faults": 0})
        if outcome in ("read", "refused"):
            counts[source][outcome] += 1
        else:
            counts[source]["faults"] += 1
            faults.append(f"{file.relative_to(messy)}: {outcome}")
    limits = {"seconds": SECONDS, "memory_gb": MEMORY >> 30}
    (a.out / "files.json").write_text(json.dumps({**limits, "counts": counts, "faults": faults}, indent=1))
    total = {what: sum(c[what] for c in counts.values()) for what in ("read", "refused", "faults")}
    print(f"messy files: {total['read']} read, {total['refused']} refused, {total['faults']} faults", *faults, sep="\n", flush=True)
    sys.exit(1 if faults else 0)


def inspect(program, file):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    try:
        run = subprocess.run([program, "inspect", file], capture_output=True, timeout=SECONDS, preexec_fn=limit)
    except subprocess.TimeoutExpired:
        return f"no answer in {SECONDS} s"
    if run.returncode == 0:
        return "read"
    lines = run.stderr.count(b"\n")
    return "refused" if (run.returncode, lines) == (2, 1) else f"exit code {run.returncode}, {lines} lines"


if __name__ == "__main__":
    main()
