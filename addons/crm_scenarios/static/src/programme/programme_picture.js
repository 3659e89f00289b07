import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Phases and steps on an axis of months with the money below; the table has the same content. */
export class ProgrammePicture extends Component {
    static template = "crm_scenarios.ProgrammePicture";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, error: "", table: false, open: {} });
        this.asked = 0;
        // values are replaced by opening, saving and reloading, and kept while one edits
        useRecordObserver((record) => {
            this.load(record.data && record.resId);
        });
    }

    async load(id) {
        const asked = ++this.asked;
        let data = null;
        let error = "";
        try {
            data = id ? await this.orm.call("crm.programme", "picture", [[id]]) : null;
        } catch (failure) {
            error = failure.data?.message || failure.message;
        }
        if (asked === this.asked) {
            Object.assign(this.state, { data, error });
        }
    }

    get record() {
        return this.props.record;
    }

    /** Phases; what is open has its steps as rows. */
    get rows() {
        return this.state.data.phases.flatMap((phase) => [
            { ...phase, key: `p${phase.id}`, isPhase: true },
            ...(this.isOpen(phase) ? phase.steps : []).map((step) => ({ ...step, key: `s${step.id}` })),
        ]);
    }

    isOpen(phase) {
        return Boolean(this.state.open[phase.id]);
    }

    toggle(phase) {
        this.state.open[phase.id] = !this.isOpen(phase);
    }

    get allOpen() {
        return this.state.data.phases.every((phase) => this.isOpen(phase));
    }

    toggleAll() {
        const open = !this.allOpen;
        for (const phase of this.state.data.phases) {
            this.state.open[phase.id] = open;
        }
    }

    day(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    dates(row) {
        if (!row.first) {
            return row.struck ? _t("Struck out: %s", row.struck) : _t("no dates");
        }
        return row.first === row.last ? this.day(row.first) : `${this.day(row.first)} – ${this.day(row.last)}`;
    }

    percent = (value) => formatPercentage(value, { digits: [16, 0] });

    money(value, options = {}) {
        const currencyId = this.state.data.currency_id;
        return formatMonetary(value, { currencyId, digits: [16, 0], ...options });
    }

    slack(row) {
        if (row.struck || !row.first || row.isPhase) {
            return "";
        }
        return formatFloat(row.slack, { digits: [16, 1] });
    }

    /** The row in words, for whoever doesn't see the bar. */
    title(row) {
        const facts = [row.name, this.dates(row)];
        if (row.first) {
            facts.push(_t("%s done", this.percent(row.progress)));
        }
        if (row.critical) {
            facts.push(_t("on the critical path"));
        }
        if (row.late) {
            facts.push(_t("late"));
        }
        if (row.who) {
            facts.push(row.who);
        }
        return facts.join(", ");
    }

    column(one) {
        return _t("%(month)s: %(once)s once, %(running)s running", {
            month: one.label,
            once: this.money(one.once),
            running: this.money(one.running),
        });
    }

    /** What is paid after the last month that is drawn. */
    get after() {
        const { after, later } = this.state.data.cash;
        return after.total
            ? _t("Later, until %(year)s: %(money)s (by year in the table)", {
                  year: later.at(-1).year,
                  money: this.money(after.total),
              })
            : "";
    }

    /** Open a step; what was typed meanwhile is saved first. */
    async open(row) {
        if (this.record.dirty && !(await this.record.save())) {
            return;
        }
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: row.name,
                res_model: "crm.programme.step",
                res_id: row.id,
                views: [[false, "form"]],
                target: "new",
            },
            { onClose: () => this.record.load() }
        );
    }
}

registry.category("view_widgets").add("crm_programme_picture", { component: ProgrammePicture });
