"""Fits one of the other generators, as it comes, and writes as many rows as it was fitted on. Runs in their own environment.

  peer.py PEER TRAIN.csv SYNTHETIC.csv SEED

It prints one line of JSON at its end: the seconds of fit and of sampling. What is imported counts to neither.
"""

import json
import random
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")


def main():
    name, train, out, seed = sys.argv[1:]
    random.seed(int(seed))
    np.random.seed(int(seed))
    read, fit = PEERS[name](int(seed))
    rows = read(train)
    start = time.perf_counter()
    sample = fit(rows)
    fitted = time.perf_counter()
    made = sample(len(rows))
    sampled = time.perf_counter()
    made.to_csv(out, index=False)
    print(json.dumps({"fit": fitted - start, "sample": sampled - fitted}))


def cart(seed):
    from cart import Cart

    return as_text, lambda rows: Cart(seed).fit(rows).sample


def of_sdv(name):
    def peer(seed):
        import sdv.single_table
        import torch
        from sdv.metadata import Metadata

        torch.manual_seed(seed)

        def fit(rows):
            data = {"table": rows}
            synthesizer = getattr(sdv.single_table, name)(Metadata.detect_from_dataframes(data))
            synthesizer.fit(data)
            return lambda count: synthesizer.sample(num_rows=count)["table"]

        return pd.read_csv, fit

    return peer


def arfpy(seed):
    from arfpy import arf

    def fit(rows):
        forest = arf.arf(rows, verbose=False, random_state=seed)
        forest.forde()
        # It leaves it to its user to cut numbers to as many digits as the fitted ones have.
        digits = rows.select_dtypes("number").map(lambda number: len(str(number).partition(".")[2].rstrip("0"))).max()
        return lambda count: forest.forge(count).round(digits.to_dict())

    return pd.read_csv, fit


def mostlyai(seed):
    from mostlyai.engine import TabularARGN

    return pd.read_csv, lambda rows: TabularARGN(random_state=seed).fit(rows).sample


def as_text(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


PEERS = {
    "cart": cart,
    "gaussian-copula": of_sdv("GaussianCopulaSynthesizer"),
    "arfpy": arfpy,
    "tvae": of_sdv("TVAESynthesizer"),
    "ctgan": of_sdv("CTGANSynthesizer"),
    "mostlyai": mostlyai,
}

if __name__ == "__main__":
    main()
