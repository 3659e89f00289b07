import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { condition, connector, Expression, isTree } from "@web/core/tree_editor/condition_tree";
import { TreeEditor } from "@web/core/tree_editor/tree_editor";
import { treeProcessorService } from "@web/core/tree_editor/tree_processor";
import { isRelative, relativeWords } from "./relative_day";
import { RelativeDayEditor } from "./relative_day_editor";

const DAYS = ["date", "datetime"];
const COMPARISONS = ["=", "!=", "<", "<=", ">", ">="];

/** A relative date that is described in words; the host describes what isn't a literal as it is. */
class RelativeDay extends Expression {
    constructor(value) {
        super(JSON.stringify(value));
        this.words = relativeWords(value);
    }

    toString() {
        return this.words.toString();
    }
}

function worded(value, type) {
    if (!DAYS.includes(type)) {
        return value;
    }
    if (Array.isArray(value)) {
        return value.map((one) => worded(one, type));
    }
    return isRelative(value) ? new RelativeDay(value) : value;
}

/** The tree with relative dates that describe themselves; only to be described. */
function describable(node, getFieldDef) {
    if (node.type === "connector") {
        return { ...node, children: node.children.map((child) => describable(child, getFieldDef)) };
    }
    // the values of a range are the editor's own
    if (node.type !== "condition" || node.operator === "in range") {
        return node;
    }
    if (isTree(node.value)) {
        const inner = (path) => getFieldDef(`${node.path}.${path}`);
        return { ...node, value: describable(node.value, inner) };
    }
    return { ...node, value: worded(node.value, getFieldDef(node.path)?.type) };
}

/** A range with relative ends as two conditions: the host's range takes only fixed days. */
function splitRanges(node) {
    if (node.type === "connector") {
        return { ...node, children: node.children.map(splitRanges) };
    }
    if (node.type !== "condition") {
        return node;
    }
    const { path, operator, value, negate } = node;
    if (operator === "in range" && value[1] === "custom range" && value.slice(2).some(isRelative)) {
        const ends = [condition(path, ">=", value[2]), condition(path, "<=", value[3])];
        return { ...connector("&", ends), negate };
    }
    return isTree(value) ? { ...node, value: splitRanges(value) } : node;
}

patch(treeProcessorService, {
    start() {
        const service = super.start(...arguments);
        const prepared = async (resModel, tree) =>
            describable(tree, await service.makeGetFieldDef(resModel, tree));
        return {
            ...service,
            async treeFromDomain() {
                return splitRanges(await service.treeFromDomain(...arguments));
            },
            async makeGetConditionDescription(resModel, tree, ...rest) {
                const getFieldDef = await service.makeGetFieldDef(resModel, tree);
                const describe = await service.makeGetConditionDescription(resModel, tree, ...rest);
                return (node) => describe(describable(node, getFieldDef));
            },
            async getDomainTreeDescription(resModel, tree, ...rest) {
                return service.getDomainTreeDescription(resModel, await prepared(resModel, tree), ...rest);
            },
            async getDomainTreeTooltip(resModel, tree, ...rest) {
                return service.getDomainTreeTooltip(resModel, await prepared(resModel, tree), ...rest);
            },
        };
    },
});

patch(TreeEditor.prototype, {
    getValueEditorInfo(node) {
        const info = super.getValueEditorInfo(node);
        const type = this.getFieldDef(node.path)?.type;
        if (!DAYS.includes(type) || !COMPARISONS.includes(node.operator) || !isRelative(node.value)) {
            return info;
        }
        return {
            component: RelativeDayEditor,
            extractProps: ({ value, update }) => ({ value, update, type }),
            isSupported: isRelative,
            defaultValue: () => "today",
            stringify: (value) => relativeWords(value).toString(),
            message: _t("Not a day counted from today"),
        };
    },
});
