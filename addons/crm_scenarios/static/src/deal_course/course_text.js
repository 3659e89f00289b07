import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { formatInteger } from "@web/views/fields/formatters";

/**
 * @typedef {Object} Step a step of a deal, as `lib/deal_course.py` has it
 * @property {string} step
 * @property {string} name
 * @property {"done"|"now"|"ahead"|"skipped"} state
 * @property {string|null} date ISO, of completion
 * @property {number|null} days
 * @property {number|null} norm days; null: no norm
 * @property {number} norm_count
 * @property {boolean} norm_own
 * @property {boolean} over
 */

/** The norm as a number: a decimal only where there is one. */
export function normText(step) {
    return step.norm === null ? "" : formatFloat(step.norm, { digits: [16, 1], trailingZeros: false });
}

/** The few characters that stand in the line. */
export function mark(step) {
    if (step.state === "skipped") {
        return "–";
    }
    if (step.state === "ahead") {
        // whole days are longer than the norm beyond its whole part
        return step.norm === null ? "·" : `≤${Math.floor(step.norm)}`;
    }
    return `${step.days ?? "✓"}${step.over ? "!" : ""}`;
}

/** Of how many deals the norm is, and whose they are. */
export function sampleText(step, segment) {
    return step.norm === null ? "" : `${formatInteger(step.norm_count)} · ${whose(step, segment)}`;
}

/** What became of the step, in words. */
export function stateText(step) {
    return {
        done: _t("done"),
        now: _t("the deal waits for it"),
        ahead: _t("ahead"),
        skipped: _t("no record"),
    }[step.state];
}

/** How many days it took. */
export function daysText(step) {
    if (step.days === null) {
        return step.state === "done" ? _t("done, days unknown") : stateText(step);
    }
    const values = { days: step.days };
    return step.state === "now" ? _t("%(days)s days so far", values) : _t("%(days)s days", values);
}

/** Of whose deals the norm is. */
function whose(step, segment) {
    return step.norm_own && segment ? segment : _t("all customers");
}

function normSentence(step, segment) {
    if (step.norm === null) {
        return _t("no norm yet");
    }
    return _t("norm %(norm)s (%(share)s of %(count)s deals of %(whose)s)", {
        norm: normText(step),
        share: "80 %",
        count: formatInteger(step.norm_count),
        whose: whose(step, segment),
    });
}

/** "Quotation: 12 days, norm 7 (80 % of 45 deals of Wholesalers)". */
export function sentence(step, segment) {
    return _t("%(step)s: %(days)s, %(norm)s", {
        step: step.name,
        days: daysText(step),
        norm: normSentence(step, segment),
    });
}

/** The day of completion in the user's format. */
export function dayText(step) {
    return step.date ? formatDate(deserializeDate(step.date)) : "";
}
