import { Component, onMounted, onWillDestroy, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { cookie } from "@web/core/browser/cookie";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { getCustomColor } from "@web/core/colors/colors";
import { loadBundle } from "@web/core/assets";
import { chartConfig } from "./backtest_chart";

/** Lines that the eye can tell apart; the table has them all. */
export const LINES = 12;

/**
 * What the rules would have given at past month-ends: a line per segment, and a table.
 *
 * `load` asks the server; closing gives up waiting for the answer. Whatever comes of it,
 * the preview around stays as it is.
 */
export class PreviewBacktest extends Component {
    static template = "crm_segments.PreviewBacktest";
    static props = { load: Function };

    setup() {
        this.state = useState({ status: "loading", result: null, error: "", measure: "members" });
        this.canvas = useRef("canvas");
        this.table = useRef("table");
        onMounted(() => this.load());
        onWillDestroy(() => {
            this.closed = true;
            this.asked?.abort?.(false);
        });
        useEffect(
            (canvas) => {
                if (canvas) {
                    const chart = new Chart(canvas, this.config);
                    return () => chart.destroy();
                }
            },
            () => [this.canvas.el, this.state.measure, this.state.result]
        );
    }

    async load() {
        this.state.status = "loading";
        try {
            this.asked = this.props.load();
            const [result] = await Promise.all([this.asked, loadBundle("web.chartjs_lib")]);
            Object.assign(this.state, { result, status: "done" });
        } catch (error) {
            if (!this.closed) {
                Object.assign(this.state, { error: error.data?.message || error.message, status: "failed" });
            }
        }
    }

    get result() {
        return this.state.result;
    }

    get isEmpty() {
        return this.result.segments.every((row) => row.members.every((count) => !count));
    }

    /** Money is null where the user may not see all figures. */
    get hasMoney() {
        return this.result.segments.some((row) => row.revenue !== null);
    }

    get byMoney() {
        return this.state.measure === "revenue" && this.hasMoney;
    }

    toggle() {
        this.state.measure = this.byMoney ? "members" : "revenue";
    }

    /** Month-ends as such; the last day is the present. */
    get days() {
        const days = this.result.days.map((day) => formatDate(deserializeDate(day)));
        return [...days.slice(0, -1), _t("today")];
    }

    values(row) {
        return this.byMoney ? row.revenue : row.members;
    }

    get rows() {
        return this.days.map((day, index) => ({
            day,
            cells: this.result.segments.map((row) => ({ id: row.id, text: this.text(this.values(row)[index]) })),
        }));
    }

    /** The largest at any time, in the order of the segments. */
    get drawn() {
        const { segments } = this.result;
        const largest = [...segments].sort((a, b) => Math.max(...this.values(b)) - Math.max(...this.values(a)));
        const kept = new Set(largest.slice(0, LINES));
        return segments.filter((row) => kept.has(row));
    }

    get onlySome() {
        const { length } = this.result.segments;
        return length > LINES ? _t("The chart shows the %(shown)s largest of %(all)s segments, the table all.", { shown: LINES, all: length }) : "";
    }

    get asToday() {
        const fields = this.result.taken_as_today.join(", ");
        return fields && _t("Taken as it is today, because there is no history of it: %s.", fields);
    }

    get unknown() {
        return this.result.unknown_before.map(({ name, since }) =>
            since
                ? _t("The members of “%(name)s” are known from %(day)s on; before, nobody counts as one.", {
                      name, day: formatDate(deserializeDate(since)),
                  })
                : _t("The members of “%s” at past days are not known; nobody counts as one.", name)
        );
    }

    get config() {
        const scheme = cookie.get("color_scheme");
        return chartConfig({
            days: this.days,
            lines: this.drawn.map((row) => ({
                name: row.name, values: this.values(row), colour: this.colour(row),
            })),
            text: (value) => this.text(value),
            ink: getCustomColor(scheme, "#111827", "#e4e4e4"),
            grid: getCustomColor(scheme, "rgba(0,0,0,.1)", "rgba(255,255,255,.15)"),
        });
    }

    /** The colour of the segment's dot in the table. */
    colour(row) {
        const dot = this.table.el.querySelector(`.o_segment_color_${row.color % 12}`);
        return getComputedStyle(dot).backgroundColor;
    }

    text(value) {
        const options = { digits: [16, 0] };
        return this.byMoney
            ? formatMonetary(value, { ...options, currencyId: this.result.currency_id })
            : formatFloat(value, options);
    }

    get summary() {
        return this.result.segments
            .map((row) => {
                const values = this.values(row);
                return _t("%(name)s: from %(first)s to %(last)s", {
                    name: row.name, first: this.text(values[0]), last: this.text(values.at(-1)),
                });
            })
            .join("; ");
    }

    get seconds() {
        return _t("Played in %s seconds.", formatFloat(this.result.seconds, { digits: [16, 1] }));
    }
}
