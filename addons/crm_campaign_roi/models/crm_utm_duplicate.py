"""Sources that are likely the same, to be merged: 'google' and 'Google Ads'."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.near_names import pairs

#: tables that point to sources without a foreign key
_UNCHECKED = (("crm_campaign_credit", "source_id"), ("crm_campaign_markov", "source_id"))


class CrmUtmDuplicate(models.Model):
    """Two sources with nearly the same name. A pair that was put aside stays so."""

    _name = "crm.utm.duplicate"
    _description = "Sources to Merge"
    _order = "uses desc, id"
    _rec_name = "other_id"

    source_id = fields.Many2one("utm.source", "Stays", required=True, ondelete="cascade")
    other_id = fields.Many2one("utm.source", "Goes Into It", required=True, ondelete="cascade")
    reason = fields.Selection(
        [("words", "Same words"), ("slip", "A letter differs")], required=True, readonly=True
    )
    uses = fields.Integer("Touchpoints", readonly=True, help="Of the one that would go.")
    dismissed = fields.Boolean("Put Aside", readonly=True)

    _pair_unique = models.UniqueIndex(
        "(LEAST(source_id, other_id), GREATEST(source_id, other_id))", "This pair is there already."
    )

    @api.model
    def action_find(self):
        """Look for pairs again and show them.

        :return: action
        """
        self.check_access("create")
        self._find()
        return self.env["ir.actions.actions"]._for_xml_id(
            "crm_campaign_roi.crm_utm_duplicate_action"
        )

    def action_dismiss(self):
        """They are two."""
        self.dismissed = True

    def action_swap(self):
        """The other one stays."""
        for pair in self:
            pair.write({"source_id": pair.other_id.id, "other_id": pair.source_id.id})

    def action_merge(self):
        """Everything that names the one names the other from now on; the one goes.

        :raise UserError: where the host refuses
        """
        self.check_access("write")
        for pair in self.exists():
            if pair.exists():
                pair._merge()
        return True

    def _find(self):
        counts = dict(self._named_sources())
        sources = {source.name: source for source in self.env["utm.source"].browse(counts)}
        known = {frozenset((one.source_id, one.other_id)): one for one in self.search([])}
        found = []
        # the most used first, so that it is the one that stays
        names = sorted(sources, key=lambda name: (-counts[sources[name].id], sources[name].id))
        for one, other, reason in pairs(names):
            stays, goes = sorted(
                (sources[one], sources[other]), key=lambda source: (-counts[source.id], source.id)
            )
            pair = known.pop(frozenset((stays, goes)), None)
            if pair:
                pair.uses = counts[pair.other_id.id]
            else:
                found.append({"source_id": stays.id, "other_id": goes.id, "reason": reason,
                              "uses": counts[goes.id]})  # fmt: skip
        self.create(found)
        gone = self.browse([one.id for one in known.values() if not one.dismissed])
        gone.unlink()

    def _named_sources(self):
        """Rows of (id, touchpoints) of sources that aren't just the name of one mailing."""
        self.env.flush_all()
        own = SQL(" ").join(
            SQL(
                "AND NOT EXISTS (SELECT FROM %s o WHERE o.source_id = s.id)",
                SQL.identifier(self.env[name]._table),
            )
            for name in self._models_with_own_source()
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT s.id, (SELECT COUNT(*) FROM crm_touchpoint t WHERE t.source_id = s.id)
                FROM utm_source s WHERE TRUE %s
                """,
                own,
            )
        )

    @api.model
    def _models_with_own_source(self):
        """Names of models whose records have a source each, as mailings do."""
        registry = self.env.registry
        mixin = registry["utm.source.mixin"]
        return [
            name
            for name, model in registry.items()
            if issubclass(model, mixin)
            and model is not mixin
            and model._auto
            and not model._abstract
        ]

    def _merge(self):
        self.ensure_one()
        stays, goes = self.source_id, self.other_id
        # sudo: rows of all companies and models follow; whoever keeps the sources may say so
        tables = self.env["base.partner.merge.automatic.wizard"].sudo()._get_fk_on("utm_source")
        try:
            with self.env.cr.savepoint():
                for table, column in [*tables, *_UNCHECKED]:
                    if table != self._table:
                        self._point(table, column, goes, stays)
                self.env.invalidate_all()
                goes.sudo().unlink()
        except UserError:
            raise
        except Exception as error:
            raise UserError(
                self.env._(
                    "“%(one)s” can't be merged into “%(other)s”: something may be named by each "
                    "source once only.",
                    one=goes.name,
                    other=stays.name,
                )
            ) from error

    def _point(self, table, column, goes, stays):
        self.env.execute_query(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(stays)s WHERE %(column)s = %(goes)s"
                " RETURNING 1",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                stays=stays.id,
                goes=goes.id,
            )
        )
