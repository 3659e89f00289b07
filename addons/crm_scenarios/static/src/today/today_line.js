import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";

export const REASONS = () => [
    ["price", _t("Too expensive")],
    ["elsewhere", _t("Buys elsewhere")],
    ["no_need", _t("No need")],
    ["timing", _t("Wrong time")],
    ["wrong", _t("Advice does not fit")],
    ["other", _t("Other")],
];

/** One thing to do: who, what, why, until when; and what came of it, in two taps. */
export class TodayLine extends Component {
    static template = "crm_scenarios.TodayLine";
    static props = { line: Object, currencyId: Number, share: Number, onDone: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ open: "", busy: false });
        this.reasons = REASONS();
    }

    get first() {
        return this.props.line.reasons[0];
    }

    get money() {
        const { line, currencyId } = this.props;
        return line.money === null ? "" : formatMonetary(line.money, { currencyId });
    }

    get basis() {
        return this.props.line.basis === "measured"
            ? _t("measured against a hold-out")
            : _t("estimate: %s of the money at stake", formatPercentage(this.props.share));
    }

    get tel() {
        return `tel:${this.props.line.phone.replace(/[^+\d]/g, "")}`;
    }

    until(reason) {
        return reason.until ? formatDate(deserializeDate(reason.until)) : "";
    }

    get late() {
        return this.props.line.overdue > 0 ? _t("%s days beyond the interval", this.props.line.overdue) : "";
    }

    toggle(what) {
        this.state.open = this.state.open === what ? "" : what;
    }

    get asked() {
        const { source, activity_id } = this.first;
        const { partner_id, lead_id } = this.props.line;
        return { source, activity_id: activity_id || false, partner_id, lead_id };
    }

    async call(method, args, text) {
        this.state.busy = true;
        try {
            const next = await this.orm.call("crm.today", method, [this.asked, ...args]);
            this.notification.add(text, { type: "success" });
            this.state.open = "";
            if (next && next.type) {
                await this.action.doAction(next);
            } else {
                await this.props.onDone();
            }
        } finally {
            this.state.busy = false;
        }
    }

    reached = () => this.call("outcome", ["reached"], _t("Noted."));
    noAnswer = (days) => this.call("outcome", ["no_answer", days], _t("Again in %s days.", days));
    order = () => this.call("outcome", ["order"], _t("Noted."));
    notInterested = (reason) =>
        this.call("outcome", ["not_interested", null, reason], _t("Noted with the reason."));
    snooze = (days) => this.call("snooze", [days], _t("Put off by %s days.", days));
    dismiss = (reason) => this.call("dismiss", [reason], _t("Taken off the list."));

    /** At the right place: the lead if there is one, else the customer. */
    async openRecord() {
        const { partner_id, lead_id } = this.props.line;
        const [res_model, res_id] = lead_id ? ["crm.lead", lead_id] : ["res.partner", partner_id];
        await this.action.doAction({
            type: "ir.actions.act_window", res_model, res_id, views: [[false, "form"]],
        });
    }

    openEvent() {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "calendar.event",
            res_id: this.first.event_id, views: [[false, "form"]],
        });
    }

    /** The prepared e-mail, to be looked at and sent. */
    async openMail(reason) {
        const action = await this.orm.call("crm.today", "compose", [reason.activity_id]);
        await this.action.doAction(action, { onClose: () => this.props.onDone() });
    }
}
