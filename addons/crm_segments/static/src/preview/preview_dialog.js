import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { RPCError } from "@web/core/network/rpc";
import { PreviewBacktest } from "./preview_backtest";

/** Errors that tell the user what to correct; saving would meet them again. */
const USER_ERRORS = [
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.UserError",
    "odoo.exceptions.AccessError",
];

/**
 * What a change of a segmentation would do: counts, examples, segments, overlap.
 *
 * `load` asks the server and saves nothing; `loadBacktest` then asks for past month-ends, for
 * which nobody has to wait. With `onSave` the change can be saved
 * from here; closing in any other way leaves the form as it is.
 */
export class PreviewDialog extends Component {
    static template = "crm_segments.PreviewDialog";
    static components = { Dialog, PreviewBacktest };
    static props = {
        close: Function,
        load: Function,
        loadBacktest: { type: Function, optional: true },
        title: String,
        onSave: { type: Function, optional: true },
    };

    setup() {
        this.state = useState({ status: "loading", result: null, error: "", mayBeSaved: false });
        this.saveRef = useRef("save");
        onMounted(() => this.load());
        useEffect(
            (status) => {
                if (status === "done") {
                    this.saveRef.el?.focus();
                }
            },
            () => [this.state.status]
        );
    }

    async load() {
        this.state.status = "loading";
        try {
            this.state.result = await this.props.load();
            this.state.status = "done";
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.state.error = error.data?.message || error.message;
            this.state.mayBeSaved = !USER_ERRORS.includes(error.exceptionName);
            this.state.status = "failed";
        }
    }

    get result() {
        return this.state.result;
    }

    get isEmpty() {
        const { joined, left, kept } = this.result;
        return !joined && !left && !kept;
    }

    get nobodyMoves() {
        return !this.result.joined && !this.result.left;
    }

    /** Money is false where the user may not see all figures. */
    get hasMoney() {
        return this.result.revenue_moved !== false;
    }

    /** The answer, part by part. */
    get headline() {
        const { joined, left, kept, revenue_moved } = this.result;
        const parts = [
            { key: "joined", text: _t("%s join", this.count(joined)) },
            { key: "left", text: _t("%s leave", this.count(left)) },
            { key: "kept", text: _t("%s stay", this.count(kept)) },
        ];
        if (this.hasMoney) {
            const text = _t("%s of last year's sales move", this.money(revenue_moved));
            parts.push({ key: "revenue", text });
        }
        return parts;
    }

    get exampleLists() {
        const { joined, left } = this.result.examples;
        return [
            { key: "joined", title: _t("Who joins"), rows: joined, total: this.result.joined },
            { key: "left", title: _t("Who leaves"), rows: left, total: this.result.left },
        ].filter((list) => list.rows.length);
    }

    listTitle(list) {
        return list.rows.length < list.total
            ? _t("%(title)s (%(shown)s of %(total)s)", {
                  title: list.title,
                  shown: list.rows.length,
                  total: this.count(list.total),
              })
            : list.title;
    }

    /** From where to where, in words that a screen reader reads too. */
    move(row) {
        const from = row.from.join(", ") || _t("no segment");
        const to = row.to.join(", ") || _t("no segment");
        return _t("%(from)s → %(to)s", { from, to });
    }

    get seconds() {
        return _t("Computed in %s seconds. Nothing is saved yet.", formatFloat(this.result.seconds, { digits: [16, 1] }));
    }

    count(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.result.currency_id, digits: [16, 0] });
    }

    save() {
        this.props.onSave();
        this.props.close();
    }
}
