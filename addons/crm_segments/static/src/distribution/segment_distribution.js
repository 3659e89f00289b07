import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatPercentage } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";

const NAMED_ON_CARD = 4;

/**
 * One stacked bar of a segmentation's segments, by customers or by revenue.
 * With `legend` the same content stands below it as a table.
 */
export class SegmentDistribution extends Component {
    static template = "crm_segments.SegmentDistribution";
    static props = { ...standardFieldProps, legend: { type: Boolean, optional: true } };

    setup() {
        this.action = useService("action");
        this.state = useState({ measure: "customers" });
    }

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    /** Money is null where the user may not see it: then there is nothing to switch to. */
    get hasMoney() {
        return this.rows.some((row) => row.revenue_share !== null);
    }

    get byMoney() {
        return this.state.measure === "revenue" && this.hasMoney;
    }

    get segments() {
        return this.rows
            .map((row) => ({ ...row, part: this.byMoney ? row.revenue_share : row.share }))
            .filter((row) => row.part > 0);
    }

    /** The card names the largest segments; the rest are counted. */
    get largest() {
        return [...this.segments].sort((a, b) => b.part - a.part).slice(0, NAMED_ON_CARD);
    }

    get others() {
        const rest = this.segments.length - NAMED_ON_CARD;
        return rest > 0 ? _t("and %s more", rest) : "";
    }

    get summary() {
        return this.segments.map((row) => this.title(row)).join("; ");
    }

    title(row) {
        return `${row.name}: ${this.count(row)} (${this.percent(row.part)})`;
    }

    count(row) {
        return formatFloat(row.customers, { digits: [16, 0] });
    }

    percent(part) {
        return part === null || part === undefined ? _t("n/a") : formatPercentage(part, { digits: [16, 0] });
    }

    style(row) {
        return `width: ${row.part * 100}%`;
    }

    toggle(ev) {
        ev.stopPropagation();
        this.state.measure = this.byMoney ? "customers" : "revenue";
    }

    async open(ev, row) {
        ev.stopPropagation();
        ev.preventDefault();
        const action = await this.env.services.orm.call("crm.segment", "action_open_members", [[row.id]]);
        return this.action.doAction(action);
    }
}

export const segmentDistribution = {
    component: SegmentDistribution,
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ legend: Boolean(options.legend) }),
};

registry.category("fields").add("segment_distribution", segmentDistribution);
