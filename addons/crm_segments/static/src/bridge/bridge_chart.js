import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { formatFloat } from "@web/views/fields/formatters";
import { loadBundle } from "@web/core/assets";

/** Colours of a bar: whole periods, gains, losses. Its sign tells the same. */
const COLORS = {
    whole: ["#714b67", "#b48fac"],
    gain: ["#1f7a4d", "#4dbb85"],
    loss: ["#b3402a", "#e8795f"],
    nothing: ["#9ca3af", "#6b7280"],
};

/**
 * Waterfall: the first bar stands on zero, each following one where the one before ended.
 *
 * `bars`: list of { key, label, value, text, short, whole }, `whole` for those that stand on zero;
 * `onOpen(key)` is called for the bar that is clicked.
 */
export class BridgeChart extends Component {
    static template = "crm_segments.BridgeChart";
    static props = { bars: Array, label: String, lying: { type: Boolean, optional: true }, onOpen: Function };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.props.bars, this.props.lying]
        );
    }

    /** [from, to] of each bar. */
    get spans() {
        let level = 0;
        return this.props.bars.map(({ value, whole }) => {
            const from = whole ? 0 : level;
            level = from + value;
            return [from, level];
        });
    }

    color({ value, whole }) {
        const change = value < 0 ? "loss" : value > 0 ? "gain" : "nothing";
        const [bright, dark] = COLORS[whole ? "whole" : change];
        return getCustomColor(cookie.get("color_scheme"), bright, dark);
    }

    get ink() {
        return getCustomColor(cookie.get("color_scheme"), "#374151", "#d1d5db");
    }

    get config() {
        const { bars, lying } = this.props;
        const [names, money] = lying ? ["y", "x"] : ["x", "y"];
        return {
            type: "bar",
            data: {
                labels: bars.map((bar) => bar.label),
                datasets: [{ data: this.spans, backgroundColor: bars.map((bar) => this.color(bar)), minBarLength: 2 }],
            },
            options: {
                indexAxis: names,
                maintainAspectRatio: false,
                animation: false,
                layout: { padding: lying ? { right: 8 } : { top: 20 } },
                onClick: (_ev, found) => found.length && this.props.onOpen(bars[found[0].index].key),
                onHover: (ev, found) => {
                    ev.native.target.style.cursor = found.length ? "pointer" : "default";
                },
                plugins: {
                    legend: { display: false },
                    tooltip: { displayColors: false, callbacks: { label: ({ dataIndex }) => bars[dataIndex].text } },
                },
                scales: {
                    [names]: { grid: { display: false }, ticks: { color: this.ink, autoSkip: false } },
                    [money]: {
                        ticks: {
                            color: this.ink,
                            maxTicksLimit: lying ? 4 : 8,
                            callback: (value) => formatFloat(value, { humanReadable: true, decimals: 1 }),
                        },
                    },
                },
            },
            plugins: lying ? [] : [{ id: "amounts", afterDatasetsDraw: (chart) => this.write(chart) }],
        };
    }

    /** The amount, with its sign, above each bar. */
    write(chart) {
        const { ctx, chartArea } = chart;
        ctx.save();
        Object.assign(ctx, { fillStyle: this.ink, textAlign: "center", font: "11px sans-serif" });
        for (const [place, bar] of this.props.bars.entries()) {
            const { x, y, base } = chart.getDatasetMeta(0).data[place];
            ctx.fillText(bar.short, x, Math.max(Math.min(y, base) - 5, chartArea.top - 5));
        }
        ctx.restore();
    }
}
