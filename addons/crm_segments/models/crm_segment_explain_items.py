"""The conditions of an explanation: those of the rule, leaf by leaf, and those around it."""

from functools import partial

from odoo import models
from odoo.fields import Domain

from ..lib import evidence
from .explain_case import Item
from .stored_domain import condition_path

#: a list of names in a text or value ends after so many
NAMED = 5


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    def _explain_items(self, case):
        """Conditions with their verdicts, and the tree that joins them by position."""
        parts = case.rule._explain_parts()
        leaves = [
            (part, index, condition)
            for part, domain in parts.items()
            for index, condition in enumerate(domain.iter_conditions())
        ]
        conditions = [condition for *_where, condition in leaves]
        segmentation = case.rule.segmentation_id
        names = {*segmentation._explain_fields(conditions), *self._explain_figures()}
        entity = segmentation.env["res.partner"]._company_customers_domain(case.company)
        verdicts, case.values = segmentation._explain_evaluate(
            case.partner.id, [entity, *conditions], sorted(names)
        )
        then = self._explain_verdicts_then(case, parts)
        items = [
            self._explain_leaving(
                case, self._explain_item(case, part, condition, passed, then[part][index]), index
            )
            for (part, index, condition), passed in zip(leaves, verdicts[1:], strict=True)
        ]
        tree = self._explain_tree(parts)
        extra = self._explain_own_items(case)
        if not verdicts[0] or self.segmentation_id not in self.segmentation_id._applying_to(
            case.company
        ):
            extra.insert(0, self._explain_company_item(case))
        added = [("leaf", len(items) + index) for index in range(len(extra))]
        return items + extra, evidence.join("and", [tree, *added])

    def _explain_figures(self):
        """Fields to read beside those of the conditions."""
        segmentation, known = self.segmentation_id, self.env["res.partner"]._customer_metrics()
        return {"average_purchase", "purchase_count", *(
            name for name in (segmentation.metric, *segmentation._rfm_metrics()) if name in known
        )}  # fmt: skip

    def _explain_parts(self):
        """Name of each part of the rule → Domain on customers, in the order they are told."""
        parts = {"population": self.segmentation_id._population_domain(), "rule": Domain.TRUE}
        if not self.is_rest:
            own = getattr(self, f"_explain_domain_{self.method}", lambda: Domain.TRUE)
            parts["rule"] = own()
        if self.include_segment_ids:
            parts["include"] = Domain("segment_ids", "in", self.include_segment_ids.ids)
        if self.exclude_segment_ids:
            parts["exclude"] = Domain("segment_ids", "not in", self.exclude_segment_ids.ids)
        return parts

    def _explain_domain_rule(self):
        return self._rule_domain()

    def _explain_domain_tier(self):
        """At least the limit, and below the next one."""
        metric = self.segmentation_id.metric
        limits = sorted(self.segmentation_id._limits())
        above = [limit for limit in limits if limit > self.threshold]
        domain = Domain(metric, ">=", self.threshold)
        return domain & Domain(metric, "<", above[0]) if above else domain

    def _explain_domain_field(self):
        field = self.env["res.partner"]._fields[self.segmentation_id.field_id.name]
        if not self.value_key:
            return Domain.FALSE
        if field.type == "boolean":
            return Domain(field.name, "=", True)
        value = int(self.value_key) if field.relational else self.value_key
        return Domain(field.name, "in", [value])

    def _explain_tree(self, parts):
        """Population and (rule or included segments) and not the excluded ones."""
        trees, offset = {}, 0
        for part, domain in parts.items():
            tree = evidence.parse(domain)
            trees[part] = evidence.shift(tree, offset)
            offset += sum(1 for _condition in domain.iter_conditions())
        if "include" in trees:
            alone = parts["rule"].is_true()
            rule = [] if alone else [trees["rule"]]
            trees["rule"] = evidence.join("or", [*rule, trees.pop("include")])
        return evidence.join("and", trees.values())

    def _explain_verdicts_then(self, case, parts):
        """Verdicts at the time of the decision: part → list, None where unknown.

        Those of the rule are kept with the stay; those of the population follow from it.
        """
        then = {
            part: [None] * sum(1 for _condition in domain.iter_conditions())
            for part, domain in parts.items()
        }
        changed = self._rule_changed_since(case.evidence)
        kept = case.evidence.get("leaves")
        known = isinstance(kept, list) and len(kept) == len(then["rule"])
        if self.method == "rule" and known and not changed:
            then["rule"] = kept
        if case.evidence.get("version") and not changed:
            # nobody gets in outside of the population, or excluded
            for part in {"population", "exclude"} & parts.keys():
                found = evidence.implied(evidence.parse(parts[part]))
                then[part] = [found.get(index) for index in range(len(then[part]))]
        if "include" in then and "include" in case.evidence:
            then["include"] = [bool(case.evidence["include"])]
        return then

    def _explain_item(self, case, part, condition, passed, then):
        partners = self.env["res.partner"]
        words = self._condition_words(partners, condition, case.visible)
        item = Item(part, words.text, passed, condition=condition, then=then, hidden=words.hidden)
        if words.field is not None and not words.masked and (case.visible or not words.amount):
            name = words.field.name
            now = case.values.get(name, self._explain_read(case.partner, words.field))
            item.value, item.value_text = self._explain_value(words.field, now)
            if self._explain_known_then(case, name):
                past = self._explain_value_then(case, words.field)
                item.value_then, item.value_then_text = self._explain_value(words.field, past)
        elif not words.masked and (case.visible or not words.amount):
            self._explain_linked(case, item)
        if words.field is not None and words.field.type == "boolean":
            item.value_text = item.value_then_text = ""  # the verdict says it
        return item

    def _explain_linked(self, case, item):
        """Add the value at the end of a path, where the user may read what it leads over."""
        path = condition_path(item.condition) or ""
        fields = self._linked_fields(case.partner, path)
        if path in case.values and fields:
            show = partial(self._explain_value, fields[-1])
            item.value, item.value_text = show(case.values[path])
            if path in case.values_then:
                item.value_then, item.value_then_text = show(case.values_then[path])

    def _linked_fields(self, partner, path):
        """Fields along a path; none where the user may not read one, or a record on the way."""
        fields, allowed = self._path_fields(partner, path)
        if not allowed:
            return []
        records = partner
        for field in fields[:-1]:
            # sudo: only to see which records they are, their rights are asked for
            records = records.sudo()[field.name].with_env(self.env)
            if len(records._filtered_access("read")) < len(records):
                return []
        return fields

    def _explain_leaving(self, case, item, index):
        """Add what held, and the value, on the day on which the stay ended."""
        leaves = case.left.get("leaves") or []
        if item.part == "rule" and index < len(leaves) and not self._rule_changed_since(case.left):
            item.left = leaves[index]
        field = item.condition and self.env["res.partner"]._fields.get(item.condition.field_expr)
        known = field is not None and field.type != "boolean" and not item.hidden
        values = case.left.get("values") or {}
        path = item.condition and condition_path(item.condition) or ""
        if known and field.name in values:
            _value, item.value_left_text = self._explain_value(field, values[field.name])
        elif "." in path and item.value_text and path in values:
            linked = self._linked_fields(case.partner, path)
            _value, item.value_left_text = self._explain_value(linked[-1], values[path])
        return item

    def _explain_known_then(self, case, name):
        return name in case.values_then or name == case.evidence.get("field")

    def _explain_value_then(self, case, field):
        if field.name in case.values_then:
            return case.values_then[field.name]
        value = case.evidence.get("value")
        return int(value) if field.relational and value else value

    def _explain_read(self, partner, field):
        """Value of a field that has no column, as the user may read it."""
        if field.type in ("boolean", "selection", "char"):
            return partner[field.name]
        return partner[field.name].ids if field.relational else None

    def _explain_value(self, field, value):
        """``(value, text)``: records by name, everything else as stored."""
        if field.relational:
            ids = value if isinstance(value, list) else [value] if value else []
            names = self._record_names(field.comodel_name, ids)
            return names or False, names
        currency = self.env.company.currency_id
        several = value if isinstance(value, list) else [value]
        texts = [self.segmentation_id._format_value(field, one, currency) for one in several]
        return (False if value is None else value), ", ".join(filter(None, texts))

    def _record_names(self, model_name, ids):
        """Names of records that the user may read, the others counted."""
        records = self.env[model_name].with_context(active_test=False).browse(ids).exists()
        if model_name == "crm.segment":
            records = records.with_context(segmentation_in_name=True)
        readable = records._filtered_access("read")
        named = [record.display_name for record in readable[:NAMED]]
        if rest := len(ids) - len(named):
            named.append(self.env._("%s more", rest))
        return ", ".join(named)

    def _explain_company_item(self, case):
        text = self.env._("Belongs to the population of %s", self.segmentation_id.name)
        excluded = self.env["crm.segment.exclusion"].sudo()  # sudo: why somebody is nowhere
        if excluded.search_count(
            [("partner_id", "=", case.partner.id), ("company_id", "=", case.company.id)], limit=1
        ):
            text = self.env._("Not left out of the segments of %s", case.company.name)
        return Item("company", text, passed=False)

    def _explain_own_items(self, case):
        """Conditions that are no domain: ranks, and 'everybody else'."""
        if self.is_rest:
            return self._explain_items_rest(case)
        return getattr(self, f"_explain_items_{self.method}", lambda _case: [])(case)

    def _explain_items_rest(self, case):
        """Everybody else: no other segment takes the customer."""
        ids = list(dict.fromkeys(row[0] for row in case.proposed))
        found = self.browse(ids).mapped("display_name")
        names = ", ".join(found)
        return [
            Item(
                "rule",
                self.env._("Fits no other segment"),
                passed=not found,
                # that is what put the customer there
                then=True if case.evidence.get("version") else None,
                value=names or False,
                value_text=names,
                need=self.env._("to fit “%s” no longer", names),
            )
        ]
