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

/** Sign and unit → what follows the number. */
export function directionLabels() {
    return {
        "-d": _t("days ago"),
        "-w": _t("weeks ago"),
        "-m": _t("months ago"),
        "-y": _t("years ago"),
        "+d": _t("days ahead"),
        "+w": _t("weeks ahead"),
        "+m": _t("months ahead"),
        "+y": _t("years ahead"),
    };
}

/** A relative date in words: "90 days ago". */
export function relativeWords(value) {
    const read = readRelative(value);
    if (!read) {
        return value;
    }
    return read.number ? `${read.number} ${directionLabels()[read.sign + read.unit]}` : _t("today");
}
