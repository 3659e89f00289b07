import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatMonetary } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { router } from "@web/core/browser/router";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { TodayLine } from "./today_line";

/** One screen before saying hello; the outcome of the call is noted as in 'Today'. */
export class Caller extends Component {
    static template = "crm_scenarios.Caller";
    static components = { Layout, TodayLine };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const asked = { ...router.current, ...this.props.action.params };
        this.number = String(asked.number ?? "");
        this.state = useState({ brief: null, candidates: null, error: "", logged: false });
        onWillStart(() => this.start(Number(asked.partner) || 0));
    }

    async start(partnerId) {
        if (partnerId) {
            return this.open(partnerId);
        }
        try {
            this.state.candidates = await this.orm.call("crm.caller", "find", [this.number]);
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    }

    async open(partnerId) {
        try {
            const brief = await this.orm.call("crm.caller", "brief", [partnerId]);
            this.activityId = await this.log({ partner_id: partnerId });
            this.state.brief = brief;
            this.state.error = "";
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    }

    /** A call that came by its number is noted; a conversation is no call. */
    async log(record) {
        return this.number ? this.orm.call("crm.caller", "log", [this.number], record) : false;
    }

    async choose(one) {
        if (one.partner_id) {
            return this.open(one.partner_id);
        }
        await this.log({ lead_id: one.lead_id });
        return this.openRecord("crm.lead", one.lead_id);
    }

    openRecord(res_model, res_id) {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model, res_id, views: [[false, "form"]],
        });
    }

    newLead() {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "crm.lead", views: [[false, "form"]],
            context: { default_phone: this.number, default_type: "opportunity" },
        });
    }

    money(value, currencyId = this.state.brief.currency_id) {
        return value === null ? _t("n/a") : formatMonetary(value, { currencyId });
    }

    day(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    /** The call as a line of 'Today'. */
    get line() {
        const { brief } = this.state;
        return {
            key: `call${brief.partner_id}`, name: _t("This call"), lead: "", phone: "", segment: "",
            partner_id: brief.partner_id, lead_id: false, money: null, basis: "estimate",
            overdue: 0, products: [], readable: false,
            reasons: [{ source: "call", text: this.number, icon: "fa-phone", activity_id: this.activityId }],
        };
    }

    logged = () => {
        this.state.logged = true;
    };
}

registry.category("actions").add("crm_scenarios.caller", Caller);
