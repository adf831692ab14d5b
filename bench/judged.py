"""What a synthetic table scores: the judge's figures, and membership among the most outlying rows.

An attacker is asked who was in the fitted half. Of ordinary rows that is hard to tell, so a generator that remembers the few
rows far from all others shows it there alone. The judge looks at rows at random; here the question is put about the
OUTLYING share of all real rows whose fifth nearest neighbour among the other real rows is farthest away, in the judge's own
coding and with its attack: the nearer a synthetic row, the likelier a member.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

ROWS = 6000  # rows that the judge's slower figures look at
OUTLYING = 0.05
HALVINGS = 20  # of the held-out half, of which one part is asked about and the other is what held-out rows are scored with


class Judge:
    def __init__(self, script):
        self.script = Path(script)
        spec = importlib.util.spec_from_file_location("score", self.script)
        self.score = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.score)

    def ceiling(self, train, holdout, target):
        """What held-out rows score in the synthetic table's place; `tstr` is that of the fitted half."""
        # The judge adds the ceiling to whatever it is given; here only that half of its answer counts.
        answer = self.asked(train, holdout, holdout, target)
        figures = answer["ceiling"] | {"rows": answer["rows"]["train"], "columns": len(answer["kinds"])}
        figures["tstr"] = figures.pop("trtr")
        figures["c2st_once"] = self.once(train, train, holdout)
        return figures | Outlying(self.score, train, holdout).ceiling()

    def figures(self, train, holdout, synthetic, target):
        answer = self.asked(train, holdout, synthetic, target, "--no-ceiling")
        figures = answer["synth"] | {"c2st_once": self.once(train, holdout, synthetic)}
        return figures | Outlying(self.score, train, holdout).figures(synthetic)

    def once(self, train, real, other):
        """Whether the different rows of one table can be told from those of another."""
        score, kind = self.score, self.score.kinds(self.score.read(train))
        encoder = score.Encoder(score.prepare(score.read(train), kind), kind)
        different = [score.prepare(score.read(path), kind).drop_duplicates() for path in (real, other)]
        return score.c2st(*(rows.sample(min(len(rows), ROWS), random_state=0) for rows in different), encoder)[0]

    def asked(self, train, holdout, synthetic, target, *options):
        answer = Path(synthetic).with_suffix(".judged")
        # One thread each: several are asked at once.
        places = {**os.environ, "OMP_NUM_THREADS": "1"}
        words = [sys.executable, self.script, train, holdout, synthetic, "--target", target, "--rows", str(ROWS)]
        run([*words, "--json", answer, *options], env=places)
        figures = json.loads(answer.read_text())
        answer.unlink()
        return figures


class Outlying:
    """The outlying rows of one pair of halves, found once and kept beside them: to look for neighbours among all rows takes a while."""

    def __init__(self, score, train, holdout):
        self.score = score
        self.kind = score.kinds(score.read(train))
        fitted = score.prepare(score.read(train), self.kind)
        self.encoder = score.Encoder(fitted, self.kind)
        self.real = np.concatenate([self.encoder.onehot(fitted), self.coded(holdout)])
        self.member = np.arange(len(self.real)) < len(fitted)
        kept = Path(train).with_suffix(".fifth.npy")
        if not kept.exists():
            # The nearest of six is the row itself, or one that equals it.
            np.save(kept, score.near(self.real, self.real, 6)[0][:, 5])
        fifth = np.load(kept)
        fifth += np.random.default_rng(0).random(len(fifth)) * 1e-9  # which of many equal ones is left to chance
        self.outlying = fifth > np.quantile(fifth, 1 - OUTLYING)

    def coded(self, path):
        return self.encoder.onehot(self.score.prepare(self.score.read(path), self.kind))

    def figures(self, synthetic):
        distance = np.zeros(len(self.real))
        distance[self.outlying] = self.nearest(self.coded(synthetic), self.outlying)
        return self.attack(lambda drawn, asked: distance[asked])

    def ceiling(self):
        return self.attack(lambda drawn, asked: self.nearest(self.real[drawn], asked))

    def nearest(self, synthetic, asked):
        return self.score.near(synthetic, self.real[asked])[0][:, 0]

    def attack(self, distance):
        """Half of the unseen rows are asked about, so that the others can stand for synthetic ones; the mean of many halvings."""
        random = np.random.default_rng(0)
        found = []
        for _ in range(HALVINGS):
            drawn = ~self.member & (random.random(len(self.real)) < 0.5)
            asked = self.outlying & ~drawn
            ties = random.random(asked.sum()) * 1e-9
            truth, closeness = self.member[asked], -distance(drawn, asked) + ties
            fpr, tpr, _ = self.score.roc_curve(truth, closeness)
            found.append((self.score.roc_auc_score(truth, closeness), np.interp(0.01, fpr, tpr)))
        auc, tpr1 = np.mean(found, axis=0)
        return {"out_auc": float(auc), "out_tpr1": float(tpr1), "outliers": int((self.outlying & ~self.member).sum())}


class Failed(Exception):
    """What a program that failed said."""


def run(command, **how):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **how)
    if done.returncode != 0:
        raise Failed(f"{Path(command[0]).name} failed ({done.returncode})\n{done.stderr}")
