/**
 * A logarithmic axis for ratios: 1 stands in its middle, twice and half as often lie equally far
 * from it. Positions are in per cent of the width.
 */

const STEPS = [1.1, 1.25, 1.5, 2, 3, 5, 10, 20];

/**
 * The axis that holds all intervals, cut where nothing is to be seen any more.
 *
 * @param {{low: number|null, high: number|null, ratio: number|null}[]} rows
 * @returns {number} the ratio at the right end; its inverse stands at the left one
 */
export function reach(rows) {
    const ratios = rows.flatMap((row) => [row.low, row.high, row.ratio]).filter((value) => value > 0);
    const widest = Math.max(1.1, ...ratios.map((value) => Math.max(value, 1 / value)));
    return STEPS.find((step) => step >= widest) || STEPS.at(-1);
}

/** @returns {number} 0 at the left end, 50 at 1, 100 at the right end, cut there */
export function position(ratio, end) {
    if (!(ratio > 0)) {
        return 0;
    }
    const place = 50 + (50 * Math.log(ratio)) / Math.log(end);
    return Math.min(100, Math.max(0, place));
}

/** @returns {{ratio: number, left: number}[]} marks of the axis, symmetrical around 1 */
export function marks(end) {
    const half = STEPS.filter((step) => step <= end);
    const shown = half.length > 2 ? [half[Math.floor((half.length - 1) / 2)], end] : half.slice(-1);
    const ratios = [...shown.map((step) => 1 / step).reverse(), 1, ...shown];
    return ratios.map((ratio) => ({ ratio, left: position(ratio, end) }));
}
