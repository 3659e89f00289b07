import { reactive } from "@odoo/owl";
import { RPCError } from "@web/core/network/rpc";

const SERVICE = "crm.recommendation";
const FEEDBACK = "crm.recommendation.feedback";
/** The lists, in the order of the screen. */
export const LISTS = ["again", "new", "sellers"];

/**
 * The two lists for one customer, lead or quotation, and what the user chose of them.
 *
 * `asked` is what the server is asked with: {partner_id}, {lead_id} or {order_id}.
 */
export class Recommendations {
    constructor(orm, asked) {
        this.orm = orm;
        this.asked = asked;
        this.status = "loading";
        this.error = "";
        this.about = {};
        this.lines = [];
    }

    async load() {
        this.status = "loading";
        try {
            this.take(await this.orm.call(SERVICE, "recommend", [], this.asked));
            this.status = "done";
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.error = error.data?.message || error.message;
            this.status = "failed";
            return;
        }
        await this.noteShown();
    }

    take(result) {
        this.about = result.about;
        this.lines = LISTS.flatMap((name) => result[name] || []).map((line) => ({
            ...line,
            key: `${line.list}-${line.product_id}`,
            chosen: false,
            added: false,
            dismissed: "",
        }));
    }

    of(list) {
        return this.lines.filter((line) => line.list === list);
    }

    get chosen() {
        return this.lines.filter((line) => line.chosen && !line.dismissed && !line.added);
    }

    /** What the server takes: of lines, or of those chosen. */
    values(lines = this.chosen) {
        return lines.map(({ product_id, quantity, list }) => ({ product_id, quantity, list }));
    }

    /** Counting what was shown is no part of showing it: nobody waits for it, or hears that it failed. */
    async noteShown() {
        if (!this.lines.length) {
            return;
        }
        const lines = this.lines.map(({ product_id, list }) => ({ product_id, list }));
        try {
            await this.orm.silent.call(FEEDBACK, "note_shown", [lines], this.asked);
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
        }
    }

    toggle(line) {
        line.chosen = !line.chosen;
    }

    /** Another quantity may have another price; the last answer that was asked for counts. */
    async setQuantity(line, quantity) {
        if (!(quantity > 0)) {
            return;
        }
        line.quantity = quantity;
        line.chosen = true;
        const lines = [{ product_id: line.product_id, quantity }];
        const [found] = await this.orm.silent.call(SERVICE, "prices", [lines], this.asked);
        if (found && line.quantity === quantity) {
            line.price = found.price;
            line.margin = found.margin;
        }
    }

    async dismiss(line, [reason, label]) {
        const { product_id, list } = line;
        await this.orm.call(FEEDBACK, "dismiss", [{ product_id, list }, reason], this.asked);
        line.dismissed = label;
    }

    async restore(line) {
        await this.orm.call(FEEDBACK, "restore", [line.product_id], this.asked);
        line.dismissed = "";
    }

    async add(lines) {
        await this.orm.call("sale.order", "add_recommended", [
            [this.asked.order_id],
            this.values(lines),
        ]);
        for (const line of lines) {
            Object.assign(line, { added: true, chosen: false });
        }
    }
}

export function makeRecommendations(orm, asked) {
    return reactive(new Recommendations(orm, asked));
}
