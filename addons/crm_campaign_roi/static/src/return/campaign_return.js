import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate } from "@web/core/l10n/dates";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { KeepLast } from "@web/core/utils/concurrency";
import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { BridgeChart } from "@crm_segments/bridge/bridge_chart";
import { gradeHelp, gradeNames } from "./evidence";
import { PaybackChart } from "./payback_chart";
import { formatShare } from "./share_field";

/**
 * Did the campaign pay: from cost over orders, invoices and payments to margin, the return under
 * each model, budget and payback. Charts have their numbers in a table; each opens what it is
 * made of.
 */
export class CampaignReturn extends Component {
    static template = "crm_campaign_roi.CampaignReturn";
    static components = { BridgeChart, PaybackChart };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.last = new KeepLast();
        this.state = useState({ data: null, model: null, host: null, loading: false, error: "" });
        useRecordObserver((record) => this.follow(record.resId, record.dirty));
    }

    /** What is saved is shown: a changed form is read again once it is saved. */
    follow(resId, dirty) {
        const saved = !dirty && (this.wasDirty || resId !== this.resId);
        this.wasDirty = dirty;
        if (!saved) {
            return;
        }
        this.resId = resId;
        Object.assign(this.state, { data: null, host: null, model: null });
        if (resId) {
            this.load();
        }
    }

    async load() {
        Object.assign(this.state, { loading: true, error: "" });
        try {
            this.state.data = await this.last.add(
                this.orm.call("utm.campaign", "campaign_return", [[this.resId]], { model: this.state.model })
            );
        } catch (error) {
            this.state.error = error.data?.message || error.message || _t("The figures could not be read.");
        }
        this.state.loading = false;
    }

    setModel(ev) {
        this.state.model = ev.target.value;
        return this.load();
    }

    get data() {
        return this.state.data;
    }

    get totals() {
        return this.data.totals;
    }

    get isEmpty() {
        const { cost, leads, ordered, invoiced } = this.totals;
        return !cost && !leads && !ordered && !invoiced && !this.data.committed;
    }

    money(value) {
        return value === null || value === undefined
            ? _t("n/a")
            : formatMonetary(value, { currencyId: this.data.currency_id });
    }

    short(value) {
        return formatFloat(value, { humanReadable: true, decimals: 1 });
    }

    percent(value) {
        return formatShare(value, { digits: [16, 1] });
    }

    factor(value) {
        return value === null || value === undefined ? _t("n/a") : formatFloat(value, { digits: [16, 2] });
    }

    count(value) {
        return value ? formatFloat(value, { digits: [16, value % 1 ? 1 : 0], trailingZeros: false }) : "";
    }

    month(text) {
        return deserializeDate(text).toFormat("LLL yyyy");
    }

    /** The answer in one sentence; why there is none, where there is none. */
    get answer() {
        const { roi, cost, margin } = this.totals;
        if (!this.data.sees_figures) {
            return _t("Cost and margin are shown to accounting only.");
        }
        if (roi === null) {
            return cost > 0
                ? _t("ROI n/a: no cost of goods is known, so no margin.")
                : _t("ROI n/a: no cost yet. Put the analytic account of the campaign on its bills.");
        }
        return _t("ROI %(roi)s: %(margin)s of margin on %(cost)s of cost.", {
            roi: this.percent(roi),
            margin: this.money(this.totals.return_margin ?? margin ?? 0),
            cost: this.money(cost),
        });
    }

    /** How sure the answer is, and why. */
    get evidence() {
        const { evidence } = this.data;
        return _t("Evidence: %(grade)s. %(help)s.", {
            grade: gradeNames()[evidence], help: gradeHelp()[evidence],
        });
    }

    /** The rows of the table, and the bars of the chart that have an amount. */
    get stages() {
        const { totals, data } = this;
        const figures = data.sees_figures;
        return [
            { key: "cost", label: _t("Cost"), value: figures ? totals.cost : null, sign: -1, hidden: !figures },
            { key: "committed", label: _t("Committed"), value: data.committed, hidden: !figures || !data.committed, apart: true },
            { key: "opportunities", label: _t("Opportunities"), value: totals.pipeline || 0, count: totals.opportunities, apart: true },
            { key: "ordered", label: _t("Orders"), value: totals.ordered || 0, count: totals.orders },
            { key: "invoiced", label: _t("Invoiced"), value: totals.invoiced || 0 },
            { key: "paid", label: _t("Paid"), value: totals.paid || 0 },
            { key: "margin", label: _t("Margin"), value: totals.margin, hidden: !figures },
        ].filter((stage) => !stage.hidden);
    }

    get bars() {
        return this.stages
            .filter((stage) => !stage.apart && stage.value !== null)
            .map(({ key, label, value, sign = 1 }) => ({
                key,
                label,
                value: sign * value,
                text: this.money(value),
                short: this.short(sign * value),
                whole: key !== "cost",
            }));
    }

    get ratios() {
        const { totals, data } = this;
        if (!data.sees_figures) {
            return [];
        }
        return [
            { key: "roas", label: _t("ROAS"), text: this.factor(totals.roas), help: _t("Invoiced / cost") },
            { key: "cpl", label: _t("Cost per lead"), text: this.money(totals.cost_per_lead), help: _t("Cost / leads") },
            { key: "cpo", label: _t("Cost per opportunity"), text: this.money(totals.cost_per_opportunity), help: _t("Cost / opportunities") },
            { key: "cac", label: _t("CAC"), text: this.money(totals.cac), help: _t("Cost / new customers") },
            { key: "ltv", label: _t("LTV : CAC"), text: this.factor(totals.ltv_cac), help: _t("All margin so far of the new customers / cost") },
            ...(typeof totals.ltv_cac_expected === "number"
                ? [{ key: "ltv_expected", label: _t("LTV : CAC expected"), text: this.factor(totals.ltv_cac_expected), help: _t("Margin of the new customers so far and in the next twelve months / cost") }]
                : []),
            { key: "payback", label: _t("Payback"), text: data.payback ? _t("%s months", data.payback) : _t("n/a"), help: _t("Months until the margin has earned the cost") },
        ];
    }

    /** What is known from the hold-out, with its interval. */
    get experiment() {
        const { margin, romi } = this.data.experiment;
        const text = _t("Against the hold-out: %(margin)s more margin (%(low)s to %(high)s).", {
            margin: this.money(margin[0]), low: this.money(margin[1]), high: this.money(margin[2]),
        });
        return romi
            ? _t("ROMI %(romi)s (%(low)s to %(high)s). %(text)s", {
                  romi: this.percent(romi[0]), low: this.percent(romi[1]), high: this.percent(romi[2]), text,
              })
            : _t("ROMI n/a: no cost yet. %s", text);
    }

    /** How far the models are apart: what is not known of who earned it. */
    get spread() {
        const known = this.data.models.map((one) => one.roi).filter((roi) => roi !== null && roi !== undefined);
        if (known.length < 2) {
            return "";
        }
        return _t("Between the models the ROI goes from %(low)s to %(high)s.", {
            low: this.percent(Math.min(...known)),
            high: this.percent(Math.max(...known)),
        });
    }

    /** How much of the company's money the totals speak of. */
    get coverage() {
        const { orders, cost } = this.data.coverage;
        return _t("Coverage: %(orders)s of the ordered money has a campaign, %(cost)s of the marketing cost.", {
            orders: this.percent(orders),
            cost: this.percent(cost),
        });
    }

    get budgetShare() {
        const { budget, committed } = this.data;
        const cost = this.totals.cost || 0;
        const part = (amount) => (budget > 0 ? Math.min(100, (100 * amount) / budget) : 100);
        const spent = part(cost);
        return { spent, committed: Math.min(100 - spent, part(committed)), text: budget > 0 ? this.percent((cost + committed) / budget) : _t("n/a") };
    }

    get points() {
        return this.data.months.map(({ month, balance }) => ({ label: this.month(month), value: balance }));
    }

    async open(stage) {
        const args = [[this.resId], stage, this.data.model];
        return this.action.doAction(await this.orm.call("utm.campaign", "action_open_return", args));
    }

    async showHost() {
        this.state.host = await this.orm.call("utm.campaign", "host_figures", [[this.resId]]);
    }
}

registry.category("view_widgets").add("crm_campaign_return", { component: CampaignReturn });
