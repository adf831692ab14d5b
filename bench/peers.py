"""How close and how private other generators are, and what time they take, on the halves that Standin is measured on.

  peers.py --python PYTHON --score score.py --data DIR --out DIR --digest peers.tsv [--seeds 1,2,3] [--peers …] [--tables …]

Each comes with its defaults, in the version that peers-requirements.txt names; --python has these installed. One run is one
JSON file in --out, whether it went well, failed, or was not done within LIMIT; what was broken off goes on where it stopped,
and a run whose file is deleted is made again. All seeds on all tables take days: one seed and the small tables come first.
The digest, which RESULTS.md is made from, is written anew after each run; runs of it that are not in --out stay.
"""

import argparse
import csv
import json
import os
import re
import signal
import subprocess
from pathlib import Path

from judged import Failed, Judge
from tables import TABLES, halves

PEERS = {  # the quick ones first: the package whose version counts
    "cart": "scikit-learn",
    "gaussian-copula": "sdv",
    "arfpy": "arfpy",
    "mostlyai": "mostlyai-engine",
    "tvae": "sdv",
    "ctgan": "sdv",
}
FIXED = {"gaussian-copula"}  # its fit has no chance in it, and SDV begins every sample with a seed of its own: all runs are alike
LIMIT = 10  # minutes for fit and sampling together
HERE = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser()
    for name in ("python", "score", "data", "out", "digest"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name, all_of in (("seeds", "1,2,3"), ("peers", ",".join(PEERS)), ("tables", ",".join(TABLES))):
        parser.add_argument(f"--{name}", type=lambda text: text.split(","), default=all_of.split(","))
    a = parser.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    judge, versions = Judge(a.score), pinned()
    files = {table: halves(table, a.data, a.out / "tables") for table in a.tables}
    smallest_first = sorted(files, key=lambda table: files[table][0].stat().st_size)
    for seed, peer, table in [(s, p, t) for s in a.seeds for t in smallest_first for p in a.peers]:
        version = versions[PEERS[peer]]
        saved = a.out / f"{table}-{peer}-{version}-{seed}.json"
        if saved.exists() or (peer in FIXED and seed != a.seeds[0]):
            continue
        print(f"{table}, {peer} {version}, seed {seed}", flush=True)
        found = measured(a.python, judge, *files[table], TABLES[table].target, peer, seed)
        what = {"table": table, "peer": peer, "version": version, "seed": int(seed)}
        saved.write_text(json.dumps(what | found, indent=1))
        digest(a.out, a.digest)
    digest(a.out, a.digest)


def measured(python, judge, train, holdout, target, peer, seed):
    synthetic = train.with_name(f"{train.stem}-{peer}-{seed}.csv")
    fit = subprocess.Popen(
        [str(word) for word in (python, HERE / "peer.py", peer, train, synthetic, seed)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        out, error = fit.communicate(timeout=LIMIT * 60)
    except (subprocess.TimeoutExpired, KeyboardInterrupt) as ended:
        # With all that it started.
        os.killpg(fit.pid, signal.SIGKILL)
        fit.communicate()
        if isinstance(ended, KeyboardInterrupt):
            raise
        return {"failed": f"not done in {LIMIT} minutes"}
    if fit.returncode != 0:
        return {"failed": said(error)}
    seconds = json.loads(out.splitlines()[-1])
    try:
        return {"seconds": seconds, "figures": judge.figures(train, holdout, synthetic, target)}
    except Failed as failed:
        return {"seconds": seconds, "failed": f"the judge: {said(str(failed))}"}


def said(error):
    """The first line of what an error says, which in a traceback stands behind the places."""
    lines = [line for line in error.splitlines() if re.match(r"[\w.]+: \S", line)] or error.splitlines() or ["no word"]
    return " ".join(lines[-1].split())[:160]


def digest(runs, to):
    """Figures of every run, one a line: those in `runs`, and what the digest had of the versions that are measured now."""
    versions = pinned()
    rows = {}
    if to.exists():
        with open(to, newline="") as file:
            rows = {key(row): row for row in csv.DictReader(file, delimiter="\t") if row["version"] == versions[PEERS[row["peer"]]]}
    for file in runs.glob("*.json"):
        run = json.loads(file.read_text())
        row = {name: str(run.get(name, "")) for name in ("table", "peer", "version", "seed", "failed")}
        row |= {f"{step}_s": f"{seconds:.1f}" for step, seconds in run.get("seconds", {}).items()}
        row |= {figure: f"{value:.4f}" for figure, value in run.get("figures", {}).items() if figure != "outliers"}
        rows[key(row)] = row
    order = sorted(rows, key=lambda k: (list(TABLES).index(k[0]), list(PEERS).index(k[1]), k[2]))
    columns = list(dict.fromkeys(["table", "peer", "version", "seed"] + [name for k in order for name in rows[k] if name != "failed"]))
    with open(to, "w", newline="") as file:
        writer = csv.DictWriter(file, [*columns, "failed"], delimiter="\t", lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows[k] for k in order)


def key(row):
    return row["table"], row["peer"], row["seed"]


def pinned():
    """The version of each package in peers-requirements.txt."""
    return dict(re.findall(r"^([\w-]+)==(\S+)", (HERE / "peers-requirements.txt").read_text(), re.MULTILINE))


if __name__ == "__main__":
    main()
