import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";

/** The light of a quotation line with its words; a click opens the chart behind it. */
export class PriceHint extends Component {
    static template = "crm_scenarios.PriceHint";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get light() {
        return this.props.record.data.crm_price_light;
    }

    get icon() {
        return {
            good: "fa-check-circle text-success",
            fair: "fa-exclamation-circle text-warning",
            low: "fa-exclamation-triangle text-danger",
        }[this.light];
    }

    get label() {
        return { good: _t("Usual or better"), fair: _t("More than usual"), low: _t("Far more than usual") }[this.light];
    }

    open() {
        const { crm_price_cell: cell, crm_price_given: given } = this.props.record.data;
        if (!cell) {
            return;
        }
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "crm_scenarios.price_chart",
            target: "new",
            name: _t("Price of this line"),
            params: { model: "crm.price.guidance", id: cell, given },
        });
    }
}

export const priceHint = {
    component: PriceHint,
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "crm_price_light", type: "selection" },
        { name: "crm_price_given", type: "float" },
        { name: "crm_price_cell", type: "integer" },
    ],
};

registry.category("fields").add("crm_price_hint", priceHint);
