import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";
import { layOut } from "./timeline_layout";
import { WhyDialog } from "./why_dialog";

/** More stays than this are shown on demand. */
const SHOWN = 30;

/** A line per segmentation with the customer's stays; each says why, each other segment why not. */
export class SegmentTimeline extends Component {
    static template = "crm_segments.SegmentTimeline";
    static props = { ...standardFieldProps };

    setup() {
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.ui = useState(useService("ui"));
        this.state = useState({ listed: {}, complete: {} });
    }

    get data() {
        return this.props.record.data[this.props.name] || { lines: [] };
    }

    get lines() {
        return this.data.lines.map((line) => {
            const stays = this.state.complete[line.id] ? line.stays : line.stays.slice(-SHOWN);
            return { ...line, ...layOut(stays, this.data.today), hidden: line.stays.length - stays.length };
        });
    }

    get small() {
        return this.ui.isSmall;
    }

    /** Segments that the customer isn't in now. */
    others(line) {
        const current = line.stays.filter((stay) => !stay.to && stay.pinned !== "out");
        const ids = new Set(current.map((stay) => stay.segment_id));
        return line.segments.filter((segment) => !ids.has(segment.id));
    }

    style(bar) {
        return `left: ${bar.left.toFixed(2)}%; width: ${bar.width.toFixed(2)}%; top: ${bar.lane * 34}px`;
    }

    color(stay) {
        return `o_segment_color_${stay.color % 12}`;
    }

    icon(stay) {
        return { in: "fa-thumb-tack", out: "fa-ban" }[stay.pinned] || "";
    }

    /** What a bar says to those who can't see where it lies. */
    label(stay) {
        const text =
            stay.pinned === "out"
                ? _t("Not in %(name)s, %(period)s", stay)
                : _t("%(name)s, %(period)s", stay);
        return stay.pin_text ? `${text}. ${stay.pin_text}` : text;
    }

    toggleList(line) {
        this.state.listed[line.id] = !this.state.listed[line.id];
    }

    showAll(line) {
        this.state.complete[line.id] = true;
    }

    why(line, stay) {
        this.open(stay.segment_id, stay.name, stay.id);
    }

    whyNot(line, ev) {
        const id = parseInt(ev.target.value);
        const segment = line.segments.find((one) => one.id === id);
        ev.target.value = "";
        if (segment) {
            this.open(segment.id, segment.name, false);
        }
    }

    open(segmentId, name, membershipId) {
        this.dialog.add(WhyDialog, {
            segmentId,
            name,
            membershipId,
            partnerId: this.data.partner_id,
            canPin: this.data.can_pin,
            pin: (pinned) => this.pin(segmentId, pinned),
            changed: () => this.reload(),
        });
    }

    /** Ask for the reason; the customer is saved first, as by any button of the form. */
    async pin(segmentId, pinned) {
        if ((await this.props.record.save()) === false) {
            return;
        }
        const context = { default_partner_id: this.data.partner_id, default_pinned: pinned };
        if (segmentId) {
            context.default_segment_id = segmentId;
        }
        await this.action.doAction("crm_segments.crm_segment_pin_action", {
            additionalContext: context,
            onClose: () => this.reload(),
        });
    }

    async reload() {
        await this.props.record.load();
    }

    openSegmentations() {
        return this.action.doAction("crm_segments.crm_segmentation_action");
    }
}

export const segmentTimeline = { component: SegmentTimeline, supportedTypes: ["json"] };

registry.category("fields").add("segment_timeline", segmentTimeline);
