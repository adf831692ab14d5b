"""The public tables that generators are measured on, their halves, and the column that a model is trained to predict.

Four tables come split, so that figures can be laid beside outputs that others published for the same halves. The others are
shuffled with a fixed seed and cut in the middle. Cells stay the text that they are in the file.
"""

import gzip
import shutil
from dataclasses import dataclass

import pandas as pd

SHUFFLE = 0  # the seed of the split, the same for all tables


@dataclass(frozen=True)
class Table:
    target: str  # what a model is trained to predict: AUC if a category, R² if a number
    file: str = ""  # under data/tables; empty: split already
    names: tuple = ()  # of the columns, if the file has no header
    without: str = ""  # a column left out: it names rows and says nothing of them
    most: int = 0  # rows chosen at random before the split, if the file has more


WINE = "fixed_acidity volatile_acidity citric_acid residual_sugar chlorides free_sulfur_dioxide total_sulfur_dioxide density pH"
KDD99 = (
    "duration protocol_type service flag src_bytes dst_bytes land wrong_fragment urgent hot num_failed_logins logged_in "
    "num_compromised root_shell su_attempted num_root num_file_creations num_shells num_access_files num_outbound_cmds "
    "is_host_login is_guest_login count srv_count serror_rate srv_serror_rate rerror_rate srv_rerror_rate same_srv_rate "
    "diff_srv_rate srv_diff_host_rate dst_host_count dst_host_srv_count dst_host_same_srv_rate dst_host_diff_srv_rate "
    "dst_host_same_src_port_rate dst_host_srv_diff_host_rate dst_host_serror_rate dst_host_srv_serror_rate "
    "dst_host_rerror_rate dst_host_srv_rerror_rate label"
)

TABLES = {
    "adult": Table("income"),
    "online-shoppers": Table("Revenue"),
    "bank-marketing": Table("y"),
    "credit-default": Table("default payment next month"),
    "penguins": Table("species", "seaborn/penguins.csv"),
    "german-credit": Table("default", "uci_small/german_credit_with_header.csv"),
    "heart": Table("target", "heart/heart.csv"),
    "insurance": Table("charges", "insurance/insurance.csv"),
    "attrition": Table("Attrition", "rdatasets_modeldata/attrition.csv", without="rownames"),
    "wine-white": Table("quality", "uci_small/winequality-white.csv", names=(*WINE.split(), "sulphates", "alcohol", "quality")),
    "sd2011": Table("ls", "sd2011/SD2011.csv"),
    "taxis": Table("tip", "seaborn/taxis.csv"),
    "telco": Table("Churn", "telco_churn/Telco-Customer-Churn.csv", without="customerID"),
    "ma2019": Table("INDP_CAT", "nist_acs/ma2019.csv"),
    "mushrooms": Table("type", "mushrooms_letters/mushrooms.csv"),
    "mammography": Table("class", "uci_small/mammography.csv", names=("a", "b", "c", "d", "e", "f", "class")),
    "magic": Table("class", "magic_gamma/magic04.data"),
    "california": Table("median_house_value", "california_housing/housing.csv"),
    # Not its label: some of its classes have one row, and the judge's classifier refuses those.
    "kdd99": Table("logged_in", "kddcup99/kddcup.data_10_percent.gz", names=tuple(KDD99.split()), most=50_000),
}


def halves(name, data, into):
    """The files of the half to fit and the half held out, made in `into` if they are not there."""
    files = [into / f"{name}_{part}.csv" for part in ("trn", "hol")]
    if not all(file.exists() for file in files):
        into.mkdir(parents=True, exist_ok=True)
        table = TABLES[name]
        if table.file:
            cut(table, data / "tables" / table.file, files)
        else:
            for file in files:
                unpack(data / "tables" / "mostly_benchmark_splits" / f"{file.name}.gz", file)
    return files


def cut(table, source, files):
    names = {"header": None, "names": list(table.names)} if table.names else {}
    rows = pd.read_csv(source, dtype=str, keep_default_na=False, **names)
    if table.without:
        rows = rows.drop(columns=table.without)
    rows = rows.sample(frac=1, random_state=SHUFFLE)
    half = min(len(rows), table.most or len(rows)) // 2
    rows[:half].to_csv(files[0], index=False)
    rows[half : 2 * half].to_csv(files[1], index=False)


def unpack(packed, plain):
    with gzip.open(packed, "rb") as source, open(plain, "wb") as target:
        shutil.copyfileobj(source, target)
