import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/**
 * What stands where there is nobody to show: why, and the way on in one click.
 * `states` are those of `_reading_state()`, one per segmentation of `resIds`.
 */
export class NotRun extends Component {
    static template = "crm_segments.NotRun";
    static props = {
        states: Array,
        resIds: Array,
        ready: String, // what to say where everything has run
        onDone: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    /** The first segmentation that keeps the table empty. */
    get blocking() {
        const index = this.props.states.findIndex(({ enabled, run }) => !enabled || run !== "done");
        return index < 0 ? null : { ...this.props.states[index], id: this.props.resIds[index] };
    }

    /** Why there is nobody, in words. */
    get reason() {
        const { enabled, run, name } = this.blocking;
        if (!enabled) {
            return _t("“%s” is switched off, so nobody is in its segments.", name);
        }
        switch (run) {
            case "failed":
                return _t("The last run of “%s” failed, and there is nothing from before.", name);
            case "held":
                return _t("The run of “%s” waits to be accepted.", name);
            default:
                return _t("“%s” has never run: its customers are divided by the first run.", name);
        }
    }

    /** What the user may do about it. */
    get remedy() {
        if (!this.blocking.enabled) {
            return { method: "action_enable", label: _t("Switch on") };
        }
        return this.blocking.run === "held"
            ? { method: "action_accept", label: _t("Accept") }
            : { method: "action_run", label: _t("Run now") };
    }

    /** Only tells the result: `onDone` reads again, so nothing has to be opened anew. */
    async call(method) {
        const action = await this.orm.call("crm.segmentation", method, [[this.blocking.id]]);
        if (action?.tag === "display_notification") {
            await this.action.doAction({ ...action, params: { ...action.params, next: undefined } });
        }
        await this.props.onDone();
    }
}
