"""Standin's three attacks beside Anonymeter's own, on the same tables.

    pip install anonymeter
    standin report TRAIN HOLDOUT SYNTH --json report.json
    python bench/check_attacks.py TRAIN HOLDOUT SYNTH report.json

Each share of right guesses (main and control) must agree within 0.03 and three standard errors of the difference: both take other
rows by lot. What differs on purpose:
- linkability: rows equally far are taken in the order of a lot, not of the file;
- inference: a number is right within 5 % of the guess and within 5 % of what nine tenths of the real values span (Anonymeter: the
  former alone, and any number where the guess is below zero); a gap is like another gap;
- the baseline of inference takes a synthetic row by lot (Anonymeter 1.1 loses most of its blind guesses when it matches indices);
- levels that the training table has not are never guessed.
Text columns with gaps are filled with a word, since Anonymeter asks for whole columns.
"""

import json
import math
import sys
import warnings

import pandas as pd
from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator

warnings.filterwarnings("ignore")
ATTACKS = 500
TOLERANCE = 0.03


def read(path):
    table = pd.read_csv(path)
    for name in table.columns:
        if not pd.api.types.is_numeric_dtype(table[name]):
            table[name] = table[name].astype(object).where(table[name].notna(), "(gap)")
    return table


def lists(train):
    """The columns by turns, those of most different values first."""
    counts = train.nunique(dropna=False)
    order = sorted(train.columns, key=lambda name: -counts[name])
    return order[::2], order[1::2]


def numbers(evaluator):
    results = evaluator.results()
    count = results.n_attacks_ori
    return results.n_success / count, results.n_control / count, evaluator.risk(), count


def compare(name, ours, theirs):
    main, control, risk, count = theirs
    all_good = True
    for what, own, other in (("main", ours["main"]["value"], main), ("control", ours["control"]["value"], control)):
        error = math.sqrt(own * (1 - own) / ours["tries"] + other * (1 - other) / count)
        good = abs(own - other) <= TOLERANCE + 3 * error
        all_good &= good
        print(f"{name:44} {what:8} {own:7.3f} {other:7.3f}  {'ok' if good else 'DIFFERS'}")
    low, high = ours["risk"]["interval"]
    print(f"{name:44} {'risk':8} {ours['risk']['value']:7.3f} {risk.value:7.3f}  [{low:.3f}, {high:.3f}] [{risk.ci[0]:.3f}, {risk.ci[1]:.3f}]")
    return all_good


def main():
    train, holdout, synthetic = map(read, sys.argv[1:4])
    report = json.load(open(sys.argv[4]))
    rows = min(len(train), len(holdout))
    tables = dict(ori=train, syn=synthetic, control=holdout, n_attacks=min(ATTACKS, rows))
    print(f"{'attack':44} {'':8} {'standin':>7} {'anonymeter':>7}")
    good = True
    for attack in report["attacks"]:
        if attack["key"] == "singlingOut":
            mode = "univariate" if "one" in attack["name"] else "multivariate"
            evaluator = SinglingOutEvaluator(**tables, n_cols=3, seed=1).evaluate(mode=mode)
        elif attack["key"] == "linkability":
            evaluator = LinkabilityEvaluator(**tables, aux_cols=lists(train), n_neighbors=10).evaluate(n_jobs=1)
        elif attack["column"]:
            secret = attack["column"]
            known = [name for name in train.columns if name != secret]
            number = pd.api.types.is_numeric_dtype(train[secret])
            evaluator = InferenceEvaluator(**tables, secret=secret, aux_cols=known, regression=number).evaluate(n_jobs=1)
        else:
            continue
        good &= compare(f"{attack['name']} {attack['column'] or ''}"[:44], attack, numbers(evaluator))
    sys.exit(0 if good else 1)


main()
