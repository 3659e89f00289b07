import { Component, onMounted, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { RecommendationLists } from "./recommendation_lists";
import { makeRecommendations } from "./recommendations";

/** The two lists on a quotation; products are added at once, alone or several together. */
export class RecommendDialog extends Component {
    static template = "crm_scenarios.RecommendDialog";
    static components = { Dialog, RecommendationLists };
    static props = { close: Function, orderId: Number, onAdded: Function };

    setup() {
        const orm = useService("orm");
        this.notification = useService("notification");
        this.model = useState(makeRecommendations(orm, { order_id: this.props.orderId }));
        this.state = useState({ busy: false });
        onMounted(() => this.model.load());
    }

    get title() {
        const { customer } = this.model.about;
        return customer ? _t("Recommendations for %s", customer) : _t("Recommendations");
    }

    get addLabel() {
        const count = this.model.chosen.length;
        if (!count) {
            return _t("Add products");
        }
        return count === 1 ? _t("Add 1 product") : _t("Add %s products", count);
    }

    async add(lines) {
        this.state.busy = true;
        try {
            await this.model.add(lines);
        } finally {
            this.state.busy = false;
        }
        await this.props.onAdded();
    }

    async addChosen() {
        await this.add(this.model.chosen);
        this.props.close();
    }
}

/** What the button on the quotation opens; the form is read again after each addition. */
function recommend(env, action) {
    const reload = () => env.services.action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
    let changed = false;
    env.services.dialog.add(
        RecommendDialog,
        {
            orderId: action.params.order_id,
            onAdded: () => {
                changed = true;
            },
        },
        { onClose: () => changed && reload() }
    );
}

registry.category("actions").add("crm_recommend", recommend);
