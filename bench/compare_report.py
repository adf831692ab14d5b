"""Each figure of the report beside that of an independent implementation, on the same three files, and what both cost.

  compare_report.py --bin STANDIN --data DIR --out DIR [--tables adult,telco,penguins] [--cost adult]
  compare_report.py --bin STANDIN --out DIR --files TRAIN HOLDOUT SYNTH --target COLUMN

The packages and their versions are in report-requirements.txt. Tables are halved as the other benches halve them, and the
synthetic file is made by `standin synth` with seed 1. A figure of which the report has no key is told as "not in the report".
What is printed is Markdown, as bench/REPORT.md has it; exit code 1 if a difference is beyond its tolerance.

A tolerance of EXACT is for one formula on all rows. Others allow for what is drawn by lot (the report looks at 2,500 to 5,000
rows of each table, and so do the references, at other ones: two standard errors of a share of 2,500 rows are 0.02, of the
difference of two 0.03) or for another learner. LOOSE ones are of measures that only resemble each other; why, is told below
the table.
"""

import argparse
import itertools
import json
import os
import statistics
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads that wait for each other would measure the machine's load
import numpy as np  # noqa: E402
import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import r2_score, roc_auc_score, roc_curve
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import NearestNeighbors

from report_references import REFERENCES, rules
from report_tables import EXACT, LEARNER, LOOSE, LOT, ROWS, DETECTED, TAUGHT, FEWER, Line, Tables, fits, lot, pair_trends, quietly, run
from tables import TABLES, halves

GUARDED = 200_000  # bytes of a training table for which models of models are made too


def main():
    parser = argparse.ArgumentParser()
    for name in ("bin", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=name != "data")
    parser.add_argument("--tables", type=lambda text: text.split(","), default=["adult", "telco", "penguins"])
    parser.add_argument("--cost", default="adult", help="the table whose cost is measured; empty: none")
    parser.add_argument("--files", nargs=3, type=Path, metavar=("TRAIN", "HOLDOUT", "SYNTH"))
    parser.add_argument("--target")
    parser.add_argument("--measures", type=lambda text: text.split(","), help="the functions below to go by, such as detection,attacks")
    a = parser.parse_args()
    warnings.simplefilter("ignore")
    a.out.mkdir(parents=True, exist_ok=True)
    print(", ".join(f"{name} {version(name)}" for name in ("sdmetrics", "anonymeter", "prdc", "scikit-learn", "pandas", "numpy")))
    failed = False
    if a.measures:
        MEASURES[:] = [measure for measure in MEASURES if measure.__name__ in a.measures]
    if a.files:
        failed |= compared("the files given", a.bin, a.files, a.target, a.out)
    else:
        for name in a.tables:
            failed |= compared(name, a.bin, made(a, name), TABLES[name].target, a.out)
            failed |= compared(f"{name}, each column shuffled", a.bin, shuffled(made(a, name), a.out), None, a.out, [rules])
        if a.cost:
            cost(a.cost, a.bin, made(a, a.cost), a.out)
    sys.exit(failed)


def made(a, name):
    train, holdout = halves(name, a.data, a.out / "tables")
    synthetic = a.out / f"{name}_synthetic.csv"
    if not synthetic.exists():
        run([a.bin, "synth", train, "-o", synthetic, "--seed", "1", "--no-croissant"])
    return train, holdout, synthetic


def shuffled(files, out):
    """Each column in an order of its own: what held between columns is broken."""
    *real, synthetic = files
    rows = pd.read_csv(synthetic, dtype=str, keep_default_na=False)
    broken = out / f"{synthetic.stem}_shuffled.csv"
    rows.apply(lambda column: column.sample(frac=1, random_state=rows.columns.get_loc(column.name)).to_numpy()).to_csv(broken, index=False)
    return *real, broken


def judged(program, files, target, out):
    answer = out / "report.json"
    asked = ["--target", target] if target else []
    if Path(files[0]).stat().st_size < GUARDED:
        asked.append("--generations")
    run([program, "report", *files, "--json", answer, *asked])
    return json.loads(answer.read_text())


def compared(name, program, files, target, out, measures=None):
    report = judged(program, files, target, out)
    scores = {score["key"]: score for score in report["scores"]}
    tables = Tables(program, *files)
    lines = []
    for measure in measures or MEASURES:
        start = time.perf_counter()
        try:
            lines += measure(tables, target, report)
            print(f"{name}, {measure.__name__}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        except Exception as error:  # one that fails must not hide the others
            print(f"{measure.__name__} failed on {name}: {error!r}", file=sys.stderr)
    print(f"\n### {name}\n", flush=True)
    print("| figure | ours | theirs | by | difference | tolerance | within |\n|---|---:|---:|---|---:|---:|---|")
    whys = {}
    for line in lines:
        if line.figure not in scores and line.ours is None:
            print(f"| {line.figure} | not in the report | {line.theirs:.4f} | {line.who} | | {line.tolerance} | |")
            continue
        if line.ours is None:
            line.ours = scores[line.figure]["ceiling" if line.ceiling else "value"]
        title = ", ".join(filter(None, [line.figure, line.part, "held-out rows" if line.ceiling else ""]))
        mark = f" [{whys.setdefault(line.why, len(whys) + 1)}]" if line.why else ""
        within = "yes" if line.within else "**no**"
        print(f"| {title} | {line.ours:.4f} | {line.theirs:.4f} | {line.who}{mark} | {line.ours - line.theirs:+.4f} | {round(line.tolerance, 3)} | {within} |")
    known = {line.figure for line in lines}
    alone = [key for key in scores if key not in known]
    print("\n" + "\n".join(f"[{number}] {why}  " for why, number in whys.items()))
    if alone and not measures:
        print(f"\nWithout a reference here: {', '.join(alone)}.")
    return any(line.ours is not None and not line.within for line in lines)


# --- True


def sdmetrics_reports(t, target, report):
    from sdmetrics.reports.single_table import DiagnosticReport, QualityReport

    def quality(other):
        made = QualityReport()
        made.generate(t.train, other, t.metadata, verbose=False)
        return dict(made.get_properties().set_index("Property")["Score"])

    def diagnosed(other):
        made = DiagnosticReport()
        made.generate(t.train, other, t.metadata, verbose=False)
        return dict(made.get_properties().set_index("Property")["Score"])

    synthetic, real, validity = quality(t.synthetic), quality(t.holdout), diagnosed(t.synthetic)
    why = "SDMetrics' report leaves out pairs that hang together weakly and pairs that have become constant, and cuts each table's numbers by the range of its own; its metrics, in the line above, do not."
    return [
        Line("shapes", synthetic["Column Shapes"], "SDMetrics QualityReport", EXACT),
        Line("shapes", real["Column Shapes"], "SDMetrics QualityReport", EXACT, ceiling=True),
        Line("trends", pair_trends(t, t.synthetic), "SDMetrics CorrelationSimilarity, ContingencySimilarity", EXACT),
        Line("trends", pair_trends(t, t.holdout), "SDMetrics CorrelationSimilarity, ContingencySimilarity", EXACT, ceiling=True),
        Line("trends", synthetic["Column Pair Trends"], "SDMetrics QualityReport", 1.5 * LOOSE, why),
        Line("validity", validity["Data Validity"], "SDMetrics DiagnosticReport", EXACT),
        Line("structure", validity["Data Structure"], "SDMetrics DiagnosticReport", EXACT),
    ]


def marginals(t, target, report):
    """NIST's k-marginal score for three columns, numbers in tenths of the training rows."""
    rows = min(8000, len(t.holdout), len(t.train), len(t.synthetic))

    def coded(frame):
        columns = {}
        for name in t.kinds:
            if t.is_number(name):
                cuts = np.unique(np.nanquantile(t.numbers(t.train, name), np.arange(1, 10) / 10))
                values = t.numbers(frame, name)
                columns[name] = np.where(values.isna(), -1, np.searchsorted(cuts, values, "left"))
            else:
                columns[name] = pd.Categorical(frame[name], categories=t.train[name].unique()).codes.astype(np.int64)
        return pd.DataFrame(columns)

    def score(other):
        real, other = coded(lot(t.train, 8000, 1)), coded(lot(other, rows, 2))
        apart = []
        for triple in itertools.combinations(t.kinds, 3):
            # One number for each combination, so that counting is quick.
            size = {name: int(max(real[name].max(), other[name].max())) + 2 for name in triple}
            a, b, c = triple
            codes = [((frame[a] + 1) * size[b] + frame[b] + 1) * size[c] + frame[c] + 1 for frame in (real, other)]
            levels, place = np.unique(np.concatenate(codes), return_inverse=True)
            shares = [np.bincount(part, minlength=len(levels)) / len(part) for part in np.split(place, [len(real)])]
            apart.append(np.abs(shares[0] - shares[1]).sum() / 2)
        return 1 - float(np.mean(apart))

    why = "Its rows are others by lot; values on a cut may fall on its other side."
    return [Line("marginals", score(t.synthetic), "pandas, all triples", LOT, why), Line("marginals", score(t.holdout), "pandas, all triples", LOT, why, ceiling=True)]


def gaps(t, target, report):
    def like(other):
        empty = lambda frame: frame.isna() | (frame == "")
        shares = [empty(frame).value_counts(normalize=True) for frame in (t.train, other)]
        return 1 - shares[0].sub(shares[1], fill_value=0).abs().sum() / 2

    if not t.train.isna().any().any():
        return []
    return [Line("gaps", like(t.synthetic), "pandas", EXACT), Line("gaps", like(t.holdout), "pandas", EXACT, ceiling=True)]


def detection(t, target, report):
    def told(other):
        count = min(len(t.holdout), len(other), DETECTED)
        real, categorical = t.features(lot(t.holdout, count, 1))
        features = np.concatenate([real, t.features(lot(other, count, 2))[0]])
        truth = np.repeat([0, 1], count)
        guess = np.zeros(len(truth))
        for fitted, asked in StratifiedKFold(5, shuffle=True, random_state=0).split(features, truth):
            model = HistGradientBoostingClassifier(categorical_features=categorical, random_state=0)
            guess[asked] = model.fit(features[fitted], truth[fitted]).predict_proba(features[asked])[:, 1]
        return max(roc_auc_score(truth, guess), 0.5)

    why = "Other boosted trees, with other rows by lot and five folds where the report has five bags."
    who = "scikit-learn HistGradientBoosting, 5 folds"
    return [
        Line("detection", told(t.synthetic), who, LEARNER, why),
        Line("detection", told(t.train), who, LEARNER, why, ceiling=True),
    ]


def regions(t, target, report):
    from prdc import compute_prdc

    count = min(len(t.train), len(t.holdout), ROWS)
    held = t.points(lot(t.holdout, count, 1))
    found = quietly(lambda: compute_prdc(real_features=held, fake_features=t.points(lot(t.synthetic, ROWS, 2)), nearest_k=5))
    why = "It asks for less than the reach of the fifth neighbour where the report, whose rows often tie, asks for no more."
    all_rows = fits(t)
    why = why if all_rows else f"{why} Its rows are others by lot."
    return [
        Line("coverage", found["coverage"], "prdc, k = 5", 5 * EXACT if all_rows else LOT, why),
        Line("density", found["density"], "prdc, k = 5", 5 * EXACT if all_rows else 2 * LOT, why),
    ]


# --- Safe


def copies(t, target, report):
    def share(other):
        # As text: what equals a row in every cell.
        key = lambda frame: frame.astype(str).agg("\x1f".join, axis=1)
        return key(other).isin(set(key(t.train))).mean()

    return [
        Line("copies", share(t.synthetic), "pandas", EXACT),
        Line("copies", share(t.holdout), "pandas", EXACT, ceiling=True),
    ]


def nearness(t, target, report):
    from sdmetrics.single_table import DCROverfittingProtection

    count = min(len(t.train), len(t.holdout), ROWS)
    train, holdout, other = t.points(lot(t.train, count, 1)), t.points(lot(t.holdout, count, 2)), t.points(lot(t.synthetic, ROWS, 3))
    least = lambda points, asked, k=1: NearestNeighbors(n_neighbors=k).fit(points).kneighbors(asked)[0][:, k - 1]
    seen, unseen = least(train, other), least(holdout, other)
    tied = np.isclose(seen, unseen, atol=1e-6)
    nearest = np.where(tied, 0.5, seen < unseen).mean()
    to_train, to_holdout = least(other, train), least(other, holdout)
    auc = lambda a, b: roc_auc_score(np.repeat([1, 0], [len(a), len(b)]), -np.concatenate([a, b]).round(5))
    reach = np.concatenate([least(holdout, train, 5), least(train, holdout, 5)])
    odd = np.argsort(-reach, kind="stable")[: -(-2 * count // 20)]
    guess = lambda places: auc(to_train[places[places < count]], to_holdout[places[places >= count] - count])
    held, made = (NearestNeighbors(n_neighbors=2).fit(train).kneighbors(points)[0].round(5) for points in (holdout, other))
    edge = np.sort(held[:, 0])[int(0.05 * count)]
    ratios = np.sort(np.where(made[:, 1] == 0, 1.0, made[:, 0] / np.maximum(made[:, 1], 1e-9)))
    sure = lambda seen, unseen: np.interp(0.01, *roc_curve(np.repeat([1, 0], [len(seen), len(unseen)]), -np.concatenate([seen, unseen]).round(5))[:2])
    protected = quietly(
        lambda: DCROverfittingProtection.compute_breakdown(
            t.train, t.synthetic, t.holdout, t.metadata, None, num_rows_subsample=min(count, len(t.synthetic), FEWER), num_iterations=1
        )
    )
    all_rows = fits(t)
    again = "The same definitions in other code, on all rows." if all_rows else "The same definitions in other code and on other rows by lot."
    few = "The same, but of a twentieth of the rows, of which the lot chooses among equally odd ones." if all_rows else "The same, but of a twentieth of the rows: two standard errors of the difference are 0.1."
    same = EXACT if all_rows else LOT
    other_distance = "Numbers count by their share of the range and not by rank; ties count for the holdout, where the report halves them; and it looks at 1,000 rows, or minutes pass."
    return [
        Line("nearest", nearest, "scikit-learn NearestNeighbors", same, again),
        Line("nearest", protected["synthetic_data_percentages"]["closer_to_training"], "SDMetrics DCROverfittingProtection", LOOSE, other_distance),
        Line("membership", auc(to_train, to_holdout), "scikit-learn NearestNeighbors", same, again),
        Line("outliers", guess(odd), "scikit-learn NearestNeighbors", LOT if all_rows else LOOSE, few),
        Line("nearCopies", (made[:, 0] <= edge).mean(), "scikit-learn NearestNeighbors", 5 * EXACT if all_rows else LOT, again),
        Line("distanceRatio", ratios[int(0.05 * len(ratios))], "scikit-learn NearestNeighbors", LOT if all_rows else LOOSE, again),
        Line("outliersSure", sure(to_train[odd[odd < count]], to_holdout[odd[odd >= count] - count]), "scikit-learn roc_curve", 2 * LOT if all_rows else LOOSE, few),
        Line("membershipSure", sure(to_train, to_holdout), "scikit-learn roc_curve", 5 * EXACT if all_rows else LOT, again),
    ]


def attacks(t, target, report):
    """Anonymeter's attacks, each with as many guesses, beside what the report tells of its own. What differs on purpose: rows
    equally far are taken by lot and not in the file's order; a number is right within 5 % of the guess and of what most values
    span (Anonymeter: the former alone); a gap is like another; levels that the training table has not are never guessed."""
    from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator

    whole = lambda frame: frame.assign(**{name: t.numbers(frame, name) for name in t.kinds if t.is_number(name)})
    train, holdout, synthetic = whole(t.train), whole(t.holdout), whole(t.synthetic)
    count = min(500, len(train), len(holdout))
    tables = {"ori": train, "syn": synthetic, "control": holdout, "n_attacks": count}
    counts = train.nunique(dropna=False)
    turns = sorted(train.columns, key=lambda name: -counts[name])  # columns of most different values first, to either list in turn
    lines, told = [], report.get("attacks", [])
    columns = [attack for attack in told if attack["column"]][:3]
    for attack in [attack for attack in told if not attack["column"]] + columns:
        key, secret = attack["key"], attack["column"]
        if key == "singlingOut":
            mode = "univariate" if "one" in attack["name"] else "multivariate"
            made = quietly(lambda: SinglingOutEvaluator(**tables, n_cols=3, seed=1).evaluate(mode=mode))
        elif key == "linkability":
            made = quietly(lambda: LinkabilityEvaluator(**tables, aux_cols=(turns[::2], turns[1::2]), n_neighbors=10).evaluate(n_jobs=1))
        elif secret and t.is_number(secret):
            # Anonymeter 1.1 is right about numbers no more often than by chance where the same distance and the same rule are not.
            for what, frame in (("main", train), ("control", holdout)):
                theirs = gower_guesses(t, frame.sample(n=count, random_state=1), synthetic, secret)
                lines.append(attack_line(key, attack, what, theirs, count, "numpy, Gower's distance"))
            continue
        elif secret:
            known = [name for name in train.columns if name != secret]
            made = quietly(lambda: InferenceEvaluator(**tables, secret=secret, aux_cols=known).evaluate(n_jobs=1))
        else:
            continue
        results = made.results()
        for what, theirs in (("main", results.n_success / count), ("control", results.n_control / count)):
            lines.append(attack_line(key, attack, what, theirs, count, "Anonymeter"))
    return lines


def attack_line(key, attack, what, theirs, count, who):
    ours = attack[what]["value"]
    chance = 3 * np.sqrt(ours * (1 - ours) / max(attack["tries"], 1) + theirs * (1 - theirs) / count)
    why = "Both guess about other rows by lot: three standard errors of the difference are allowed beside 0.03."
    column = f" ({attack['column']})" if attack["column"] else ""
    return Line(key, theirs, who, LOT + chance, why, ours=ours, part=f"{attack['name']}{column}, {what}")


def gower_guesses(t, asked, synthetic, secret):
    """How often the synthetic row nearest by all other columns has the number within 5 %, and within 5 % of what most values span."""
    apart = np.zeros((len(asked), len(synthetic)), dtype=np.float32)
    for name in (name for name in t.kinds if name != secret):
        own, other = asked[name].to_numpy()[:, None], synthetic[name].to_numpy()[None]
        if t.is_number(name):
            both = pd.concat([t.numbers(t.train, name), t.numbers(t.synthetic, name)])
            apart += np.nan_to_num(np.abs(own - other) / max(both.max() - both.min(), 1e-12), nan=1.0)
        else:
            apart += own != other
    guess, truth = synthetic[secret].to_numpy()[apart.argmin(axis=1)], asked[secret].to_numpy()
    span = np.subtract(*np.nanquantile(t.numbers(t.train, secret), [0.95, 0.05]))
    return float((np.abs(guess - truth) <= 0.05 * np.minimum(np.abs(guess), span)).mean())


# --- Useful


def importance(t, target, report):
    if target is None:
        return []

    def has(frame):
        features, _ = t.features(frame, target)
        features = np.nan_to_num(features, nan=-1)
        if t.is_number(target):
            return GradientBoostingRegressor(random_state=0).fit(features, t.numbers(frame, target).fillna(0)).feature_importances_
        level = t.train[target].value_counts().index
        level = level[1] if len(level) == 2 else level[0]
        return GradientBoostingClassifier(random_state=0).fit(features, frame[target] == level).feature_importances_

    real, made, held = (has(lot(frame, 4000, 5)) for frame in (t.train, t.synthetic, t.holdout))
    like = lambda other: 1 - np.abs(real - other).sum() / 2
    why = "One column of codes for each category where the report's trees part levels as they like, and a hundred trees of depth three."
    who = "scikit-learn GradientBoosting, impurity"
    return [Line("importance", like(made), who, LOOSE, why), Line("importance", like(held), who, LOOSE, why, ceiling=True)]


def taught(t, target, report):
    if target is None:
        return []

    def skill(table):
        table, asked = lot(table, TAUGHT, 6), lot(t.holdout, TAUGHT, 7)
        features, categorical = t.features(table, target)
        questions = t.features(asked, target)[0]
        options = {"categorical_features": categorical, "random_state": 0}
        if t.is_number(target):
            own, truth = t.numbers(table, target), t.numbers(asked, target)
            model = HistGradientBoostingRegressor(**options).fit(features[own.notna()], own.dropna())
            return r2_score(truth.dropna(), model.predict(questions[truth.notna()]))
        classes = t.train[target].value_counts().index
        classes = classes[1:] if len(classes) == 2 else classes[:5]
        found = []
        for level in classes:
            own, truth = table[target] == level, asked[target] == level
            if 10 <= truth.sum() <= len(truth) - 10 and own.any():
                model = HistGradientBoostingClassifier(**options).fit(features, own)
                found.append(roc_auc_score(truth, model.predict_proba(questions)[:, 1]))
        return float(np.mean(found))

    why = "Other boosted trees, with other rows by lot."
    who = "scikit-learn HistGradientBoosting"
    return [
        Line("tstr", skill(t.synthetic), who, LEARNER, why),
        Line("tstr", skill(t.train), who, LEARNER, why, ceiling=True),
    ]


# --- Fair


def groups(t, target, report):
    protected = sorted({group["column"] for group in report["groups"]})
    if not protected:
        return []
    cuts = {name: np.nanquantile(t.numbers(t.train, name), [0.25, 0.5, 0.75]) for name in protected if t.is_number(name)}
    grouped = lambda frame, name: pd.Series(np.searchsorted(cuts[name], t.numbers(frame, name), "right")) if name in cuts else frame[name].reset_index(drop=True)

    def like(other, name):
        shares = [grouped(frame, name).value_counts(normalize=True) for frame in (t.train, other)]
        return 1 - shares[0].sub(shares[1], fill_value=0).abs().sum() / 2

    if t.is_number(target):
        median = t.numbers(t.train, target).median()
        has = lambda frame: t.numbers(frame, target) > median
    else:
        counts = t.train[target].value_counts()
        level = counts.index[-1] if len(counts) == 2 else counts.index[0]
        has = lambda frame: frame[target] == level

    def rate(frame, group):
        own = grouped(frame, group["column"]).astype(str) == group["name"]
        return has(frame).reset_index(drop=True)[own].mean()

    why = "Quarters of a column of numbers are cut by numpy's quantiles, so a value on the cut may fall on its other side."
    tolerance, why = (0.02, why) if cuts else (EXACT, "")
    lines = [
        Line("groupShares", min(like(t.synthetic, name) for name in protected), "pandas", tolerance, why),
        Line("groupShares", min(like(t.holdout, name) for name in protected), "pandas", tolerance, why, ceiling=True),
    ]
    named = [group for group in report["groups"] if group["column"] not in cuts and group["rates"][0] is not None]
    for group in named[:3]:
        for place, table in ((0, "train"), (2, "synthetic")):
            if group["rates"][place] is not None:
                part = f"{group['column']}: {group['name']}, {table}"
                lines.append(Line("groupOutcomes", rate(getattr(t, table), group), "pandas", EXACT, ours=group["rates"][place], part=part))
    return lines


MEASURES = [sdmetrics_reports, marginals, gaps, detection, regions, copies, nearness, attacks, taught, importance, groups, *REFERENCES]


def cost(name, program, files, out):
    from sdmetrics.reports.single_table import DiagnosticReport, QualityReport
    from sdmetrics.single_table import DCRBaselineProtection, DCROverfittingProtection

    def ours():
        run([program, "report", *files, "--json", out / "report.json"])

    def theirs():
        t = Tables(program, *files)
        for made in (QualityReport(), DiagnosticReport()):
            made.generate(t.train, t.synthetic, t.metadata, verbose=False)
        few = {"num_rows_subsample": min(FEWER, len(t.synthetic)), "num_iterations": 1}
        DCRBaselineProtection.compute_breakdown(t.train, t.synthetic, t.metadata, None, **few)
        DCROverfittingProtection.compute_breakdown(t.train, t.synthetic, t.holdout, t.metadata, None, **few)

    seconds = {ours: [], theirs: []}
    for _ in range(3):
        for work, taken in seconds.items():
            start = time.perf_counter()
            quietly(work)
            taken.append(time.perf_counter() - start)
    own, other = (statistics.median(taken) for taken in seconds.values())
    print(f"\n### Cost, {name}\n\nMedian of three, in turn on one machine, reading of files included: the full report {own:.1f} s;")
    print(f"SDMetrics' QualityReport, DiagnosticReport and its two DCR metrics on {FEWER} rows {other:.1f} s: {other / own:.1f} times as long.")


if __name__ == "__main__":
    main()
