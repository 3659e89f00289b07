import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { loadBundle } from "@web/core/assets";
import { formatFloat } from "@web/views/fields/formatters";

/** A line over months: what is left of the cost to earn back; above zero it has paid. */
export class PaybackChart extends Component {
    static template = "crm_campaign_roi.PaybackChart";
    static props = { points: Array, label: String };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.props.points]
        );
    }

    get config() {
        const scheme = cookie.get("color_scheme");
        const ink = getCustomColor(scheme, "#374151", "#d1d5db");
        const short = (value) => formatFloat(value, { humanReadable: true, decimals: 1 });
        return {
            type: "line",
            data: {
                labels: this.props.points.map((point) => point.label),
                datasets: [{
                    data: this.props.points.map((point) => point.value),
                    borderColor: getCustomColor(scheme, "#714b67", "#b48fac"),
                    pointRadius: 3,
                    tension: 0,
                }],
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                plugins: { legend: { display: false }, tooltip: { displayColors: false } },
                scales: {
                    x: { grid: { display: false }, ticks: { color: ink } },
                    y: { ticks: { color: ink, maxTicksLimit: 6, callback: short } },
                },
            },
        };
    }
}
