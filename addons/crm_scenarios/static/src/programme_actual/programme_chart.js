import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ask, formatCount, formatMoney, formatShare } from "@crm_segments/heatmap/figures";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Planned, booked, committed and expected money of each phase: bars, and the table of them. */
export class ProgrammeChart extends Component {
    static template = "crm_scenarios.ProgrammeChart";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, error: "" });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => this.load(next.record.resId));
    }

    load(id) {
        return id && ask(this.orm, this.state, "crm.programme", "plan_and_actual", [[id]]);
    }

    get data() {
        return this.state.data;
    }

    get rows() {
        return this.data.rows;
    }

    money = (value) => formatMoney(value, this.data.currency_id);
    share = formatShare;
    count = formatCount;

    name(row) {
        return row.name || _t("No phase");
    }

    get most() {
        const { rows } = this;
        const values = rows.flatMap((row) => [row.planned, (row.actual || 0) + (row.committed || 0), row.forecast || 0]);
        return Math.max(1e-9, ...values);
    }

    width(value) {
        return `width: ${(100 * Math.max(0, value || 0)) / this.most}%`;
    }

    bars(row) {
        const bars = [{ name: "planned", parts: [{ kind: "planned", value: row.planned, label: _t("Planned") }] }];
        if (this.data.sees_books) {
            bars.push(
                {
                    name: "booked",
                    parts: [
                        { kind: "actual", value: row.actual, label: _t("Actual") },
                        { kind: "committed", value: row.committed, label: _t("Committed") },
                    ],
                },
                { name: "forecast", parts: [{ kind: "forecast", value: row.forecast, label: _t("Forecast") }] }
            );
        }
        return bars.map((bar) => ({ ...bar, parts: bar.parts.filter((part) => part.value > 0) }));
    }

    get legend() {
        const legend = [{ kind: "planned", label: _t("Planned") }];
        if (this.data.sees_books) {
            legend.push(
                { kind: "actual", label: _t("Actual") },
                { kind: "committed", label: _t("Committed") },
                { kind: "forecast", label: _t("Forecast") }
            );
        }
        return legend;
    }

    byVendor() {
        return this.action.doAction("crm_scenarios.crm_programme_actual_action", {
            additionalContext: {
                search_default_programme_id: this.props.record.resId,
                search_default_by_phase: 1,
                search_default_by_vendor: 1,
                search_default_by_kind: 1,
            },
        });
    }
}

registry.category("view_widgets").add("crm_programme_chart", { component: ProgrammeChart });
