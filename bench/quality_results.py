"""The part of RESULTS.md that tells how close and how private: the targets, what missed them, and the other generators."""

import math
import statistics

from figures import FIGURES, PRESETS, TARGETS
from grid import grid, number
from tables import SHUFFLE, TABLES

HALF = 0.53  # of c2st_auc, the target on half of the tables


def section(quality, tables, plot):
    peers_of = [peers(tables, plot)] if any(table.peers for table in tables.values()) else []
    return "\n\n".join([introduction(quality, tables), targets(tables), misses(quality, tables), *peers_of])


def every_figure(tables, published):
    head = (
        "Medians of the seeds; the least and the greatest of Standin's below. "
        "*published* are tables that their makers or users published for the same halves, judged here and not run here."
    )
    return "\n\n".join([head, *(details(name, table, published) for name, table in tables.items())])


def introduction(quality, tables):
    rows = [
        [name, f"{table.ceiling['rows']:,}", str(table.ceiling["columns"]), f"`{TABLES[name].target}`", said_of(name, table.ceiling["copies"])]
        for name, table in tables.items()
    ]
    seeds = quality["seeds"]
    one = [method for method in seeds if len(seeds[method]) == 1]
    counts = f"{len(seeds[PRESETS[0]])} seeds" + (f" (of {', '.join(one)}: one)" if one else "")
    return (
        "Each table was split in equal halves. A generator was fitted on one and judged against the other, which it never saw. "
        f"Figures of Standin are medians of {counts}. The judge's slower figures look at {quality['rows']:,} rows, or all if there are "
        "fewer. *Ceiling* is what held-out real rows score in the synthetic table's place: a perfect generator that copies nobody.\n\n"
        + grid(["figure", "best", "what it says"], [[f"`{k}`", best, text] for k, (best, text) in FIGURES.items()])
        + "\n\n"
        + grid(["table", "rows fitted", "columns", "target of `tstr`", ""], rows)
    )


def said_of(name, copies):
    table = TABLES[name]
    words = [f"shuffled with seed {SHUFFLE} and cut in the middle" if table.file else "split by those who published outputs for it"]
    words += [f"without `{table.without}`"] if table.without else []
    words += [f"{table.most:,} rows of it, chosen at random"] if table.most else []
    words += [f"{copies:.0%} of the held-out rows equal a fitted one"] if copies > 0.05 else []
    return "; ".join(words)


def targets(tables):
    rows = []
    for name, table in tables.items():
        rows.append([name, "ceiling"] + [number(table.ceiling[figure]) for figure in TARGETS])
        for preset in filter(table.ours.__contains__, PRESETS):
            marks = [number(table.ours[preset].median(f)) + " ✗" * table.missed(f, preset) for f in TARGETS]
            rows.append(["", f"**{preset}**", *marks])
    return (
        "### Against the targets\n\nA ✗ marks a miss. The targets:\n\n"
        + "\n".join(f"- `{figure}`: {target.words}" for figure, target in TARGETS.items())
        + "\n\n"
        + grid(["table", "preset", *(f"`{figure}`" for figure in TARGETS)], rows)
    )


def misses(quality, tables):
    text = (
        "### What missed its target\n\nThe median, and in brackets what the target asked for. Of `dcr_share` and the figures of "
        "membership, *chance* says that the median lies within two standard errors of the ceiling: so few rows cannot tell the two apart."
    )
    for preset in PRESETS:
        close = sum(table.ours[preset].median("c2st_auc") <= HALF for table in tables.values())
        met = "met" if 2 * close >= len(tables) else "missed"
        lines = [f"- `c2st_auc` is at most {HALF} on {close} of {len(tables)} tables; half is the target: {met}"]
        for figure, target in TARGETS.items():
            some = [name for name, table in tables.items() if table.missed(figure, preset)]
            told = [one_miss(quality, tables[name], name, figure, target, preset) for name in some]
            lines.append(f"- `{figure}` misses on {len(some)} of {len(tables)}" + (f": {'; '.join(told)}" if told else ""))
        text += f"\n\n**{preset}**\n\n" + "\n".join(lines)
    return text


def one_miss(quality, table, name, figure, target, preset):
    value, ceiling = table.ours[preset].median(figure), table.ceiling[figure]
    asked = min(quality["rows"], table.ceiling["rows"])
    chance = figure in ERRORS and value - ceiling < 2 * ERRORS[figure](table.ceiling["outliers"] if figure.startswith("out") else asked)
    return f"{name} {number(value)} ({number(target.limit(ceiling))}{', chance' * chance})"


def auc_error(rows):
    return math.sqrt((2 * rows + 1) / 12) / rows


def tpr1_error(rows):
    """Of the members found, and as much again of where the limit of 1 % lies among the others."""
    return math.sqrt(2 * 0.01 * 0.99 / rows)


# The standard errors, where nothing is remembered, of figures that ask about so many fitted rows and as many others.
ERRORS = {
    "dcr_share": lambda rows: 0.5 / math.sqrt(rows),
    "mia_auc": auc_error,
    "mia_tpr1": tpr1_error,
    "out_auc": auc_error,
    "out_tpr1": tpr1_error,
}


def peers(tables, plot):
    names = list(dict.fromkeys(peer for table in tables.values() for peer in table.peers))
    versions = {peer: table.peers[peer].version for table in tables.values() for peer in table.peers}
    beaten, times, failed = [], [], []
    for name, table in tables.items():
        cells = [ahead(table, peer) for peer in names]
        beaten.append([name, *cells])
        ours = statistics.median(table.ours["balanced"].all("seconds"))
        times.append([name, f"{ours:.1f}", *(seconds(table.peers.get(peer)) for peer in names)])
        failed += [f"- {name}, {peer}: {said}" for peer, other in table.peers.items() for said in dict.fromkeys(other.failed)]
    all_of = [(table, peer) for table in tables.values() for peer in table.peers if table.peers[peer].figures]
    won = sum(any(table.ahead(preset, peer) for preset in PRESETS) for table, peer in all_of)
    most = max((len(table.peers[peer].figures) for table, peer in all_of), default=0)
    runs = f"medians of at most {most} seeds" if most > 1 else "of one seed"
    text = (
        "### Beside other generators\n\nEach with its defaults, on the same halves and before the same judge: "
        + ", ".join(f"{peer} ({PACKAGES[peer]} {versions[peer]})" for peer in names)
        + f". `bench/peers.py` runs them; figures are {runs}. A preset is *ahead* of a generator "
        "if its `c2st_auc` is no higher and its `dcr_share` is no higher, and one of the two is lower; `dcr_share` that meets the target "
        "counts as equal, since less than that is chance.\n\n"
        f"![For each table, c2st_auc against dcr_share, Standin's presets as a line and the others as points]({plot})\n\n"
        f"Some preset is ahead in {won} of {len(all_of)} pairs of table and generator. Which, and where none, "
        "what the other's figures are:\n\n" + grid(["table", *names], beaten)
    )
    text += (
        "\n\nSeconds of fit and sampling, one run, or the median of several. Standin's are of runs side by side, so they are longer than "
        "alone (see *Speed and memory*); the others ran one at a time, without a graphics card. The machine may have done other work too.\n\n"
        + grid(["table", "Standin, balanced", *names], times)
    )
    return text + ("\n\nRuns without figures:\n\n" + "\n".join(failed) if failed else "")


PACKAGES = {
    "cart": "trees in the manner of synthpop, `bench/cart.py`, on scikit-learn",
    "gaussian-copula": "SDV",
    "arfpy": "adversarial random forests, its numbers rounded as the fitted ones are,",
    "mostlyai": "TabularARGN of mostlyai-engine",
    "tvae": "SDV",
    "ctgan": "SDV",
}


def ahead(table, peer):
    other = table.peers.get(peer)
    if not other:
        return "not run"
    if not other.figures:
        return "no figures"
    if some := [preset for preset in PRESETS if table.ahead(preset, peer)]:
        return ", ".join(some)
    behind = [preset for preset in PRESETS if table.behind(preset, peer)]
    verdict = f"**ahead of {', '.join(behind)}**" if behind else "neither"
    return f"{verdict}: `c2st_auc` {number(other.median('c2st_auc'))}, `dcr_share` {number(other.median('dcr_share'))}"


def seconds(peer):
    if not peer or not peer.figures:
        return ""
    return f"{statistics.median(f['fit_s'] + f['sample_s'] for f in peer.figures):.1f}"


def details(name, table, published):
    generators = {f"**standin, {method}**": generator for method, generator in table.ours.items()}
    rows = [["held-out real"] + [number(table.ceiling[figure]) for figure in FIGURES]]
    for label, generator in [*generators.items(), *table.peers.items()]:
        if generator.figures:
            rows.append([label] + [number(generator.median(figure)) for figure in FIGURES])
    rows += [[f"{p['generator']}, published"] + [number(p.get(f)) for f in FIGURES] for p in published if p["table"] == name]
    spread = [
        [label] + [f"{number(min(g.all(figure)))}–{number(max(g.all(figure)))}" for figure in FIGURES]
        for label, g in generators.items()
        if len(g.figures) > 1
    ]
    names = [f"`{figure}`" for figure in FIGURES]
    outliers = f"`out_auc` and `out_tpr1` are of {table.ceiling['outliers']:,} held-out rows and about as many fitted ones."
    return f"### {name}\n\n{outliers}\n\n{grid(['generator'] + names, rows)}\n\n{grid(['least–greatest'] + names, spread)}"
