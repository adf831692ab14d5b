"""Draws bench/plots/front.svg: for each table how easily synthetic rows are told from real ones against how many lie nearer to
a fitted row than to an unseen one. Below and to the left is better; nothing beats the cross, which is what real rows score.
"""

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.lines import Line2D

from figures import MEMORY, PRESETS

LOOKS = {  # colours that the colour-blind tell apart (Okabe and Ito), and a shape for each besides
    "cart": ("s", "#d55e00"),
    "gaussian-copula": ("X", "#56b4e9"),
    "arfpy": ("D", "#009e73"),
    "mostlyai": ("P", "#cc79a7"),
    "tvae": ("<", "#e69f00"),
    "ctgan": (">", "#8c564b"),
}
OURS = {"balanced": "o", "faithful": "^", "cautious": "v"}
BLUE = "#0072b2"
ACROSS = 4


def draw(tables, to):
    # The same figures give the same bytes.
    matplotlib.rcParams.update({"svg.hashsalt": "standin", "svg.fonttype": "none", "font.size": 9, "font.sans-serif": ["DejaVu Sans"]})
    down = -(-(len(tables) + 1) // ACROSS)
    figure, boxes = plt.subplots(down, ACROSS, figsize=(3.1 * ACROSS, 2.5 * down), squeeze=False, layout="constrained")
    boxes = boxes.ravel()
    for box, (name, table) in zip(boxes, tables.items()):
        panel(box, name, table)
    for box in boxes[len(tables) :]:
        box.axis("off")
    boxes[-1].legend(handles=legend(), loc="center", frameon=False)
    figure.supxlabel("dcr_share: synthetic rows nearer to a fitted than to an unseen row")
    figure.supylabel("c2st_auc: synthetic told from real")
    to.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(to, metadata={"Date": None})


def panel(box, name, table):
    def point(generator):
        return generator.median("dcr_share"), generator.median("c2st_auc")

    ours = [point(table.ours[preset]) for preset in PRESETS]
    box.plot(*zip(*sorted(ours)), "-", color=BLUE, linewidth=1)
    for preset, (x, y) in zip(PRESETS, ours):
        box.plot(x, y, OURS[preset], color=BLUE, markersize=6)
    for peer, generator in table.peers.items():
        if generator.figures:
            mark, colour = LOOKS[peer]
            box.plot(*point(generator), mark, color=colour, markersize=6)
    box.plot(table.ceiling["dcr_share"], table.ceiling["c2st_auc"], "x", color="black", markersize=7)
    box.axvline(MEMORY, color="#999999", linewidth=0.6, linestyle=":")
    box.axhline(0.55, color="#999999", linewidth=0.6, linestyle=":")
    low, high = box.get_xlim()
    box.set_xlim(min(low, 0.47), max(high, 0.56))
    box.set_ylim(0.48, 1.02)
    box.locator_params(axis="x", nbins=4)
    box.set_title(name, fontsize=10)


def legend():
    def mark(shape, colour, label, line="none"):
        return Line2D([], [], marker=shape, color=colour, label=label, linestyle=line, linewidth=1)

    return [
        *(mark(OURS[preset], BLUE, f"Standin, {preset}", "-") for preset in PRESETS),
        *(mark(shape, colour, peer) for peer, (shape, colour) in LOOKS.items()),
        mark("x", "black", "held-out real rows"),
        Line2D([], [], color="#999999", linewidth=0.6, linestyle=":", label=f"the targets, {MEMORY} and 0.55"),
    ]
