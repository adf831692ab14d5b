"""What the comparisons of a report share: the tables as `standin inspect` types them, and a line of the outcome."""

import contextlib
import io
import itertools
import json
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd

EXACT, LOT, LEARNER, LOOSE = 0.001, 0.03, 0.04, 0.1
ROWS, DETECTED, TAUGHT = 2500, 4000, 5000  # rows that the report looks at: nearest ones, detection, tstr
FEWER = 1000  # rows for measures of others that take minutes
GENERAL = {"numerical", "datetime", "categorical", "ordinal", "boolean"}


@dataclass
class Line:
    figure: str
    theirs: float
    who: str
    tolerance: float
    why: str = ""
    ceiling: bool = False  # what held-out real rows score, and not the synthetic ones
    ours: float = None
    part: str = ""  # of what the report tells beside its scores; `ours` is given then

    @property
    def within(self):
        return abs(self.ours - self.theirs) <= self.tolerance


class Tables:
    """Three files, typed as `standin inspect` types the first: what it makes up is left out, gaps of categories are a level."""

    def __init__(self, program, train, holdout, synthetic):
        self.program, self.paths = program, (train, holdout, synthetic)
        told = json.loads(run([program, "inspect", train]).stdout)
        columns = told["tables"]["table"]["columns"]
        self.kinds = {name: column["sdtype"] for name, column in columns.items() if column["sdtype"] in GENERAL}
        gaps = {name: set(column.get("missing", [])) for name, column in told["standin"]["columns"].items()}
        self.train, self.holdout, self.synthetic = (self.typed(path, gaps) for path in (train, holdout, synthetic))

    def typed(self, path, gaps):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        columns = {}
        for name, kind in self.kinds.items():
            cells = rows[name]
            if kind == "numerical":
                columns[name] = pd.to_numeric(cells.mask(cells.isin(gaps.get(name, ()))), errors="coerce").astype(float)
            elif kind == "datetime":
                columns[name] = pd.to_datetime(cells, errors="coerce", format="mixed")
            else:
                columns[name] = cells.astype(object)
        return pd.DataFrame(columns)

    @property
    def metadata(self):
        plain = {"ordinal": "categorical", "boolean": "categorical"}
        return {"columns": {name: {"sdtype": plain.get(kind, kind)} for name, kind in self.kinds.items()}}

    def is_number(self, name):
        return self.kinds[name] in ("numerical", "datetime")

    def numbers(self, frame, name):
        values = frame[name]
        return values.astype("int64").where(values.notna()).astype(float) if self.kinds[name] == "datetime" else values

    def points(self, frame):
        """Numbers as ranks among the training rows, and whether they are missing; levels one apart from each other."""
        axes = []
        for name in self.kinds:
            if self.is_number(name):
                known = np.sort(self.numbers(self.train, name).dropna().to_numpy())
                values = self.numbers(frame, name).to_numpy()
                middle = (np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")) / (2 * max(len(known), 1))
                axes.append(np.where(np.isnan(values), 0.5, middle))
                axes.append(np.isnan(values).astype(float))
            else:
                levels = sorted(set(self.train[name]) | set(self.holdout[name]) | set(self.synthetic[name]))
                axes.extend((frame[name] == level).to_numpy(float) / np.sqrt(2) for level in levels)
        return np.column_stack(axes).astype(np.float32)

    def features(self, frame, without=None):
        """For scikit-learn's trees: numbers as they are, levels by their place, most of them as categories."""
        columns, categorical = [], []
        for name in self.kinds:
            if name == without:
                continue
            if self.is_number(name):
                columns.append(self.numbers(frame, name).to_numpy())
            else:
                levels = self.train[name].value_counts().index
                codes = pd.Categorical(frame[name], categories=levels).codes.astype(float)
                columns.append(np.where((codes < 0) | (codes > 250), np.nan, codes))
            categorical.append(not self.is_number(name))
        return np.column_stack(columns), categorical


def pair_trends(t, other):
    """The mean of SDMetrics' metrics of all pairs, which its report would leave some out of."""
    from sdmetrics.column_pairs import ContingencySimilarity, CorrelationSimilarity

    real, other = (pd.DataFrame({name: t.numbers(frame, name) if t.is_number(name) else frame[name] for name in t.kinds}) for frame in (t.train, other))
    found = []
    for a, b in itertools.combinations(t.kinds, 2):
        pair, numbers = [a, b], [name for name in (a, b) if t.is_number(name)]
        if len(numbers) == 2:
            found.append(CorrelationSimilarity.compute(real[pair], other[pair]))
        else:
            cut = {"continuous_column_names": numbers, "num_discrete_bins": 10} if numbers else {}
            found.append(ContingencySimilarity.compute(real[pair], other[pair], **cut))
    return float(np.nanmean(found))


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed\n{done.stderr}")
    return done


def lot(frame, count, seed):
    return frame.sample(n=min(count, len(frame)), random_state=seed)


def fits(t):
    """Does the report look at every row, so that no lot sets it apart from a reference?"""
    return len(t.train) == len(t.holdout) and max(len(t.train), len(t.synthetic)) <= ROWS


def quietly(work):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return work()
