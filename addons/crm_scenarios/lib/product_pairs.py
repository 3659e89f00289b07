"""How much an item speaks for another one: EASE, or cosine where there are too many items.

EASE (Steck, *Embarrassingly Shallow Autoencoders for Sparse Data*, WWW 2019): with
P = (XᵀX + λI)⁻¹, the weight of i for j is −P_ij / P_jj, the ridge regression of having bought j
on everything else. X has a row per customer, a column per item, 1 where bought.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from .product_rows import NeighbourRow

NEIGHBOURS = 50  # kept per item
DENSE = 10_000  # more items than that: cosine, sparse
#: λ is this often the number of customers of the average item, 1,000 at most (Steck's values).
RIDGE, RIDGE_MOST = 12.5, 1000.0
COSINE_SHRINK = 10  # customers added to both sides, so that 1 of 1 doesn't win
BLOCK = 1000


@dataclass(frozen=True)
class Neighbours:
    """The strongest pairs, by item, then falling weight: arrays of equal length.

    :ivar int customers: who bought anything
    :ivar counts: customers per item
    """

    item: np.ndarray
    neighbour: np.ndarray
    weight: np.ndarray
    both: np.ndarray
    counts: np.ndarray
    customers: int

    def rows(self, items):
        """:return: list of NeighbourRow"""
        lifts = lift(self.both, self.counts[self.item], self.counts[self.neighbour], self.customers)
        columns = (
            items[self.item], items[self.neighbour], self.weight, self.both,
            self.counts[self.item], self.counts[self.neighbour],
        )  # fmt: skip
        lists = [column.tolist() for column in columns]
        return [
            NeighbourRow(*row, self.customers, None if ratio != ratio else ratio)
            for *row, ratio in zip(*lists, lifts.tolist(), strict=True)
        ]

    def matrix(self):
        """:return: sparse matrix items × items of the weights"""
        size = len(self.counts)
        return sparse.csr_matrix((self.weight, (self.item, self.neighbour)), (size, size))


def bought(baskets):
    """:return: sparse float32 matrix customers × items, 1 where bought"""
    shape = (len(baskets.customers), len(baskets.items))
    ones = np.ones(len(baskets.item), np.float32)
    made = sparse.csr_matrix((ones, (baskets.customer, baskets.item)), shape)
    made.sum_duplicates()
    made.data[:] = 1
    return made


def lift(both, item_customers, neighbour_customers, customers):
    """How many times as often buyers of the item buy the neighbour as customers without it do.

    :return: float array, rounded to 2 digits, NaN where no other customer bought the neighbour

    >>> float(lift(42, 118, 102, 718))
    3.56
    """
    both, own = np.asarray(both, float), np.asarray(item_customers, float)
    others, elsewhere = customers - own, np.asarray(neighbour_customers) - both
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = both / own * others / elsewhere
    return np.where((others > 0) & (elsewhere > 0), np.round(ratio, 2), np.nan)


def ridge(counts):
    """:return: λ for items with so many customers each"""
    some = counts[counts > 0]
    return float(min(RIDGE_MOST, max(RIDGE * some.mean(), 1.0))) if len(some) else 1.0


def ease(together, penalty):
    """Weights of all pairs.

    :param together: float32[n, n]: customers who bought both, on the diagonal who bought it;
        overwritten
    :param float penalty: λ
    :return: float32[n, n], row = what a customer has, column = what it speaks for
    """
    size = len(together)
    together[np.diag_indices(size)] += np.float32(penalty)
    # symmetric and positive definite: Cholesky in single precision takes a fraction of what a
    # general inverse does; LAPACK fills one triangle
    factor, failed = lapack.spotrf(together.T, lower=1, overwrite_a=1)
    inverse, failed_too = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise np.linalg.LinAlgError("XᵀX + λI is not positive definite")
    scale = -1 / np.diag(inverse)
    lower = np.tril(inverse, -1)
    return (lower + lower.T) * scale


def neighbours(matrix, together=None, keep=NEIGHBOURS):
    """Learn the pairs of what customers bought.

    :param matrix: see :func:`bought`
    :param together: dense XᵀX float32 if the caller has it
    :return: Neighbours
    """
    counts = np.asarray(matrix.sum(axis=0)).ravel().astype(np.int64)
    customers = int((np.diff(matrix.indptr) > 0).sum())
    if matrix.shape[1] <= DENSE:
        parts = _dense(matrix, counts, together, keep)
    else:
        parts = _sparse(matrix.tocsc(), counts, keep)
    item, other, weight, both = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Neighbours(item, other, weight, both.astype(np.int64), counts, customers)


def gram(matrix):
    """:return: XᵀX as dense float32"""
    return (matrix.T @ matrix).toarray(order="C")


def _dense(matrix, counts, together, keep):
    together = gram(matrix) if together is None else together
    weights = ease(together.copy(), ridge(counts))
    for start in range(0, len(counts), BLOCK):
        part = slice(start, start + BLOCK)
        yield _strongest(weights[part], together[part], start, keep)
    if not len(counts):
        yield _nothing()


def _sparse(matrix, counts, keep):
    transposed, total = matrix.T.tocsr(), counts + COSINE_SHRINK
    for start in range(0, len(counts), BLOCK):
        both = (transposed[start : start + BLOCK] @ matrix).tocoo()
        row, apart = both.row + start, both.row + start != both.col
        row, col, count = row[apart], both.col[apart], both.data[apart]
        weight = count / np.sqrt(total[row] * total[col])
        order = np.lexsort((-weight, row))
        row, col, weight, count = (x[order] for x in (row, col, weight, count))
        kept = np.arange(len(row)) - np.searchsorted(row, row) < keep
        yield row[kept], col[kept], weight[kept], count[kept]


def _strongest(weights, together, start, keep):
    """:return: item, neighbour, weight, both of the strongest pairs of some rows"""
    keep = min(keep, weights.shape[1])
    # among equals the one that comes first, whatever the library does
    at = np.argpartition(-weights, keep - 1, axis=1)[:, :keep]
    at.sort(axis=1)
    values = np.take_along_axis(weights, at, 1)
    order = np.argsort(-values, axis=1, kind="stable")
    at, values = np.take_along_axis(at, order, 1), np.take_along_axis(values, order, 1)
    both = np.take_along_axis(together, at, 1)
    kept = (values > 0) & (both > 0)
    row = np.repeat(np.arange(len(weights)) + start, keep).reshape(at.shape)
    return row[kept], at[kept], values[kept].astype(float), both[kept]


def _nothing():
    return tuple(np.zeros(0, kind) for kind in (np.int64, np.int64, float, float))
