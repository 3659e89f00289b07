import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
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
        this.state = useState({ model: null, number: 0, busy: false });
        useRecordObserver((record) => this.follow(record.resModel, record.resId, record.dirty));
    }

    /** Lists of what is saved: a changed form is read again once it is. */
    follow(resModel, resId, dirty) {
        const saved = !dirty && (this.wasDirty || resId !== this.resId);
        this.wasDirty = dirty;
        if (!saved) {
            return;
        }
        this.resId = resId;
        const key = resModel === "crm.lead" ? "lead_id" : "partner_id";
        this.state.model = resId ? makeRecommendations(this.orm, { [key]: resId }) : null;
        this.state.number++;
        this.state.model?.load();
    }

    get label() {
        const count = this.state.model.chosen.length;
        if (!count) {
            return _t("New quotation");
        }
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
