"""How far do two rows of numbers have the same order?

Apart from `vectors`, since SciPy's statistics take a quarter of a second to import.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr

from embviz.analysis.vectors import ROUNDING


def rank_correlation(one: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """Spearman's rank correlation of two rows of numbers, -1..1; 0 where either is in no order.

    Vectors of single precision differ by less than 1e-6 through rounding alone, so numbers that
    differ by no more are in no order.

    >>> round(rank_correlation([1, 2, 3], [10, 20, 25]), 9), rank_correlation([1, 2, 3], [7, 7, 7])
    (1.0, 0.0)
    """
    if any(np.ptp(numbers) < ROUNDING for numbers in (one, other)):
        return 0.0
    return float(spearmanr(one, other).statistic)
