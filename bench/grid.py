"""Tables and numbers as Markdown has them."""


def grid(head, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head)] + rows)


def number(x):
    """Four digits after the point; nothing where nothing was measured."""
    return "" if x in (None, "") else f"{float(x):.4f}"
