import { Component } from "@odoo/owl";
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

    /** Only tells the result: `onDone` reads again, so nothing has to be opened anew. */
    async call(method) {
        const action = await this.orm.call("crm.segmentation", method, [[this.blocking.id]]);
        if (action?.tag === "display_notification") {
            await this.action.doAction({ ...action, params: { ...action.params, next: undefined } });
        }
        await this.props.onDone();
    }
}
