"""What follows when customers join or leave a segment."""

import logging

import psycopg2
from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger, split_every

from .crm_segment_actions import ACTIONS

_logger = logging.getLogger(__name__)

#: customers per run of an action
BATCH = 500
#: context: (segment id, event) of the actions that led here
_CHAIN = "segments_actions"
#: somebody else writes the same rows: no failure of the action
_BUSY = (
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
)


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _tell_changed(self, joined, left):
        """Tell add-ons who joined and left; where one of them fails, the memberships stay.

        :return: whether all went well
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._memberships_changed(joined, left)
        except (psycopg2.OperationalError, ConcurrencyError):
            raise  # whoever writes memberships does all of it again, or leaves it to the queue
        # code of other add-ons: a mistake there ends neither the run nor the cron
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.exception("What follows on joining and leaving failed")
            return False
        return True

    @api.model
    def _memberships_changed(self, joined, left):
        """Customers joined or left segments; the memberships are written already.

        Called after each write of memberships (a run, a customer placed on save or
        from the queue, a pin), with ``env.company`` the company that it is about, in
        the transaction that wrote them. Add-ons extend it, see CONTRIBUTING.md; they
        call ``super()``, work set-based, and guard what may fail by a savepoint.

        :param joined: list of (partner_id, segment_id)
        :param left: list of (partner_id, segment_id)
        """
        changed = {"join": joined, "leave": left}
        # sudo: which action is set holds for everybody who moves a customer
        segments = self.env["crm.segment"].sudo().browse(
            {segment_id for pairs in changed.values() for _partner_id, segment_id in pairs}
        ).exists()  # fmt: skip
        for event, field_name in ACTIONS.items():
            for segment in segments.filtered(field_name):
                ids = [partner for partner, one in changed[event] if one == segment.id]
                self._run_segment_action(segment, event, ids)

    def _run_segment_action(self, segment, event, partner_ids):
        """Run the segment's action in batches; it doesn't follow from itself.

        An action that changes customers may move them again, and what they join then
        follows. But two rules that undo each other would not end, so the context
        carries which actions led here. (Not ``precommit.data``: each savepoint may
        empty that.)
        """
        above = self.env.context.get(_CHAIN, ())
        if not partner_ids or (segment.id, event) in above:
            return
        hooks = self.with_context(**{_CHAIN: (*above, (segment.id, event))})
        batches = split_every(BATCH, partner_ids)
        errors = [hooks._run_action_batch(segment, event, ids) for ids in batches]
        self._note_action_error(segment, next(filter(None, errors), False))

    def _run_action_batch(self, segment, event, partner_ids):
        """Run the action for some customers; what fails is undone alone.

        :return: what went wrong in words, None if nothing did
        """
        # With all rights, whoever saved the customer: a rule holds for everybody.
        # A context of its own: nothing of the caller's may change what the action does.
        action = segment[ACTIONS[event]].with_user(SUPERUSER_ID)
        context = self._action_context(partner_ids)
        action = action.with_context(context)  # pylint: disable=context-overridden
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                action.run()
        except _BUSY:
            raise  # whoever writes memberships does all of it again, or leaves it to the queue
        # An action is code of the database's administrators: whatever it raises, the
        # customer is saved and the run goes on.
        except Exception as error:  # pylint: disable=broad-exception-caught
            _logger.warning(
                "Action %s of segment %s failed for %s customers",
                action.id, segment.id, len(partner_ids), exc_info=True,
            )  # fmt: skip
            return f"{action.name}: {error}"
        return None

    def _action_context(self, partner_ids):
        return {
            "allowed_company_ids": self.env.company.ids,
            "active_model": "res.partner",
            "active_id": partner_ids[0],
            "active_ids": list(partner_ids),
            _CHAIN: self.env.context[_CHAIN],
        }

    def _note_action_error(self, segment, message):
        """Show the failure on the segment, where the action is chosen; success clears it.

        Not on the run: the action may follow a saved customer, and the record of a
        run is made after its memberships. A segment that somebody else writes is left.
        """
        if (segment.action_error or False) == message:
            return
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                if segment.try_lock_for_update():
                    segment.action_error = message
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.info("The failed action is only told here", exc_info=True)
