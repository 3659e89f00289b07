import { Component, onWillStart, useState } from "@odoo/owl";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { TodayLine } from "./today_line";

/** The salesperson's next actions across activities, meetings, messages and due customers. */
export class Today extends Component {
    static template = "crm_scenarios.Today";
    static components = { Layout, TodayLine };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, error: "", limit: 10, loading: false });
        onWillStart(() => this.load());
    }

    load = async () => {
        this.state.loading = true;
        try {
            this.state.data = await this.orm.call("crm.today", "actions", [this.state.limit]);
            this.state.error = "";
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        } finally {
            this.state.loading = false;
        }
    };

    more = () => {
        this.state.limit = 50;
        return this.load();
    };

    openCustomers = () => this.action.doAction("crm_segments.crm_segment_customer_action");
}

registry.category("actions").add("crm_scenarios.today", Today);
