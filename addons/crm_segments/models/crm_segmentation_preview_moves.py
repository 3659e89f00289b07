"""The figures of a preview: who moves, from where to where, with how much revenue."""

from odoo import models
from odoo.tools import SQL

#: customers named as examples of joining, and of leaving
EXAMPLES = 20
#: segments of other segmentations named
OVERLAP = 10
#: fields of a rule whose value is told per example
VALUES = 2


class CrmSegmentation(models.Model):
    """All of it reads two temporary tables, which the preview's savepoint takes away again:
    ``crm_preview_before`` (partner, segment) and ``crm_preview_move`` (…, code, kind)."""

    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _note_before(self, company):
        """Keep the memberships as stored: saving may already end some, of a deleted segment."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_preview_before ON COMMIT DROP AS
                SELECT partner_id, segment_id FROM crm_segment_membership
                WHERE segmentation_id = ANY(%s) AND company_id = %s AND date_to IS NULL
                  AND pinned IS DISTINCT FROM 'out'
                """,
                self.ids,
                company.id,
            )
        )

    def _note_moves(self, company):
        """Keep what a run would change, and what saving itself ends."""
        rows = self._differences(company)["rows"]
        partners, segments, codes, kinds = zip(*rows, strict=True) if rows else ((),) * 4
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_preview_move ON COMMIT DROP AS
                SELECT * FROM unnest(%(partners)s::int[], %(segments)s::int[], %(codes)s::text[],
                                     %(kinds)s::int[]) m(partner_id, segment_id, code, kind)
                UNION
                SELECT b.partner_id, b.segment_id, NULL, -1 FROM crm_preview_before b
                WHERE NOT EXISTS (
                    SELECT FROM crm_segment_membership c
                    WHERE c.partner_id = b.partner_id AND c.segment_id = b.segment_id
                      AND c.company_id = %(company)s AND c.date_to IS NULL)
                """,
                partners=list(partners),
                segments=list(segments),
                codes=list(codes),
                kinds=list(kinds),
                company=company.id,
            )
        )
        self.env.cr.execute(SQL("ANALYZE crm_preview_before"))
        self.env.cr.execute(SQL("ANALYZE crm_preview_move"))

    def _moved_customers(self, company):
        """Numbers of customers, each counted once, and the revenue of those who move."""
        [(joined, left, kept, revenue)] = self.env.execute_query(
            SQL(
                """
                SELECT
                    (SELECT COUNT(DISTINCT partner_id) FROM crm_preview_move WHERE kind > 0),
                    (SELECT COUNT(DISTINCT partner_id) FROM crm_preview_move WHERE kind < 0),
                    (SELECT COUNT(DISTINCT b.partner_id) FROM crm_preview_before b
                      WHERE NOT EXISTS (
                          SELECT FROM crm_preview_move m WHERE m.partner_id = b.partner_id)),
                    (SELECT COALESCE(SUM(f.revenue_12m), 0) FROM crm_customer_metrics f
                      WHERE f.company_id = %s
                        AND f.partner_id IN (SELECT partner_id FROM crm_preview_move))
                """,
                company.id,
            )
        )
        visible = self._moves_show_money()
        return {
            "joined": joined,
            "left": left,
            "kept": kept,
            "revenue_moved": float(revenue) if visible else False,
        }

    def _moves_show_money(self):
        return self.env["res.partner"]._sees_all_figures()

    def _moved_by_segment(self, company, names):
        """A row per segment, in their order, those that are deleted last.

        ``revenue`` is that of its customers afterwards.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT segment_id, COUNT(*) FILTER (WHERE kind > 0),
                       COUNT(*) FILTER (WHERE kind < 0), COUNT(*) FILTER (WHERE kind IS NULL),
                       COALESCE(SUM(f.revenue_12m) FILTER (WHERE kind IS DISTINCT FROM -1), 0)
                FROM crm_preview_before b
                FULL JOIN crm_preview_move m USING (partner_id, segment_id)
                LEFT JOIN crm_customer_metrics f
                  ON f.partner_id = COALESCE(b.partner_id, m.partner_id) AND f.company_id = %s
                GROUP BY segment_id
                """,
                company.id,
            )
        )
        found = {segment_id: figures for segment_id, *figures in rows}
        visible = self._moves_show_money()
        order = dict.fromkeys([*self.segment_ids.ids, *found])
        return [
            {
                "id": segment_id,
                "name": names[segment_id][0],
                "color": names[segment_id][1],
                "joined": joined,
                "left": left,
                "stays": stays,
                "revenue": float(revenue) if visible else False,
            }
            for segment_id in order
            for joined, left, stays, revenue in [found.get(segment_id, (0, 0, 0, 0))]
        ]

    def _overlap_of_joined(self, company):
        """In which other segments those who join are now, the largest first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.segment_id, COUNT(*) FROM crm_segment_membership m
                JOIN (SELECT DISTINCT partner_id FROM crm_preview_move WHERE kind > 0) j
                  ON j.partner_id = m.partner_id
                JOIN crm_segmentation n ON n.id = m.segmentation_id AND n.active AND n.enabled
                WHERE m.company_id = %s AND m.date_to IS NULL
                  AND m.pinned IS DISTINCT FROM 'out' AND m.segmentation_id <> %s
                GROUP BY m.segment_id ORDER BY COUNT(*) DESC, m.segment_id LIMIT %s
                """,
                company.id,
                self.id,
                OVERLAP,
            )
        )
        segments = self.env["crm.segment"].browse(segment_id for segment_id, _count in rows)
        visible = segments._filtered_access("read")
        return [
            {
                "id": segment.id,
                "name": segment.name,
                "segmentation": segment.segmentation_id.name,
                "count": count,
            }
            for segment, (_id, count) in zip(segments, rows, strict=True)
            if segment in visible
        ]

    def _moved_examples(self, company, names):
        """Up to twenty who join and twenty others who leave, the largest first."""
        joining = self._example_partners(company, 1, self.env["res.partner"])
        leaving = self._example_partners(company, -1, joining)
        places = self._example_places(joining | leaving)
        return {
            "joined": [self._example(one, places, names, company) for one in joining],
            "left": [self._example(one, places, names, company) for one in leaving],
        }

    def _example_partners(self, company, kind, without):
        # ordered by revenue only for those who may know who has more
        order = SQL("MAX(f.revenue_12m) DESC NULLS LAST,") if self._moves_show_money() else SQL()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.partner_id FROM crm_preview_move m
                LEFT JOIN crm_customer_metrics f
                  ON f.partner_id = m.partner_id AND f.company_id = %(company)s
                WHERE m.kind = %(kind)s AND m.partner_id <> ALL(%(without)s)
                GROUP BY m.partner_id ORDER BY %(order)s m.partner_id LIMIT %(limit)s
                """,
                company=company.id,
                kind=kind,
                without=without.ids,
                order=order,
                limit=5 * EXAMPLES,
            )
        )
        partners = self.env["res.partner"].browse(partner_id for (partner_id,) in rows)
        return partners._filtered_access("read")[:EXAMPLES]

    def _example_places(self, partners):
        """Partner id → (segments before, segments after, verdict)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(b.partner_id, m.partner_id) AS partner,
                       COALESCE(array_agg(b.segment_id) FILTER (WHERE b.segment_id IS NOT NULL),
                                '{}'),
                       COALESCE(array_agg(COALESCE(m.segment_id, b.segment_id))
                                FILTER (WHERE m.kind IS DISTINCT FROM -1), '{}'),
                       MAX(m.code) FILTER (WHERE m.kind > 0)
                FROM crm_preview_before b
                FULL JOIN crm_preview_move m USING (partner_id, segment_id)
                WHERE COALESCE(b.partner_id, m.partner_id) = ANY(%s)
                GROUP BY partner
                """,
                partners.ids,
            )
        )
        return {partner_id: places for partner_id, *places in rows}

    def _example(self, partner, places, names, company):
        before, after, code = places[partner.id]
        return {
            "id": partner.id,
            "name": partner.display_name,
            "from": [names[one][0] for one in before],
            "to": [names[one][0] for one in after],
            "value": self._deciding_text(partner, before, after, code, company),
        }

    def _deciding_text(self, partner, before, after, code, company):
        """What decides about the customer now, as far as the user may see it."""
        if code:
            return code
        fields = self._deciding_fields(set(after) - set(before), before)[:VALUES]
        partner = partner.with_company(company)
        texts = []
        for name in fields:
            value = self._visible_value(partner, name)
            if value is not None:
                texts.append(self._value_text(name, value, company.currency_id))
        return " · ".join(text for text in texts if text)

    def _deciding_fields(self, entered, before):
        """Names of the partner fields that the method looks at."""
        if self.method in ("tier", "abc"):
            return [self.metric]
        if self.method == "field":
            return [self.field_id.name]
        if self.method != "rule":
            return []
        rules = self.segment_ids.browse(entered or before).exists()
        rules = rules.filtered(lambda one: not one.is_rest) or rules.browse(before).exists()
        return self._evidence_fields(rules[:1]._rule_domain()) if rules else []

    def _visible_value(self, partner, name):
        """The value as evidence holds it; None where there is none to show."""
        field = partner._fields.get(name)
        if field is None or not partner._has_field_access(field, "read"):
            return None
        if name in partner._customer_metrics() and not partner.metrics_visible:
            return None
        value = partner[name]
        if field.type == "many2one":
            return value.id
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        return value
