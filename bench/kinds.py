"""Whether the native program says what the columns of real tables are: beside a truth that was written by hand.

  kinds.py --bin STANDIN --data DIR --out DIR

The truth is truth/kinds.tsv, whose head says what was decided. A column is right if the program says its kind, acceptable if
it says one that the truth also names, else wrong. Wrong too: a column that the program does not see under its name.
Whether a column's gaps, format or order of levels were understood is not judged here.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from results import kinds_section

TRUTH = Path(__file__).parent / "truth" / "kinds.tsv"
UNSEEN = "not seen"


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    a = parser.parse_args()
    columns, faults = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for file, lines in truth().items():
            said, fault = inspect(a.bin, unpacked(a.data, file, Path(scratch)))
            faults += [f"{file}: {fault}"] if fault else []
            found = [judged(file, line, said) for line in lines]
            columns += found
            # A header that was taken for a row, or a row for the header, makes other names: that is an error, no fault.
            stray = said.keys() - {name for line in lines for name in run_of(line["column"], said)}
            if stray and all(c["said"] != UNSEEN for c in found):
                faults.append(f"{file}: the truth lacks {len(stray)} of its columns")
    result = {"columns": [c for c in columns if c["truth"] != "empty"]}
    result["empty"] = len(columns) - len(result["columns"])
    a.out.mkdir(parents=True, exist_ok=True)
    (a.out / "kinds.json").write_text(json.dumps(result, indent=1))
    print(kinds_section(result), *faults, sep="\n", flush=True)
    sys.exit(1 if faults else 0)


def truth():
    """The lines of each file."""
    with open(TRUTH, newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        files = {}
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            files.setdefault(row["file"], []).append(row)
        return files


def unpacked(data, file, scratch):
    """Where the file lies; one of several in a zip is taken out first."""
    archive, _, member = file.partition("!")
    if not member:
        return data / file
    with zipfile.ZipFile(data / archive) as packed:
        return Path(packed.extract(member, scratch / archive))


def inspect(program, file):
    """The kind and confidence of each column by its name, and what went wrong."""
    run = subprocess.run([program, "inspect", file], capture_output=True, text=True)
    if run.returncode != 0:
        return {}, run.stderr.strip() or f"exit code {run.returncode}"
    metadata = json.loads(run.stdout)
    (table,) = metadata["tables"].values()
    own = metadata["standin"].get("columns", {})
    return {name: kind_of(column, own.get(name, {})) for name, column in table["columns"].items()}, None


def kind_of(column, own):
    """SDV has no sdtype for levels in an order: there they are categories with an `order`."""
    kind = own.get("kind", column["sdtype"])
    if kind == "categorical" and ("order" in column or "order" in own):
        kind = "ordinal"
    return {"kind": kind, "confidence": own.get("confidence")}


def run_of(column, said):
    """The columns of a line: one, or those from the first to the last."""
    first, dots, last = column.partition("..")
    names = list(said)
    if not dots or column in said or first not in said or last not in said:
        return [column]
    return names[names.index(first) : names.index(last) + 1]


def judged(file, line, said):
    """A run of columns is as good as the worst of them."""
    order = [[line["kind"]], line["also"].split("|")]

    def rank(kind):
        return next((i for i, kinds in enumerate(order) if kind in kinds), 2)

    found = [said.get(name, {"kind": UNSEEN, "confidence": None}) for name in run_of(line["column"], said)]
    worst = max(found, key=lambda answer: rank(answer["kind"]))
    verdict = ("right", "acceptable", "wrong")[rank(worst["kind"])]
    names = {"file": file, "column": line["column"], "truth": line["kind"]}
    return {**names, "said": worst["kind"], "verdict": verdict, "confidence": worst["confidence"]}


if __name__ == "__main__":
    main()
