import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { dayText, mark, normText, sampleText, sentence, stateText } from "./course_text";

const ICONS = {
    done: "fa-check-circle",
    now: "fa-arrow-circle-right",
    ahead: "fa-circle-o",
    skipped: "fa-minus",
};

/** All steps of a deal as a table. */
export class DealCourseTable extends Component {
    static template = "crm_scenarios.DealCourseTable";
    static props = {
        title: String,
        steps: Array,
        segment: { type: String, optional: true },
        close: { type: Function, optional: true },
    };

    get rows() {
        return this.props.steps.map((step) => ({
            ...step,
            icon: ICONS[step.state],
            stateText: stateText(step),
            norm: normText(step) || _t("no norm yet"),
            deals: sampleText(step, this.props.segment),
            day: dayText(step),
        }));
    }
}

/** The steps of a deal in a line; a click, or Enter, tells each with its norm. */
export class DealCourse extends Component {
    static template = "crm_scenarios.DealCourse";
    static props = { ...standardFieldProps };

    setup() {
        const small = this.env.isSmall;
        this.popover = usePopover(DealCourseTable, {
            useBottomSheet: small,
            [small ? "class" : "popoverClass"]: "o_deal_course_popover",
            role: "dialog",
        });
    }

    get segment() {
        return this.props.record.data.segment_id?.display_name || "";
    }

    get steps() {
        return (this.props.record.data[this.props.name] || []).map((step) => ({
            ...step,
            mark: mark(step),
            sentence: sentence(step, this.segment),
        }));
    }

    get label() {
        return this.steps.map((step) => step.sentence).join("; ");
    }

    /** The views open the document on Enter. */
    onKeydown(ev) {
        if (["Enter", " "].includes(ev.key)) {
            ev.stopPropagation();
        }
    }

    open(ev) {
        this.popover.open(ev.currentTarget, {
            title: this.props.record.data.name || "",
            steps: this.props.record.data[this.props.name],
            segment: this.segment,
        });
    }
}

export const dealCourse = {
    component: DealCourse,
    displayName: _t("Steps of a deal"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "name", type: "char" },
        { name: "segment_id", type: "many2one" },
    ],
    listViewWidth: 200,
};

registry.category("fields").add("deal_course", dealCourse);
