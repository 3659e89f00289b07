const DAY = 24 * 60 * 60 * 1000;
const NARROWEST = 1.5;

/** Day number of an ISO date: no time zone can move it. */
export function dayNumber(iso) {
    const [year, month, day] = iso.split("-").map(Number);
    return Date.UTC(year, month - 1, day) / DAY;
}

/**
 * Places the stays on a line of time that ends today: left edge and width in percent,
 * and a lane each, so that stays that overlap don't cover one another.
 *
 * @param {Object[]} stays with `from` and `to` (ISO dates; `to` false: still there), oldest first
 * @param {string} today ISO date
 */
export function layOut(stays, today) {
    const end = dayNumber(today) + 1;
    const start = Math.min(end - 1, ...stays.map((stay) => dayNumber(stay.from)));
    const lanes = [];
    const bars = stays.map((stay) => {
        const from = dayNumber(stay.from);
        const to = stay.to ? dayNumber(stay.to) : end;
        let lane = lanes.findIndex((last) => last <= from);
        lane = lane < 0 ? lanes.length : lane;
        lanes[lane] = to;
        const left = (100 * (from - start)) / (end - start);
        const width = Math.max((100 * (to - from)) / (end - start), NARROWEST);
        return { ...stay, lane, left: Math.min(left, 100 - NARROWEST), width: Math.min(width, 100 - Math.min(left, 100 - NARROWEST)) };
    });
    return { bars, lanes: lanes.length };
}
