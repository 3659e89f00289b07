import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

/** Why a customer is in a segment, or why not, with the buttons to decide otherwise. */
export class WhyDialog extends Component {
    static template = "crm_segments.WhyDialog";
    static components = { Dialog };
    static props = {
        segmentId: Number,
        name: String,
        partnerId: Number,
        membershipId: { type: [Number, Boolean], optional: true },
        canPin: { type: Boolean, optional: true },
        pin: { type: Function, optional: true },
        changed: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ answer: null, error: "", loading: true });
        // the dialog opens at once; the answer follows
        onWillStart(() => {
            this.load();
        });
    }

    async load() {
        Object.assign(this.state, { loading: true, error: "" });
        try {
            this.state.answer = await this.orm.call("crm.segment", "explain", [
                [this.props.segmentId],
                this.props.partnerId,
                this.props.membershipId || null,
            ]);
        } catch (error) {
            this.state.error = error.data?.message || error.message || _t("No answer from the server.");
        }
        this.state.loading = false;
    }

    get title() {
        return this.state.answer && !this.state.answer.member && !this.state.answer.until
            ? _t("Why not “%s”?", this.props.name)
            : _t("Why “%s”?", this.props.name);
    }

    get headline() {
        const { customer, segment, segmentation, member, since, until } = this.state.answer;
        const words = { customer, segment, segmentation, since: this.day(since), until: this.day(until) };
        if (member) {
            return _t("%(customer)s is in “%(segment)s” (%(segmentation)s) since %(since)s.", words);
        }
        if (until) {
            return _t("%(customer)s was in “%(segment)s” (%(segmentation)s) from %(since)s until %(until)s.", words);
        }
        return _t("%(customer)s is not in “%(segment)s” (%(segmentation)s).", words);
    }

    get origin() {
        return {
            rule: _t("Decided by the rule"),
            manual: _t("Decided by hand"),
            backfill: _t("Computed for the past"),
        }[this.state.answer.origin] || "";
    }

    day(iso) {
        return iso ? formatDate(deserializeDate(iso)) : "";
    }

    condition(node) {
        return this.state.answer.conditions[node.index];
    }

    /** The condition's value today and at the decision, where they may be told. */
    values(condition) {
        const parts = [];
        if (condition.value_text) {
            parts.push(_t("now: %s", condition.value_text));
        }
        if (condition.value_then_text) {
            parts.push(_t("then: %s", condition.value_then_text));
        }
        if (condition.value_left_text) {
            parts.push(_t("when it ended: %s", condition.value_left_text));
        }
        if (condition.passed_left === false) {
            parts.push(_t("it held no longer when the stay ended"));
        }
        if (condition.passed_then !== null && condition.passed_then !== condition.passed) {
            parts.push(condition.passed_then ? _t("it held then") : _t("it didn't hold then"));
        }
        return parts.join(" · ");
    }

    verdict(passed) {
        return passed ? _t("holds") : _t("doesn't hold");
    }

    heading(node) {
        return { and: _t("All of these"), or: _t("One of these"), not: _t("Not this") }[node.op];
    }

    /** Pinned rows that are over can't be taken off. */
    get pinned() {
        const { pinned, until } = this.state.answer;
        return until ? false : pinned;
    }

    get mayPin() {
        return Boolean(this.props.canPin && this.props.pin && this.state.answer);
    }

    pin(pinned) {
        this.props.close();
        return this.props.pin(pinned);
    }

    async unpin() {
        await this.orm.call("crm.segment.membership", "action_unpin", [[this.state.answer.stay]]);
        this.props.close();
        await this.props.changed?.();
    }
}
