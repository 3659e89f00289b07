"""Where a customer with given values would belong, by method; nothing is written.

A method ``_verdict_<method>(asked)`` returns segment → True, False or None (not
decided by the values) of what the method itself proposes; 'first that fits' and
'everybody else' are applied here, as ``_chosen_sql`` does for real customers. Pins
and minimum stays don't concern somebody new.
"""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib import rfm, ternary, tiers


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _verdicts(self, asked):
        """Segment → True, False or None, of the active segments; missing ones are unknown.

        :param asked: Hypothetical, in the environment of this segmentation
        """
        proposed = self._ruled_segments()
        rest = self._rest().filtered("active")
        try:
            divided = asked.satisfies(self._population_domain())
            own = getattr(self, f"_verdict_{self.method}", lambda _asked: {})(asked)
        except (UserError, ValueError):
            return {}  # a broken rule decides nothing
        verdicts = [own.get(segment) for segment in proposed]
        if self.exclusive:
            verdicts = ternary.first_match(verdicts)
        if rest:
            verdicts.append(ternary.opposite(ternary.either(verdicts)))
        return {
            segment: ternary.both([divided, verdict])
            for segment, verdict in zip([*proposed, *rest], verdicts, strict=True)
        }

    def _all_false(self):
        return dict.fromkeys(self.segment_ids, False)

    def _verdict_rule(self, asked):
        """By the rules, and the segments that they include and exclude."""
        return {
            segment: self._rule_verdict(segment, asked)
            for segment in self._ruled_segments()
        }

    def _rule_verdict(self, segment, asked):
        included, excluded = segment.include_segment_ids, segment.exclude_segment_ids
        rule = segment._rule_domain()
        fits = [asked.verdict(one) for one in included]
        if not (included and rule.is_true()):
            fits.append(asked.satisfies(rule))
        kept_out = [asked.verdict(one) for one in excluded]
        return ternary.both([ternary.either(fits), ternary.opposite(ternary.either(kept_out))])

    def _verdict_field(self, asked):
        """By the value of the field; one that no customer has makes no segment here."""
        name = self.field_id.name
        if not asked.knows(name):
            return {}
        values = self._value_keys(asked.value(name))
        return {segment: segment.value_key in values for segment in self.segment_ids}

    def _value_keys(self, value):
        """Values as the segments name them, as text; nothing for 'no value'."""
        if isinstance(value, models.BaseModel):
            return {str(one.id) for one in value._origin}
        return {"true" if value is True else str(value)} if value else set()

    def _verdict_tier(self, asked):
        """By the limits."""
        if not asked.knows(self.metric):
            return {}
        segments = self.sudo()._ruled_segments()  # sudo: limits decide for whoever asks
        value = asked.value(self.metric)
        reached = None if value is None else tiers.tier(segments.mapped("threshold"), value)
        return {
            **self._all_false(),
            **({} if reached is None else {segments[reached].with_env(self.env): True}),
        }

    def _verdict_abc(self, asked):
        """By what larger customers hold of the total, the asked one's own share in it."""
        if not asked.knows(self.metric):
            return {}
        value = asked.value(self.metric)
        verdicts = self._all_false()
        if not value or value <= 0:
            return verdicts
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.segment_id FROM (%(limits)s) t, (
                    SELECT 100.0 * COALESCE(SUM(v1) FILTER (WHERE v1 > %(value)s), 0)
                           / (COALESCE(SUM(v1), 0) + %(value)s) AS share_before
                    FROM (%(figures)s) f WHERE v1 > 0
                ) p
                WHERE p.share_before >= t.low AND p.share_before < t.high
                """,
                limits=self._bands_sql(share=True),
                value=value,
                figures=self._population_query(self._divided_domain(self.env.company), self.metric),
            )
        )
        return {**verdicts, **{self.env["crm.segment"].browse(found): True for (found,) in rows}}

    def _verdict_rfm(self, asked):
        """By how many buyers are strictly worse on each axis."""
        names = self._rfm_metrics()
        if not asked.knows("purchase_count"):
            return {}
        if not asked.value("purchase_count"):
            return self._all_false()
        if not all(asked.knows(name) for name in names):
            return {}
        code = self._rfm_code([asked.value(name) for name in names])
        return {
            segment: code in rfm.parse_codes(segment.rfm_codes or "")
            for segment in self._ruled_segments()
        }

    def _rfm_code(self, values):
        """The three scores that one more buyer with these values would get."""
        axes = [self._axis_sql(index, value) for index, value in enumerate(values, 1)]
        [(others, *counted)] = self.env.execute_query(
            SQL(
                "WITH buyers AS MATERIALIZED (%s) SELECT COUNT(*), %s FROM buyers",
                self._buyers_sql(self._divided_domain(self.env.company)),
                SQL(", ").join(axes),
            )
        )
        triples = [counted[start : start + 3] for start in range(0, len(counted), 3)]
        return "".join(str(rfm.score_among(*triple, others)) for triple in triples)

    def _axis_sql(self, index, value):
        """Counts of strictly worse buyers, equal ones, and of the most frequent value."""
        column = SQL.identifier(f"v{index}")
        # no value at all is the worst, as in the ranking of a run
        worse = SQL("FALSE") if value is None else SQL("(%s < %s) IS NOT FALSE", column, value)
        same = SQL("%s IS NULL", column) if value is None else SQL("%s = %s", column, value)
        return SQL(
            """
            COUNT(*) FILTER (WHERE %(worse)s), COUNT(*) FILTER (WHERE %(same)s),
            COALESCE((SELECT MAX(n) FROM (
                SELECT COUNT(*) n FROM buyers GROUP BY %(column)s) x), 0)
            """,
            worse=worse,
            same=same,
            column=column,
        )
