"""References for the report's figures that no other package has as a whole: the parts they are made of, by pandas, scipy and
scikit-learn. Used by compare_report.py."""

import itertools
import re
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency, entropy, spearmanr
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression

from report_tables import EXACT, LOOSE, LOT, Line, Tables, lot, pair_trends, quietly, run

TIED = 4000  # rows whose correlations the report looks at
FITTED = 5000  # rows of its regressions
LOTS = 10  # that its predictions of groups' outcomes are learned from, one by one
PARTS = 5  # of a list that are compared


def correlations(t, target, report):
    """Spearman's r, Cramer's V corrected for chance, epsilon of the correlation ratio; the mean difference of what is tied."""
    frames = [lot(frame, TIED, 1) for frame in (t.train, t.synthetic)]
    gaps = []
    for a, b in itertools.combinations(t.kinds, 2):
        ties = [tie(t, frame, a, b) for frame in frames]
        if None not in ties and max(map(abs, ties)) >= 0.1:
            gaps.append(abs(ties[0] - ties[1]))
    return [Line("correlations", float(np.mean(gaps)), "scipy", LOT, "Its rows are others by lot, of which the report takes at most 4,000.")]


def tie(t, frame, a, b):
    a, b = sorted((a, b), key=t.is_number)
    if t.is_number(a):
        both = pd.DataFrame({"a": t.numbers(frame, a), "b": t.numbers(frame, b)}).dropna()
        return None if min(both.nunique()) < 2 else spearmanr(both["a"], both["b"]).statistic
    if t.is_number(b):
        values = t.numbers(frame, b)
        known, groups = values.dropna(), frame[a][values.notna()]
        if known.nunique() < 2 or groups.nunique() < 2:
            return None
        within = ((known - known.groupby(groups).transform("mean")) ** 2).sum() / (len(known) - groups.nunique())
        return float(np.sqrt(max(0.0, 1 - within / known.var())))
    counts = pd.crosstab(frame[a], frame[b])
    if min(counts.shape) < 2:
        return None
    n, (r, k) = len(frame), counts.shape
    phi = max(0.0, chi2_contingency(counts, correction=False)[0] / n - (r - 1) * (k - 1) / (n - 1))
    return float(np.sqrt(phi / max(min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1, 1e-12)))


def coefficients(t, target, report):
    """The same predictors in scikit-learn's regressions; all rows, where the report takes 5,000 by lot."""
    told = report["coefficients"]
    if not told:
        return []

    def estimates(frame):
        if t.is_number(target):
            known = t.numbers(t.train, target)
            answers = (t.numbers(frame, target) - known.mean()) / known.std(ddof=0)
        else:
            counts = t.train[target].value_counts()
            answers = frame[target] == (counts.index[-1] if len(counts) == 2 else counts.index[0])
        columns = []
        for row in told:
            if row["name"] in t.kinds and t.is_number(row["name"]):
                known = t.numbers(t.train, row["name"])
                columns.append(((t.numbers(frame, row["name"]) - known.mean()) / known.std(ddof=0)).fillna(0).clip(-4, 4))
            else:
                name, level = next((name, row["name"][len(name) + 2 :]) for name in t.kinds if row["name"].startswith(f"{name}: "))
                columns.append((frame[name] == level).astype(float))
        is_known = ~pd.isna(answers)
        design = np.column_stack(columns)[is_known]
        model = LinearRegression() if t.is_number(target) else LogisticRegression(C=np.inf, max_iter=5000, tol=1e-8)
        return np.ravel(model.fit(design, answers[is_known]).coef_)

    whole = min(len(t.train), len(t.synthetic), len(t.holdout)) == max(len(t.train), len(t.synthetic)) <= FITTED
    why = "" if whole else "It takes all rows, the report as many as the least table has and at most 5,000: two of its standard errors are allowed."
    lines = []
    for table, frame in (("real", t.train), ("synthetic", t.synthetic)):
        theirs = estimates(frame)
        for row, estimate in list(zip(told, theirs))[:PARTS]:
            value, low, high = row[table]
            lines.append(Line("coefficients", float(estimate), "scikit-learn", 0.005 if whole else (high - low) / 2, why, ours=value, part=f"{row['name']}, {table}"))
    return lines


def kept(t, target, report):
    """Extremes, rare levels and entropies."""
    lines = []
    why = "The report takes as many synthetic rows as were held out, by lot."
    for row in report["tails"][:PARTS]:
        real, made = (t.numbers(frame, row["column"]).dropna() for frame in (t.train, t.synthetic))
        low, high = np.quantile(real, [0.01, 0.99], method="inverted_cdf")
        lines.append(Line("tails", (real < low).mean() + (real > high).mean(), "numpy", 3 * EXACT, ours=row["low"][0] + row["high"][0], part=f"{row['column']}, real"))
        lines.append(Line("tails", (made < low).mean() + (made > high).mean(), "numpy", 0.01, why, ours=row["low"][2] + row["high"][2], part=f"{row['column']}, synthetic"))
    for row in report["rare"][:PARTS]:
        for table, frame, ours in zip(("real", "synthetic"), (t.train, t.synthetic), row["shares"]):
            lines.append(Line("rare", (frame[row["column"]] == row["level"]).mean(), "pandas", EXACT, ours=ours, part=f"{row['column']}, {table}"))
    for row in [row for row in report["variety"] if not t.is_number(row["column"])][:PARTS]:
        counts = [frame[row["column"]].value_counts() for frame in (t.train, t.synthetic)]
        for table, count, ours in zip(("real", "synthetic"), counts, row["entropy"][::2]):
            lines.append(Line("variety", entropy(count) / np.log(len(counts[0])), "scipy", LOT, why, ours=ours, part=f"{row['column']}, {table}"))
    return lines


def pair_variety(t, target, report):
    """Entropies of pairs, of numbers by eighths of the training rows, of levels the eight commonest and the rest."""
    count = min(len(t.holdout), len(t.synthetic), 5000)
    names = list(t.kinds)[:20]

    def cells(frame, name):
        if t.is_number(name):
            known = t.numbers(t.train, name).dropna().sort_values().to_numpy()
            cuts = np.unique([known[len(known) * part // 8] for part in range(1, 8)])
            values = t.numbers(frame, name)
            return np.where(values.isna(), -1, np.searchsorted(cuts, values, "right"))
        common = t.train[name].value_counts().index[:8]
        return pd.Categorical(frame[name], categories=common).codes

    coded = [pd.DataFrame({name: cells(frame, name) for name in names}) for frame in (lot(t.train, count, 1), lot(t.synthetic, count, 2), lot(t.holdout, count, 3))]
    whole, kept = 0.0, [0.0, 0.0]
    for pair in itertools.combinations(names, 2):
        counts = [frame.value_counts(list(pair)) for frame in coded]
        if len(counts[0]) < 2 or entropy(counts[0]) < 0.01:
            continue
        real, *others = (entropy(count) / np.log(len(counts[0])) for count in counts)
        whole += real
        kept = [sum_ + min(real, other) for sum_, other in zip(kept, others)]
    everyone = len(t.train) == len(t.holdout) == len(t.synthetic) == count
    tolerance, why = (EXACT, "Of levels as common as each other another one may come to the rest.") if everyone else (LOT, "Its rows are others by lot.")
    return [Line("pairVariety", kept[0] / whole, "scipy", tolerance, why), Line("pairVariety", kept[1] / whole, "scipy", tolerance, why, ceiling=True)]


def rare_combinations(t, target, report):
    """Combinations that one training row alone has, and how many rows of each table have such a one, of each set that is told."""
    lines = []

    def codes(name):
        if not t.is_number(name):
            return [frame[name] for frame in (t.train, t.holdout, t.synthetic)]
        values = [t.numbers(frame, name) for frame in (t.train, t.holdout, t.synthetic)]
        known = values[0].dropna().sort_values().to_numpy()
        if len(np.unique(known)) <= 100:
            return values
        cuts = np.unique([known[len(known) * part // 20] for part in range(1, 20)])
        return [pd.Series(np.where(own.isna(), -1, np.searchsorted(cuts, own, "right")), index=own.index) for own in values]

    for row in report["rareCombinations"][:PARTS]:
        tables = [pd.DataFrame(dict(zip(row["columns"], parts))).astype(object).fillna("missing") for parts in zip(*map(codes, row["columns"]))]
        counts = tables[0].value_counts(dropna=False)
        alone = set(counts[counts == 1].index)
        for key, table in zip(("train", "holdout", "synthetic"), tables):
            share = np.mean([cells in alone for cells in table.itertuples(index=False, name=None)])
            lines.append(Line("rareCombinations", float(share), "pandas", EXACT, ours=row[key], part=f"{' x '.join(row['columns'])}, {key}"))
    return lines


def collapse(t, target, report):
    """Fits on fits through files, by `standin synth`, each judged by SDMetrics."""
    from sdmetrics.reports.single_table import QualityReport

    if not report["generations"]:
        return []
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        last = t.paths[2]
        for generation in range(2, 7):
            made = Path(folder) / f"{generation}.csv"
            run([t.program, "synth", last, "-o", made, "--seed", generation, "--no-croissant"])
            last = made
        ours = next(row for row in report["generations"] if row["generation"] == 6)
        frame = Tables(t.program, t.paths[0], t.paths[1], last).synthetic
        quality = QualityReport()
        quietly(lambda: quality.generate(t.train, frame, t.metadata, verbose=False))
        shapes = quality.get_properties().set_index("Property")["Score"]["Column Shapes"]
        why = "Another chain of models with seeds of its own, so after six models chance has moved it, on short tables far."
        lines.append(Line("collapse", float(shapes), "standin synth, six times; SDMetrics QualityReport", LOOSE, why, ours=ours["shapes"], part="shapes of the sixth table"))
        lines.append(Line("collapse", pair_trends(t, frame), "standin synth, six times; SDMetrics", LOOSE, why, ours=ours["trends"], part="trends of the sixth table"))
        kept = [min(1.0, ours[key] / report["generations"][1][key]) for key in ("shapes", "trends", "variety", "rare") if ours[key] is not None and report["generations"][1][key]]
        lines.append(Line("collapse", float(np.mean(kept)), "numpy, of the report's own generations", EXACT))
    return lines


def errors(t, target, report):
    """Who is told yes, of those with the outcome, by predictions from synthetic rows: the mean over groups."""
    told = [row for row in report["errorRates"] if not t.is_number(row["column"]) and row["truePositive"][1] is not None]
    if not told or t.is_number(target):
        return []
    counts = t.train[target].value_counts()
    level = counts.index[-1] if len(counts) == 2 else counts.index[0]
    asked = lot(t.holdout, 10_000, 7)
    lines = []
    for at, table in enumerate((t.train, t.synthetic)):
        count = min(len(t.train), len(t.synthetic), LOTS * 3000) // LOTS
        everyone, yes = lot(table, LOTS * count, 6), np.zeros(len(asked))
        for own in (everyone[place * count : (place + 1) * count] for place in range(LOTS)):
            features, categorical = t.features(own, target)
            model = HistGradientBoostingClassifier(categorical_features=categorical, random_state=0, max_iter=60)
            model.fit(features, own[target] == level)
            guess = model.predict_proba(t.features(asked, target)[0])[:, 1]
            yes += (guess > np.quantile(guess, 1 - (own[target] == level).mean())) / LOTS
        rate = lambda row: yes[((asked[target] == level) & (asked[row["column"]] == row["name"])).to_numpy()].mean()
        found = [(row["truePositive"][at], rate(row)) for row in told]
        ours, theirs = np.nanmean(found, axis=0)
        why = "Other trees, other rows by lot, and a cut among the rows that are asked about."
        lines.append(Line("groupErrors", theirs, "scikit-learn HistGradientBoosting", LOOSE, why, ours=ours, part=f"true positives, mean of groups, {('real', 'synthetic')[at]}"))
    return lines


def rules(t, target, report):
    """The rules whose sentence says it all: orders, what is never negative, what follows from what, and what never meets."""
    lines = []
    for fact in report["facts"]:
        made, broken = t.synthetic, fact["broken"][2]
        if any(name not in t.kinds for name in fact["columns"]) or broken is None:
            continue
        if order := re.fullmatch(r"(.+) is (never more|always less) than (.+)", fact["sentence"]):
            low, high = (t.numbers(made, name) for name in order.group(1, 3))
            known = low.notna() & high.notna()
            theirs = (low > high if order[2] == "never more" else low >= high)[known].mean()
        elif order := re.fullmatch(r"(.+) is never before (.+)", fact["sentence"]):
            late, soon = (made[name] for name in order.groups())
            theirs = (late < soon)[late.notna() & soon.notna()].mean()
        elif total := re.fullmatch(r"(.+) = ([^+]+) \+ ([^+]+)", fact["sentence"]):
            whole, *parts = (t.numbers(made, name) for name in total.groups())
            known = whole.notna() & parts[0].notna() & parts[1].notna()
            theirs = (np.abs(whole - parts[0] - parts[1]) > 1e-6)[known].mean()
        elif follows := re.fullmatch(r"(.+) follows from (.+)", fact["sentence"]):
            fine, coarse = follows.groups()[::-1]
            told = t.train[(t.train[[fine, coarse]] != "").all(axis=1)]  # gaps tell nothing, and neither does a lone row
            leads = told.groupby(fine)[coarse].agg(lambda cells: cells.mode().iloc[0])[told[fine].value_counts() > 1]
            known = made[fine].isin(leads.index) & (made[coarse] != "")
            theirs = (made[coarse] != made[fine].map(leads))[known].mean()
        elif "hardly ever comes with" in fact["sentence"]:
            a, b = fact["columns"]
            counts = pd.crosstab(t.train[a], t.train[b])
            expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.to_numpy().sum()
            never = ((expected >= 20) & (counts * 500 <= expected)).stack()
            theirs = pd.MultiIndex.from_frame(made[[a, b]]).isin(never.index[never]).mean()
        else:
            continue
        lines.append(Line("facts", float(theirs), "pandas", 5 * EXACT, ours=broken, part=fact["sentence"]))
    return lines[:PARTS]


REFERENCES = [correlations, coefficients, kept, pair_variety, rare_combinations, errors, rules, collapse]
