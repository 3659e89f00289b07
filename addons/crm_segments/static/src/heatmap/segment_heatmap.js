import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCount, formatMoney, formatShare } from "./figures";

/**
 * Table whose cells are shaded by a measure. Each cell tells its figure, the shade only
 * helps the eye; the names of the rows stay in sight where the table scrolls.
 *
 * Cells are `{ row, column, count, amount }` with ids of rows and columns; one that is
 * missing has no customers. A cell with customers opens them.
 */
export class SegmentHeatmap extends Component {
    static template = "crm_segments.SegmentHeatmap";
    static props = {
        rows: Array, // { id, name }
        columns: Array,
        cells: Array,
        measure: String, // 'count' or 'amount'
        onOpen: Function, // (cell)
        currencyId: { type: [Number, Boolean], optional: true },
        caption: { type: String, optional: true },
        cellClass: { type: String, optional: true },
        text: { type: Function, optional: true }, // (cell, row) → text of the cell
        title: { type: Function, optional: true }, // (cell, row) → the cell in words
        shade: { type: Function, optional: true }, // (cell, row) → 0…1
        color: { type: Function, optional: true }, // (cell) → CSS colour
        totals: { type: Object, optional: true }, // rows, columns: id → figures; all: figures
        slots: { type: Object, optional: true }, // cell: what stands in a cell
    };

    get rows() {
        const found = {};
        for (const cell of this.props.cells) {
            (found[cell.row] ||= {})[cell.column] = cell;
        }
        return this.props.rows.map((row) => {
            const cells = this.props.columns.map(({ id }) => found[row.id]?.[id] || this.nobody(row.id, id));
            return { ...row, cells, total: this.props.totals?.rows[row.id] || this.sum(cells) };
        });
    }

    nobody(row, column) {
        return { row, column, count: 0, amount: 0, missing: true };
    }

    sum(cells) {
        const add = (name) => cells.reduce((total, cell) => total + (cell[name] || 0), 0);
        return { count: add("count"), amount: add("amount") };
    }

    get columnTotals() {
        const { columns, cells, totals } = this.props;
        return columns.map(
            ({ id }) => totals?.columns[id] || this.sum(cells.filter((cell) => cell.column === id))
        );
    }

    get total() {
        return this.props.totals?.all || this.sum(this.props.cells);
    }

    figure(cell) {
        const { measure, currencyId } = this.props;
        return measure === "count" ? formatCount(cell.count) : formatMoney(cell.amount, currencyId);
    }

    text(cell, row) {
        return this.props.text ? this.props.text(cell, row) : this.figure(cell);
    }

    share(cell, row) {
        const whole = row.total[this.props.measure];
        return whole > 0 ? Math.max(cell[this.props.measure] || 0, 0) / whole : 0;
    }

    title(cell, row) {
        if (this.props.title) {
            return this.props.title(cell, row);
        }
        const share = formatShare(this.share(cell, row));
        return _t("%(text)s, %(share)s of the row", { text: this.figure(cell), share });
    }

    style(cell, row) {
        const part = this.props.shade ? this.props.shade(cell, row) : this.share(cell, row);
        const colour = this.props.color?.(cell) || "var(--primary)";
        return `background-color: color-mix(in srgb, ${colour} ${Math.round(70 * part)}%, transparent)`;
    }
}
