"""The colours of figures and page."""

from typing import Literal

# Okabe & Ito (2008): text A, text B, the answer, what is removed or secondary.
BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
GREY = "#999999"
# Where green is what adds up, this is what takes away.
PURPLE = "#762a83"
# ColorBrewer's PRGn, which colour-blind people can read, and its RdYlGn, which many of them cannot.
Colours = Literal["purple-green", "red-green"]
COLOURS: dict[Colours, list[str]] = {
    "purple-green": [
        "#762a83",
        "#af8dc3",
        "#e7d4e8",
        "#f7f7f7",
        "#d9f0d3",
        "#7fbf7b",
        "#1b7837",
    ],
    "red-green": ["#d73027", "#fc8d59", "#fee08b", "#ffffbf", "#d9ef8b", "#91cf60", "#1a9850"],
}
DEFAULT_COLOURS: Colours = "purple-green"
# For up to 12 groups that have no order: Okabe and Ito's colours that show on light pages and on
# dark ones, and a symbol that no other group has, for those who cannot tell the colours apart.
GROUP_COLOURS = (BLUE, ORANGE, GREEN, "#D55E00", "#CC79A7", "#56B4E9") * 2
GROUP_SYMBOLS = (
    *("circle", "square", "diamond", "triangle-up", "cross", "star"),
    *("x", "triangle-down", "pentagon", "bowtie", "hourglass", "hexagram"),
)
# Okabe and Ito's reddish purple: no text, no answer and nothing secondary has it.
MODEL_COLOUR = "#CC79A7"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1..21, as the Web Content Accessibility Guidelines define it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [s / 12.92 if s <= 0.03928 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
