import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";

/** One product: picture, name, reason with numbers, quantity, price, stock. */
export class RecommendationCard extends Component {
    static template = "crm_scenarios.RecommendationCard";
    static components = { Dropdown, DropdownItem };
    static props = {
        line: Object,
        reasons: Array,
        onToggle: Function,
        onQuantity: Function,
        onDismiss: Function,
        onRestore: Function,
        onAdd: { type: Function, optional: true },
    };

    get line() {
        return this.props.line;
    }

    get image() {
        const { product_id, unique } = this.line;
        return `/web/image/product.product/${product_id}/image_128?unique=${encodeURIComponent(unique)}`;
    }

    get price() {
        return formatMonetary(this.line.price, { currencyId: this.line.currency_id });
    }

    get quantity() {
        return formatFloat(this.line.quantity, { digits: [16, 2], trailingZeros: false });
    }

    get margin() {
        const { margin } = this.line;
        return margin === null || margin === undefined ? "" : formatPercentage(margin, { digits: [16, 0] });
    }

    get stock() {
        const { available, quantity, uom } = this.line;
        if (available === null || available === undefined) {
            return null;
        }
        const free = formatFloat(available, { digits: [16, 2], trailingZeros: false });
        return available >= quantity
            ? { icon: "fa-check text-success", text: _t("%(free)s %(uom)s free", { free, uom }) }
            : { icon: "fa-exclamation-triangle text-warning", text: _t("only %(free)s %(uom)s free", { free, uom }) };
    }

    get chooseLabel() {
        return _t("Choose %s", this.line.name);
    }

    step(by) {
        this.props.onQuantity(Math.max(this.line.quantity + by, 1));
    }

    onInput(ev) {
        const value = Number(ev.target.value.replace(",", ".").replace(/[\s\u00a0\u202f]/g, ""));
        if (value > 0) {
            this.props.onQuantity(value);
        } else {
            ev.target.value = this.quantity;
        }
    }
}

/** Two columns: buy again, and new for this customer; or why there is nothing, and best sellers. */
export class RecommendationLists extends Component {
    static template = "crm_scenarios.RecommendationLists";
    static components = { RecommendationCard };
    static props = {
        model: Object,
        onAdd: { type: Function, optional: true },
    };

    setup() {
        this.model = useState(this.props.model);
    }

    get columns() {
        const { about } = this.model;
        return [
            { name: "again", title: _t("Buy again"), lines: this.model.of("again"), why: about.why?.again },
            { name: "new", title: _t("New for this customer"), lines: this.model.of("new"), why: about.why?.new },
        ];
    }

    get sellers() {
        return this.model.of("sellers");
    }

    get sellersTitle() {
        const { sellers_of } = this.model.about;
        return sellers_of ? _t("Best sellers in “%s”", sellers_of) : _t("Best sellers of all customers");
    }
}
