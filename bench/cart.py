"""Synthetic rows in the manner of R's synthpop, with its defaults: column after column in the order of the file, each drawn
from the leaves of one tree (CART) grown on the columns before it. The first is drawn from its own cells.

A row falls into a leaf of the tree, and a fitted row of that leaf gives it its cell. Leaves hold at least five rows, nodes of
fewer than fifteen are not cut (`rpart.control(minbucket = 5, cp = 1e-8)`). Of a number with gaps it is drawn first whether
there is one, then the number from those that have one. Where it differs: a tree of scikit-learn cuts numbers only, so the
levels of a category are put in one order for each tree, by their mean answer, and not anew in each node.
"""

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

LEAF, NODE, DEPTH, GAIN = 5, 15, 30, 1e-8


class Cart:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def fit(self, rows):
        """`rows` are cells of text; a blank one, or NA, is a gap. Trees are grown while sampling, from the rows themselves."""
        self.rows = rows
        return self

    def sample(self, count):
        made, real_before, made_before = {}, [], []
        for name in self.rows:
            cells = self.rows[name].to_numpy(object)
            numbers = as_numbers(self.rows[name])
            if numbers is None:
                codes = pd.factorize(cells)[0]
                donors = self.donors(codes, True, real_before, made_before, count)
                parts = [(codes, True)]
            else:
                gap = np.isnan(numbers)
                donors = self.donors(gap.astype(int), True, real_before, made_before, count) if gap.any() else np.zeros(count, int)
                full = np.flatnonzero(~gap[donors]) if gap.any() else np.arange(count)
                some = [(values[~gap], kind) for values, kind in real_before]
                these = self.donors(numbers[~gap], False, some, [(values[full], kind) for values, kind in made_before], len(full))
                donors[full] = np.flatnonzero(~gap)[these]
                parts = [(np.where(gap, 0, numbers), False)] + ([(gap.astype(int), False)] if gap.any() else [])
            made[name] = cells[donors]
            real_before += parts
            made_before += [(values[donors], kind) for values, kind in parts]
        return pd.DataFrame(made)

    def donors(self, answer, category, real, made, count):
        """For each row to be made, the number of the fitted row that gives its cell."""
        if not real or len(answer) < 2:
            return self.random.integers(len(answer), size=count)
        x, z = [], []
        for (values, levels), (drawn, _) in zip(real, made):
            place = places(values, answer, category, 1 + max(values.max(), drawn.max())) if levels else None
            x.append(place[values] if levels else values)
            z.append(place[drawn] if levels else drawn)
        grow = DecisionTreeClassifier if category else DecisionTreeRegressor
        shares = np.bincount(answer) / len(answer) if category else None
        unlike = 1 - (shares**2).sum() if category else answer.var()
        tree = grow(min_samples_leaf=LEAF, min_samples_split=NODE, max_depth=DEPTH, min_impurity_decrease=GAIN * unlike)
        tree.set_params(random_state=int(self.random.integers(2**31)))
        tree.fit(np.column_stack(x), answer)
        leaf, wanted = tree.apply(np.column_stack(x)), tree.apply(np.column_stack(z))
        order = np.argsort(leaf, kind="stable")
        first = np.searchsorted(leaf[order], wanted, "left")
        behind = np.searchsorted(leaf[order], wanted, "right")
        return order[self.random.integers(first, behind)]


def places(levels, answer, category, count):
    """The order of a category's levels: by the mean answer, or of several classes by where their shares differ most."""
    rows = np.bincount(levels, minlength=count)
    if category:
        shares = np.zeros((count, answer.max() + 1))
        np.add.at(shares, (levels, answer), 1)
        apart = shares / np.maximum(rows, 1)[:, None] - shares.sum(0) / len(answer)
        mean = apart @ np.linalg.svd(apart * np.sqrt(rows)[:, None], full_matrices=False)[2][0]
    else:
        mean = np.bincount(levels, answer - answer.mean(), count) / np.maximum(rows, 1)
    # A level that only rows with a gap have stands in the middle.
    return np.argsort(np.argsort(np.where(rows > 0, mean, 0)))


def as_numbers(cells):
    """Numbers or times, not a number where a cell is blank; nothing if a cell is neither."""
    full = cells[~cells.str.strip().isin(["", "NA"])]
    for read in (pd.to_numeric, lambda text: pd.to_datetime(text).astype("int64")):
        try:
            return read(full).astype(float).reindex(cells.index).to_numpy()
        except (ValueError, OverflowError):
            pass
    return None
