"""What was measured of each table and generator, and the targets it is held against. results.py tells of it, plots.py draws it."""

import csv
import statistics
from dataclasses import dataclass, field
from pathlib import Path

FIGURES = {  # name: what is best, and what it says
    "shapes": ("1", "mean over columns of how alike the distributions are (SDMetrics *Column Shapes*)"),
    "trends": ("1", "the same for pairs of columns (SDMetrics *Column Pair Trends*)"),
    "c2st_auc": ("0.5", "how well boosted trees tell synthetic rows from unseen real ones; 0.5 is not at all"),
    "c2st_lr": ("0.5", "the same with logistic regression"),
    "c2st_once": ("0.5", "`c2st_auc` where each table is asked about its different rows alone: where real rows repeat, as who copies nobody cannot"),
    "coverage": ("ceiling", "share of real rows with a synthetic row among their five nearest"),
    "density": ("ceiling", "how many real neighbourhoods a synthetic row falls into"),
    "copies": ("ceiling", "share of synthetic rows that equal a fitted row; the ceiling is what real rows do by chance"),
    "dcr_share": ("0.5", "share of synthetic rows nearer to a fitted row than to an unseen one"),
    "mia_auc": ("0.5", "how well the distance to synthetic rows tells who was in the fitted data"),
    "mia_tpr1": ("0.01", "the true positives of that attack at 1 % false positives"),
    "out_auc": ("0.5", "the same attack on the 5 % of real rows that lie farthest from their fifth nearest real neighbour"),
    "out_tpr1": ("ceiling", "its true positives at 1 % false positives; where there are few such rows the ceiling lies above 0.01"),
    "tstr": ("ceiling", "AUC (of several classes, their mean; of a number, R²) on unseen real rows of a model that learnt from synthetic ones"),
}
PRESETS = ["balanced", "faithful", "cautious"]
MEMORY = 0.515  # of dcr_share, what counts as none


@dataclass
class Target:
    words: str
    limit: object  # of the ceiling's figure
    at_most: bool = True

    def missed(self, value, ceiling):
        return value > self.limit(ceiling) if self.at_most else value < self.limit(ceiling)


TARGETS = {
    "shapes": Target("at least the ceiling", lambda ceiling: ceiling, False),
    "trends": Target("at least the ceiling", lambda ceiling: ceiling, False),
    "coverage": Target("at least the ceiling", lambda ceiling: ceiling, False),
    "c2st_auc": Target("at most 0.55, and 0.53 on half of the tables", lambda ceiling: 0.55),
    "dcr_share": Target("at most 0.515, or the ceiling and 0.01", lambda ceiling: max(MEMORY, ceiling + 0.01)),
    "mia_auc": Target("at most the ceiling and 0.01", lambda ceiling: ceiling + 0.01),
    "mia_tpr1": Target("at most the ceiling and 0.004", lambda ceiling: ceiling + 0.004),
    "out_auc": Target("at most the ceiling and 0.01", lambda ceiling: ceiling + 0.01),
    "out_tpr1": Target("at most the ceiling and 0.004", lambda ceiling: ceiling + 0.004),
    "tstr": Target("at least 0.99 of the ceiling", lambda ceiling: 0.99 * ceiling, False),
}


@dataclass
class Generator:
    version: str = ""
    figures: list = field(default_factory=list)  # a dictionary for each seed
    failed: list = field(default_factory=list)  # what was said, for each seed that gave no figures

    def all(self, figure):
        return [f[figure] for f in self.figures if f.get(figure) is not None]

    def median(self, figure):
        values = self.all(figure)
        return statistics.median(values) if values else None


@dataclass
class Table:
    ceiling: dict
    ours: dict
    peers: dict = field(default_factory=dict)

    def missed(self, figure, preset):
        return TARGETS[figure].missed(self.ours[preset].median(figure), self.ceiling[figure])

    def memory(self, generator):
        """Its dcr_share; what meets the target is all the same, since less than that is chance."""
        return max(generator.median("dcr_share"), TARGETS["dcr_share"].limit(self.ceiling["dcr_share"]))

    def ahead(self, preset, peer):
        """Whether the preset is no easier to tell from real rows and remembers no more, and is better in one of the two."""
        return self.better(self.ours[preset], self.peers[peer])

    def behind(self, preset, peer):
        return self.better(self.peers[peer], self.ours[preset])

    def better(self, one, other):
        a, b = ((generator.median("c2st_auc"), self.memory(generator)) for generator in (one, other))
        return a != b and all(x <= y for x, y in zip(a, b))


def found(quality, digest):
    """The tables of quality.py, with what the digest of peers.py says of each."""
    tables = {}
    for run in quality["runs"]:
        table = tables.setdefault(run["table"], Table({}, {}))
        if run["method"] == "ceiling":
            table.ceiling = run["figures"]
        else:
            table.ours.setdefault(run["method"], Generator()).figures.append(run["figures"])
    for row in rows(digest):
        if row["table"] in tables:
            peer = tables[row["table"]].peers.setdefault(row["peer"], Generator(row["version"]))
            if row["failed"]:
                peer.failed.append(row["failed"])
            else:
                known = ["fit_s", "sample_s", *FIGURES]
                peer.figures.append({figure: float(row[figure]) for figure in known if row.get(figure)})
    return tables


def rows(path):
    if not path or not Path(path).exists():
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))
