"""Where many ids stand among others. No SQL."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_SPARSE: Final = 8
"""A table of places by id has at most so many times as many entries as there are ids."""


def find_all(ids: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.intp]:
    """The place of each of ``wanted`` among ``ids``, each of which is there once, in any order; -1 where it is not."""
    if not len(ids) or not len(wanted):
        return np.full(len(wanted), -1, np.intp)
    least, most = int(ids.min()), int(ids.max())
    if most - least < _SPARSE * len(ids):  # rows of a table: a fraction of what searching takes
        places = np.full(most - least + 2, -1, np.intp)
        places[ids - least] = np.arange(len(ids))
        inside = (wanted >= least) & (wanted <= most)
        return places[np.where(inside, wanted - least, most - least + 1)]
    order = np.argsort(ids, kind="stable")
    at = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    found = order[at]
    return np.where(ids[found] == wanted, found, -1)
