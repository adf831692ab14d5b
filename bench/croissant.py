"""Whether what is written beside a synthetic file is valid Croissant: MLCommons' own library reads it, and the rows through it.

  croissant.py --bin STANDIN --data DIR --out DIR [--tables adult,telco,...]

Needs mlcroissant (report-requirements.txt); without it nothing is checked, and it says so. Each table is made as CSV, as a JSON
list and as JSON lines; the records that the library gives are laid beside the file's own cells.
"""

import argparse
import contextlib
import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import pandas as pd

from tables import TABLES, halves

ROWS = 200
#: What only the owner of a file knows.
OWNERS = ("citeAs", "datePublished", "license", "version", "creator", "url", "publisher")


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--tables", type=lambda text: text.split(","), default=["adult", "telco", "penguins", "taxis", "insurance"])
    a = parser.parse_args()
    try:
        import mlcroissant
    except ImportError:
        sys.exit("skipped: mlcroissant is not installed")
    logging.disable(logging.WARNING)
    a.out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    for name in a.tables:
        train, _ = halves(name, a.data, a.out / "tables")
        model = a.out / f"{name}.standin"
        run(a.bin, "fit", train, "-o", model, "--seed", "1", "--quality", "preview")
        for ending in ("csv", "json", "jsonl"):
            file = a.out / f"{name} croissant.{ending}"
            run(a.bin, "sample", model, "--rows", ROWS, "-o", file, "--seed", "1")
            said = check(mlcroissant, file)
            wrong += bool(said)
            print(f"{file.name}: {said or 'valid, and all rows are read'}")
    sys.exit(wrong > 0)


def check(mlcroissant, file):
    with contextlib.redirect_stdout(io.StringIO()):
        dataset = mlcroissant.Dataset(f"{file}.croissant.json")
        issues = dataset.metadata.ctx.issues
        records = list(dataset.records("rows"))
    if issues.errors:
        return str(issues.errors)
    unasked = [warning for warning in issues.warnings if not any(owner in warning for owner in OWNERS)]
    if unasked:
        return str(unasked)
    if len(records) != ROWS:
        return f"{len(records)} records"
    document = json.loads(Path(f"{file}.croissant.json").read_text())
    rows = {"csv": pd.read_csv, "json": pd.read_json, "jsonl": lambda path: pd.read_json(path, lines=True)}[file.suffix[1:]](file)
    for field in document["recordSet"][0]["field"]:
        cells = rows[field["name"]]
        for cell, record in zip(cells, records):
            value = record[field["@id"]]
            value = value.decode() if isinstance(value, bytes) else value
            both_missing = pd.isna(cell) and pd.isna(value)
            if not both_missing and str(value) != str(cell) and not same(value, cell):
                return f"{field['name']}: {value!r} for {cell!r}"
    return None


def same(value, cell):
    with contextlib.suppress(ValueError, TypeError):
        return float(value) == float(cell)
    with contextlib.suppress(ValueError, TypeError):
        return pd.Timestamp(value) == pd.Timestamp(cell)
    return False


def run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


if __name__ == "__main__":
    main()
