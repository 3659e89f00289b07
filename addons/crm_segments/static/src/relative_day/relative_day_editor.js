import { Component } from "@odoo/owl";
import { serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { directionLabels, isRelative, readRelative, writeRelative } from "./relative_day";

const { DateTime } = luxon;

/** Edits a relative date in a condition: so many days before or after today. */
export class RelativeDayEditor extends Component {
    static template = "crm_segments.RelativeDayEditor";
    static props = { value: String, update: Function, type: String };

    setup() {
        this.directions = directionLabels();
    }

    get read() {
        return readRelative(this.props.value);
    }

    changeNumber(number) {
        if (Number.isInteger(number) && number >= 0) {
            this.props.update(writeRelative({ ...this.read, number }));
        }
    }

    changeDirection(direction) {
        const number = direction ? this.read.number || 1 : 0;
        this.props.update(writeRelative({ sign: direction[0], number, unit: direction[1] }));
    }

    /** A text with several terms: what can't be read is not taken over. */
    changeText(ev) {
        if (isRelative(ev.target.value)) {
            this.props.update(ev.target.value.trim());
        } else {
            ev.target.value = this.props.value;
        }
    }

    /** From here on a day of the calendar. */
    fix() {
        const today = DateTime.local().startOf("day");
        this.props.update(this.props.type === "date" ? serializeDate(today) : serializeDateTime(today));
    }
}
