import { Component, onMounted, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { RecommendationLists } from "./recommendation_lists";
import { makeRecommendations } from "./recommendations";

/** The two lists on a customer or a lead; what is chosen becomes a quotation. */
export class RecommendationsPanel extends Component {
    static template = "crm_scenarios.RecommendationsPanel";
    static components = { RecommendationLists };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ model: null, busy: false });
        onMounted(() => this.open(this.props.record));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.resId || record.isDirty !== this.wasDirty) {
                this.open(record);
            }
        });
    }

    /** Lists of what is saved: a changed form is read again once it is. */
    open(record) {
        this.wasDirty = record.isDirty;
        if (record.isDirty && record.resId === this.resId) {
            return;
        }
        this.resId = record.resId;
        const key = record.resModel === "crm.lead" ? "lead_id" : "partner_id";
        this.state.model = record.resId ? makeRecommendations(this.orm, { [key]: record.resId }) : null;
        this.state.model?.load();
    }

    get label() {
        const count = this.state.model.chosen.length;
        return count === 1
            ? _t("New quotation with 1 product")
            : _t("New quotation with %s products", count);
    }

    get needsCustomer() {
        const { status, about } = this.state.model;
        return status === "done" && !about.partner_id;
    }

    async quote() {
        const { model } = this.state;
        this.state.busy = true;
        try {
            const action = await this.orm.call("sale.order", "new_with_recommended", [model.values()], model.asked);
            await this.action.doAction(action);
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("crm_recommendations", { component: RecommendationsPanel });
