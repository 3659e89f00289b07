"""What the values of two decisions tell of a move: one method per way of dividing."""

from odoo import models
from odoo.tools import SQL

from ..lib.move_cause import FALLING, RISING


class CrmSegmentMove(models.Model):
    _inherit = "crm.segment.move"  # pylint: disable=consider-merging-classes-inherited

    def _signals(self, segmentation):
        """SELECT of (compared, own, wore) for a row ``m`` of the facts.

        ``compared``: both decisions left values of the same figures. ``own``: one of them
        changed by what the customer did. ``wore``: one changed as days passed. A method that
        ranks or matches otherwise says so in ``_signals_<method>``.
        """
        own = getattr(self, f"_signals_{segmentation.method}", self._signals_values)
        return own(segmentation)

    def _signals_values(self, _segmentation):
        """Any figure that both decisions read and that differs."""
        changed = SQL("o.value <> n.value")
        return SQL(
            """
            SELECT COUNT(*) > 0 AS compared,
                   COALESCE(bool_or(%(changed)s AND NOT %(wore)s), FALSE) AS own,
                   COALESCE(bool_or(%(changed)s AND %(wore)s), FALSE) AS wore
            FROM jsonb_each(m.old -> 'values') o JOIN jsonb_each(m.new -> 'values') n USING (key)
            WHERE key <> 'threshold'
            """,
            changed=changed,
            wore=self._wore(SQL("key"), SQL("o.value"), SQL("n.value")),
        )

    def _signals_field(self, _segmentation):
        """The value of the field is the customer's own."""
        return SQL("SELECT TRUE AS compared, TRUE AS own, FALSE AS wore")

    def _signals_abc(self, segmentation):
        """The own figure explains a move towards larger customers only if it has grown."""
        return self._signals_ranked(
            [(segmentation.metric, self._share("new"), self._share("old"))]
        )

    def _share(self, side):
        return SQL("%s -> 'values' -> 'share_before'", SQL.identifier("m", side))

    def _signals_rfm(self, segmentation):
        """The same per score; a score that stayed explains nothing."""
        scores = zip(segmentation._rfm_metrics(), "rfm", strict=True)
        return self._signals_ranked(
            [
                (name, SQL("m.old -> %s", letter), SQL("m.new -> %s", letter))
                for name, letter in scores
            ]
        )

    def _signals_ranked(self, axes):
        """Figures by which customers are ranked.

        :param axes: (name of the figure, worse rank, better rank) where the figure has grown and
            has moved the customer
        """
        rows = SQL(", ").join(
            SQL(
                "(%(name)s, m.old -> 'values' -> %(name)s, m.new -> 'values' -> %(name)s,"
                " %(worse)s, %(better)s)",
                name=name,
                worse=worse,
                better=better,
            )
            for name, worse, better in axes
        )
        along = SQL(
            "((new > old AND better > worse) OR (new < old AND better < worse))"
        )
        return SQL(
            """
            SELECT COALESCE(bool_and(old IS NOT NULL AND new IS NOT NULL), FALSE) AS compared,
                   COALESCE(bool_or(%(along)s AND NOT %(wore)s), FALSE) AS own,
                   COALESCE(bool_or(%(along)s AND %(wore)s), FALSE) AS wore
            FROM (VALUES %(rows)s) v(name, old, new, worse, better)
            """,
            along=along,
            wore=self._wore(SQL("name"), SQL("old"), SQL("new")),
            rows=rows,
        )

    def _wore(self, name, old, new):
        """Whether a figure changed the way that it does as days pass.

        What was returned in between lets a figure fall too: that is the customer's doing.
        """
        return SQL(
            """
            ((%(name)s = ANY(%(falling)s) AND %(new)s < %(old)s AND COALESCE(m.between, 0) >= 0)
             OR (%(name)s = ANY(%(rising)s) AND %(new)s > %(old)s))
            """,
            name=name,
            old=old,
            new=new,
            falling=list(FALLING),
            rising=list(RISING),
        )
