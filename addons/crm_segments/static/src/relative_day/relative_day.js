import { _t } from "@web/core/l10n/translation";

/** Relative dates that the server understands and the host's domain editor can't show. */
const RELATIVE = /^(?:(today|now)\b)?((?:\s*[-+=](?:[-+]?\d+[dwmyHMS]|[a-z_]+))*)$/;
const TERM = /^([-+])(\d+)([dwmy])$/;

/** Whether a value means a day counted from today: "today -90d", "-1m". */
export function isRelative(value) {
    return typeof value === "string" && value.trim() !== "" && RELATIVE.test(value.trim());
}

/**
 * The number and unit of a relative date of at most one term.
 *
 * @returns {{sign: string, number: number, unit: string}|null} null for other texts
 */
export function readRelative(value) {
    const terms = value.trim().split(/\s+/);
    if (terms[0] === "today" || terms[0] === "now") {
        terms.shift();
    }
    if (!terms.length) {
        return { sign: "-", number: 0, unit: "d" };
    }
    const found = terms.length === 1 && TERM.exec(terms[0]);
    return found ? { sign: found[1], number: Number(found[2]), unit: found[3] } : null;
}

/** The text of a relative date, as the server reads it. */
export function writeRelative({ sign, number, unit }) {
    return number ? `today ${sign}${number}${unit}` : "today";
}

export function unitLabels() {
    return { d: _t("days"), w: _t("weeks"), m: _t("months"), y: _t("years") };
}

/** A relative date in words: "today − 90 days". */
export function relativeWords(value) {
    const read = readRelative(value);
    if (!read) {
        return value;
    }
    if (!read.number) {
        return _t("today");
    }
    const values = { number: read.number, unit: unitLabels()[read.unit] };
    return read.sign === "-"
        ? _t("today − %(number)s %(unit)s", values)
        : _t("today + %(number)s %(unit)s", values);
}
