"""Whether the delimiter, the quote, the header and the width of files are told right, beside DuckDB's sniffer and CleverCSV.

  dialects.py --bin STANDIN --data DIR --out DIR [--truth dialects.tsv]

The truth was written by hand by looking at each file under data/messy that its maker meant as a delimited table; columns
and rows were then counted with Python's csv module under the dialect so written. A tool is right about
- the delimiter, if it names the same character (", " counts as ","); files of one column have none to name;
- the quote, if it names the same; it is judged only where fields are quoted;
- the header, if it says rightly whether there is one, and the first name that it tells stands in that line;
- the width, if it makes as many columns.
A tool that refuses a file is wrong about all of it. Rows are counted too, without those of another width, but a tool
that is asked for a dialect need not drop the same bad rows, so they are told apart from "all".
"""

import argparse
import collections
import csv
import gzip
import io
import json
import subprocess
import warnings
from pathlib import Path

import clevercsv
import duckdb

JUDGED = ("delimiter", "quote", "header", "width")
SECONDS = 60


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--truth", type=Path, default=Path(__file__).parent / "truth/dialects.tsv")
    a = parser.parse_args()
    warnings.simplefilter("ignore")
    with open(a.truth, newline="", encoding="utf-8") as file:
        truth = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    tools = {"Standin": lambda path: standin(a.bin, path), "DuckDB": duck, "CleverCSV": clever}
    result = {"files": len(truth), "tools": {}}
    for tool, read in tools.items():
        right, misses = collections.Counter(), []
        for row in truth:
            path = a.data / "messy" / row["path"]
            try:
                wrong = judge(row, path, read(path))
            except Exception as error:
                wrong = [*JUDGED, "rows", "refused: " + str(error).strip().splitlines()[0][:100]]
            right.update(name for name in (*JUDGED, "rows") if name not in wrong)
            right["all"] += not set(wrong) & set(JUDGED)
            if set(wrong) & set(JUDGED):
                misses.append(f"{row['path']}: {wrong[-1] if wrong[-1].startswith('refused') else ', '.join(wrong)}")
        result["tools"][tool] = {"right": right, "misses": misses}
        print(tool, {name: right[name] for name in (*JUDGED, "all", "rows")}, *misses, sep="\n  ", flush=True)
    (a.out / "dialects.json").write_text(json.dumps(result, indent=1))


def judge(truth, path, told):
    """What of the told is wrong. `told`: delimiter, quote, header (bool), first name, width, rows."""
    delimiter = "\t" if truth["delimiter"] == "tab" else truth["delimiter"]
    header = truth["header"] == "yes"
    checks = {
        "delimiter": delimiter == "-" or (told["delimiter"] or "").strip(" ") == delimiter,
        "quote": truth["quote"] == "-" or told["quote"] == truth["quote"],
        "header": told["header"] == header and (not header or told["name"] in header_text(path, int(truth["skipped"]))),
        "width": told["width"] == int(truth["columns"]),
        "rows": told["rows"] == int(truth["rows"]),
    }
    return [name for name, fine in checks.items() if not fine]


def header_text(path, skipped):
    """The file from its header line on, since a name may hold line ends; a name that is told is looked for at its start."""
    text = decoded(path)
    for end in ("\r\n", "\n", "\r"):
        if end in text:
            return "\n".join(text.split(end)[skipped : skipped + 5]).replace('""', '"')
    return text


def decoded(path):
    data = path.read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def standin(program, path):
    run = subprocess.run([program, "inspect", "--skip-bad-rows", path], capture_output=True, timeout=SECONDS)
    if run.returncode:
        raise ValueError(run.stderr.decode().split(": ", 2)[-1])
    document = json.loads(run.stdout)
    read = document["standin"]["read"]
    columns = list(document["tables"]["table"]["columns"])
    # A column without a name is numbered; its name stands nowhere.
    name = next((name for name in columns if not name.startswith("column_")), "") if read["header"] else ""
    return {**read, "name": name.split("\n")[0], "width": len(columns)}


def duck(path):
    sql = duckdb.connect()
    delimiter, quote, header, columns = sql.execute(
        "select Delimiter, Quote, HasHeader, [c.name for c in Columns] from sniff_csv(?)", [str(path)]
    ).fetchone()
    try:
        rows = sql.execute("select count(*) from read_csv(?, ignore_errors = true)", [str(path)]).fetchone()[0]
    except duckdb.Error:
        rows = None
    name = next((name for name in columns if not name.startswith("column")), "") if header else ""
    return {"delimiter": delimiter, "quote": quote, "header": header, "name": name.split("\n")[0], "width": len(columns), "rows": rows}


def clever(path):
    text = decoded(path)
    dialect = clevercsv.Sniffer().sniff(text, verbose=False)
    if dialect is None:
        raise ValueError("no dialect")
    header = clevercsv.Sniffer().has_header(text)
    records = [record for record in clevercsv.reader(io.StringIO(text, newline=""), dialect) if record]
    width, count = collections.Counter(len(record) for record in records).most_common(1)[0]
    name = next((name for name in records[0] if name), "")
    return {
        "delimiter": dialect.delimiter,
        "quote": dialect.quotechar,
        "header": header,
        "name": name.split("\n")[0],
        "width": width,
        "rows": count - header,
    }


if __name__ == "__main__":
    main()
