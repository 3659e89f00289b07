import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";

export const formatCount = (value) => formatFloat(value, { digits: [16, 0] });

/** Whole units of the currency: a cell has room for no more. */
export const formatMoney = (value, currencyId) =>
    value === null || value === undefined
        ? _t("n/a")
        : formatMonetary(value, { currencyId, digits: [16, 0] });

export const formatShare = (value) =>
    value === null || value === undefined ? _t("n/a") : formatPercentage(value, { digits: [16, 0] });

/** One decimal: percentages and points. */
export const formatTenths = (value) => formatFloat(value, { digits: [16, 1] });

/**
 * A difference with its sign in front, also of a currency, and joined to it: no line ends between
 * the two. What rounds to nothing has none. ``format`` is given the number without its sign.
 */
export function formatSigned(value, format) {
    const text = `${format(Math.abs(value))}`;
    if (text === `${format(0)}`) {
        return text;
    }
    return (value > 0 ? "+" : "-") + (/^\d/.test(text) ? "" : "\u2060") + text;
}

export const formatPoints = (value) => formatSigned(value, (one) => _t("%s points", formatTenths(one * 100)));

/** A method of ours answers, or tells in words why it doesn't; an answer that came late is dropped. */
export async function ask(orm, state, ...call) {
    const turn = (state.turn || 0) + 1;
    const told = { data: null, error: "" };
    Object.assign(state, { turn, error: "", loading: true });
    try {
        told.data = await orm.call(...call);
    } catch (error) {
        told.error = error.data?.message || error.message;
    }
    if (state.turn === turn) {
        Object.assign(state, told, { loading: false });
    }
}
