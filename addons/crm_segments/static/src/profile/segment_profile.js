import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Strip of a segment's figures, each beside that of all customers. */
export class SegmentProfile extends Component {
    static template = "crm_segments.SegmentProfile";
    static props = { ...standardFieldProps };

    get figures() {
        return this.props.record.data[this.props.name] || [];
    }

    /** A figure that can't be told is said to be so, never shown as 0. */
    format(kind, value) {
        if (value === null || value === undefined) {
            return _t("n/a");
        }
        switch (kind) {
            case "share":
                return formatPercentage(value, { digits: [16, 1] });
            case "money":
                return formatMonetary(value, { currencyId: this.props.record.data.currency_id?.id });
            case "days":
                return _t("%s days", formatFloat(value, { digits: [16, 0] }));
            default:
                return formatFloat(value, { digits: [16, 0] });
        }
    }
}

registry.category("fields").add("segment_profile", {
    component: SegmentProfile,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "currency_id", type: "many2one", relation: "res.currency" }],
});

/** What the segment buys more than others: bars with lift, counts and interval. */
export class SegmentProducts extends Component {
    static template = "crm_segments.SegmentProducts";
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    get largest() {
        return Math.max(...this.rows.map((row) => row.lift), 1);
    }

    width(row) {
        return `width: ${((row.lift / this.largest) * 100).toFixed(1)}%`;
    }

    times(value) {
        return `${formatFloat(value, { digits: [16, 1] })} ×`;
    }

    reason(row) {
        return _t(
            "%(customers)s of %(buyers)s buyers here, %(all_customers)s of %(all_buyers)s overall",
            row
        );
    }

    interval(row) {
        return _t("19 times in 20 between %(low)s and %(high)s", {
            low: this.times(row.low),
            high: this.times(row.high),
        });
    }
}

registry.category("fields").add("segment_products", {
    component: SegmentProducts,
    supportedTypes: ["json"],
});
