"""Whether SDV and Standin read each other's metadata. Run by hand, from the root of the project:

    pip install --no-deps sdv rdt sdmetrics copulas ctgan deepecho
    pip install "pandas<3" tqdm cloudpickle graphviz pyyaml platformdirs faker scipy scikit-learn plotly boto3
    python bench/sdv_metadata.py [--standin target/release/standin] [--data ../shared/data/tables]

`sdv.metadata` needs the packages of the second line only, so torch is left out: `--no-deps` is what makes that possible, and
nothing that fits a model will import. For each table:

    ours -> SDV   `standin inspect --sdv`, loaded by `Metadata.load_from_dict`, `validate()`, and `validate_data` where this
                  version of SDV has it on metadata; also as the flat form of one table
    SDV -> ours   `Metadata.detect_from_dataframes`, saved as this version of SDV does, opened by `standin inspect --metadata`
"""

import argparse
import gzip
import importlib.metadata
import json
import pathlib
import subprocess
import tempfile
import warnings

import pandas as pd

warnings.filterwarnings("ignore")

ENDINGS = (".csv", ".csv.gz", ".data")


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    lines = done.stderr.strip().splitlines()
    return done.stdout if done.returncode == 0 else None, lines[-1] if lines else ""


def frame(path, header):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", errors="replace") as file:
        return pd.read_csv(file, header=0 if header else None, sep=None, engine="python")


def ours_in_sdv(metadata, data=None):
    """The first thing that SDV says against it, or against the data by it; None if nothing."""
    from sdv.metadata import Metadata

    flat = {**next(iter(metadata["tables"].values())), "METADATA_SPEC_VERSION": "SINGLE_TABLE_V1"}
    try:
        for form, names in [(metadata, {}), (flat, {"single_table_name": "table"})]:
            loaded = Metadata.load_from_dict(json.loads(json.dumps(form)), **names)
            loaded.validate()
            if data is not None and hasattr(loaded, "validate_data"):
                loaded.validate_data({"table": data})
    except Exception as error:  # whatever SDV raises is the finding
        return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return None


def detected(data):
    """What SDV makes of the data, as it saves it."""
    from sdv.metadata import Metadata

    metadata = Metadata.detect_from_dataframes({"table": data})
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "metadata.json"
        metadata.save_to_json(str(path))
        return path.read_text()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--standin", default="target/release/standin")
    parser.add_argument("--data", default="../shared/data/tables")
    options = parser.parse_args()
    print("sdv", importlib.metadata.version("sdv"))
    counts = {"tables": 0, "ours -> SDV": 0, "and the data by it": 0, "SDV -> ours": 0}
    for path in sorted(pathlib.Path(options.data).rglob("*")):
        if not path.name.endswith(ENDINGS):
            continue
        text, said = run([options.standin, "inspect", str(path), "--sdv"])
        if text is None:
            print(f"{path.name}: not read: {said}")
            continue
        metadata = json.loads(text)
        columns = list(next(iter(metadata["tables"].values()))["columns"])
        counts["tables"] += 1
        header = not columns[0].startswith("column_1")
        try:
            data = frame(path, header)
        except Exception as error:
            print(f"{path.name}: pandas: {error}")
            continue
        data.columns = [str(name) for name in (data.columns if header else columns)]
        same = list(data.columns) == columns
        problem = ours_in_sdv(metadata)
        counts["ours -> SDV"] += problem is None
        if problem:
            print(f"{path.name}: ours -> SDV: {problem}")
        elif same:
            # What pandas reads as text, such as "?" among numbers, SDV refuses as numbers.
            problem = ours_in_sdv(metadata, data)
            counts["and the data by it"] += problem is None
            if problem:
                print(f"{path.name}: the data by ours: {problem}")
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(detected(data))
            file.flush()
            opened, said = run([options.standin, "inspect", str(path), "--metadata", file.name])
        counts["SDV -> ours"] += opened is not None
        if opened is None:
            print(f"{path.name}: SDV -> ours: {said}")
    print(counts)


if __name__ == "__main__":
    main()
