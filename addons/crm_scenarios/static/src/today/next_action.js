import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { TodayLine } from "./today_line";

/** The user's next best action on the customer or lead of the form; nothing where there is none. */
export class NextAction extends Component {
    static template = "crm_scenarios.NextAction";
    static components = { TodayLine };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null });
        useRecordObserver((record) => this.follow(record.resModel, record.resId));
    }

    follow(resModel, resId) {
        if (resId === this.resId) {
            return;
        }
        this.resId = resId;
        this.key = resModel === "crm.lead" ? "lead_id" : "partner_id";
        return this.load();
    }

    load = async () => {
        const asked = this.resId;
        const data = asked
            ? await this.orm.silent.call("crm.today", "next_for", [], { [this.key]: asked })
            : null;
        if (asked === this.resId) {
            this.state.data = data;
        }
    };

    done = async () => {
        await this.props.record.load();
        await this.load();
    };
}

registry.category("view_widgets").add("crm_next_action", { component: NextAction });
