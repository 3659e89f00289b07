/** Periods to compare, as pairs of ISO days; the days of both belong to them. */

const iso = (from, to) => [from.toISODate(), to.toISODate()];

/** This year until today, and the same days of the last one. */
function year(today) {
    const before = today.minus({ years: 1 });
    return [iso(before.startOf("year"), before), iso(today.startOf("year"), today)];
}

/** The twelve months that end today, and the twelve before. */
function months(today) {
    const start = today.minus({ years: 1 }).plus({ days: 1 });
    const before = start.minus({ years: 1 });
    return [iso(before, start.minus({ days: 1 })), iso(start, today)];
}

/** The last whole quarter, and the one before. */
function quarter(today) {
    const start = today.startOf("quarter").minus({ quarters: 1 });
    const before = start.minus({ quarters: 1 });
    const end = (day) => day.plus({ quarters: 1 }).minus({ days: 1 });
    return [iso(before, end(before)), iso(start, end(start))];
}

export const PERIODS = { year, months, quarter };
