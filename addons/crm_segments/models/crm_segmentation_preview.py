"""What a change of the rules would do, before it is saved."""

import time
from contextlib import contextmanager

import psycopg2
from odoo import models
from odoo.exceptions import UserError, ValidationError

from .crm_segmentation_engine import RETRY
from .draft import Draft, draft_of


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def preview(self, vals=None):
        """Who would join, leave and stay if ``vals`` were saved. Saves nothing.

        Called on no record, it is the preview of a new segmentation with ``vals``.

        :param dict vals: values as for ``write`` or ``create``, of the segments too
        :return: dict with ``joined``, ``left``, ``kept`` (customers), ``revenue_moved``
            (of the last 12 months; False where hidden), ``seconds``; ``segments``,
            ``examples``, ``overlap``, ``currency_id`` for the dialog
        :raises ValidationError: with what is wrong with the rules, in words
        :raises AccessError: for users who may not manage segmentations
        """
        self._check_preview()
        started = time.monotonic()
        with self._undone() as env:
            result = self.with_env(env)._preview(dict(vals or {}))
        return {**result, "seconds": round(time.monotonic() - started, 2)}

    def _check_preview(self):
        self.check_access("write" if self else "create")
        if len(self) > 1:
            raise UserError(self.env._("A preview is of one segmentation."))

    def action_preview(self):
        """Open the preview of what is saved: what a run would do now."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "crm_segments.preview",
            "params": {"res_id": self.id, "name": self.name},
        }

    @contextmanager
    def _undone(self):
        """A block after which the database and the caches are as before."""
        registry = self.env.registry
        flags = set(registry.cache_invalidated)
        savepoint = self.env.cr.savepoint()
        try:
            yield self.with_context(segments_preview=Draft(), tracking_disable=True).env
        except psycopg2.Error as error:
            if isinstance(error, RETRY):
                raise  # the call is to be retried as a whole
            raise ValidationError(self._plain_error(error)) from error
        finally:
            savepoint.close(rollback=True)
            # what this draft remembered has no use any more; other processes never knew it
            registry.clear_cache()
            registry.cache_invalidated.clear()
            registry.cache_invalidated.update(flags)

    def _with_vals(self, vals):
        """This segmentation, or a new one, with the values."""
        vals.pop("enabled", None)  # switching on or off is no rule
        if not self:
            return self.create({**vals, "enabled": False})
        if vals:
            self.write(vals)
        return self

    def _note_preview(self, vals):
        """Write the values, and note who would move; runs in what is undone afterwards.

        :return: the segmentation, the company, and names and colours of segments by id
        """
        company = self.company_id or self.env.company
        if company not in self.env.companies:
            raise UserError(self.env._("Switch to %s to see the preview.", company.name))
        before = self.with_context(active_test=False).segment_ids
        names = _names(before)
        self._note_before(company)
        me = self._with_vals(vals)
        if me.company_id and me.company_id != company:
            raise UserError(self.env._("Save the company first, the preview is for one company."))
        me._note_moves(company)
        names.update(_names(me.with_context(active_test=False).segment_ids))
        return me, company, names

    def _preview(self, vals):
        """What :meth:`preview` returns; runs in what is undone afterwards."""
        me, company, names = self._note_preview(vals)
        return {
            **me._moved_customers(company),
            "segments": me._moved_by_segment(company, names),
            "examples": me._moved_examples(company, names),
            "overlap": me._overlap_of_joined(company),
            "currency_id": company.currency_id.id,
            "exclusive": me.exclusive,
        }

    def _differences(self, company):
        """What a run would change in ``company``; nothing is written.

        :return: dict of numbers ``joined``, ``left``, ``kept`` (memberships) and ``rows``:
            list of (partner id, segment id, code, 1 for joining or -1 for leaving)
        """
        moves, kept = [], 0
        for before, changes, ended in self._comparisons(company):
            moves += [(row[1], row[2], row[3], 1) for row in changes if row[5] is None]
            moves += [(row[2], row[3], None, -1) for row in ended]
            kept += before - len(ended)
        left = sum(kind < 0 for *_rest, kind in moves)
        return {"joined": len(moves) - left, "left": left, "kept": kept, "rows": moves}

    def _comparisons(self, company):
        """What a run would change, a plan after the other; nothing is written.

        :return: generator of (number of stays, rows to open or give another verdict, rows to
            end), as of ``_compare``
        """
        with self._over_everybody():
            scoped = self._evaluating(company)
            Membership = scoped.env["crm.segment.membership"]
            for plan in scoped._plans(company):
                before, _members, _spared, changes, ended = Membership._compare(plan)
                yield before, changes, ended

    def _draft(self):
        """What is remembered of a draft is not what is remembered of the stored rules."""
        return draft_of(self.env)

def _names(segments):
    """Segment id → (name, color)."""
    return {segment.id: (segment.name, segment.color) for segment in segments}
