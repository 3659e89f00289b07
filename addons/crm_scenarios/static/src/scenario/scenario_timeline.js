import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const ICONS = {
    activity: "fa-phone",
    email: "fa-envelope",
    prepare: "fa-envelope-o",
    action: "fa-cogs",
    wait: "fa-hourglass-half",
};

/** The label of a selection's value, as the user's language has it. */
function label(record, name) {
    const found = record.fields[name].selection.find(([value]) => value === record.data[name]);
    return found ? found[1] : "";
}

/** What happens from entering to the end, one below the other: who, what, after how long. */
export class ScenarioTimeline extends Component {
    static template = "crm_scenarios.ScenarioTimeline";
    static props = { ...standardWidgetProps };

    get start() {
        return label(this.props.record, "trigger");
    }

    get end() {
        const { deadline_days: days } = this.props.record.data;
        return _t("%(goal)s, else after %(days)s days", { goal: label(this.props.record, "goal"), days });
    }

    /** Behind a wait the delays count anew. */
    get steps() {
        let behind = false;
        return this.props.record.data.template_ids.records.map((step) => {
            const { scenario_kind: kind, summary, activity_type_id: type } = step.data;
            const found = {
                key: step.id, kind, icon: ICONS[kind], kindLabel: label(step, "scenario_kind"),
                name: summary || type?.display_name || label(step, "scenario_kind"),
                when: this.when(step, behind),
                who: ["activity", "prepare"].includes(kind) ? this.who(step) : "",
                condition: kind !== "wait" && this.conditional(step),
            };
            behind ||= kind === "wait";
            return found;
        });
    }

    conditional(step) {
        return !["", "[]"].includes((step.data.scenario_condition || "").trim());
    }

    when(step, behind) {
        const { scenario_kind: kind, scenario_pace: pace, delay_count: count } = step.data;
        if (pace) {
            return label(step, "scenario_pace");
        }
        const span = this.span(step);
        if (kind === "wait") {
            return this.conditional(step)
                ? _t("Until its condition holds, %s at most", span)
                : _t("%s, then the delays count anew", span);
        }
        if (count <= 0) {
            return behind ? _t("At once") : _t("On entering");
        }
        return behind ? _t("%s after the wait", span) : _t("%s after entering", span);
    }

    span(step) {
        const count = Math.max(0, step.data.delay_count);
        switch (step.data.delay_unit) {
            case "weeks":
                return _t("%s weeks", count);
            case "months":
                return _t("%s months", count);
            default:
                return _t("%s days", count);
        }
    }

    who(step) {
        const { responsible_type: type, responsible_id: user, responsible_group_id: role } = step.data;
        const named = { other: user, group: role }[type];
        return named?.display_name || label(step, "responsible_type");
    }
}

registry.category("view_widgets").add("crm_scenario_timeline", {
    component: ScenarioTimeline,
    fieldDependencies: [
        { name: "trigger", type: "selection" },
        { name: "goal", type: "selection" },
        { name: "deadline_days", type: "integer" },
    ],
});
