"""The early warning of a phase: its flag, its words, the activity."""

import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

_logger = logging.getLogger(__name__)


class CrmProgrammePhase(models.Model):
    """When to warn: ``lib/programme_actual.py``.

    The flag is written at night and not computed when it is read: whoever may not see the books
    could find out what is spent by changing the work done and looking at the flag.
    """

    _inherit = "crm.programme.phase"  # pylint: disable=consider-merging-classes-inherited

    warned_on = fields.Date(
        "Warned", readonly=True, copy=False, help="Since then 80 % or more of its planned money "
        "is spent, and less of its work done.",
    )  # fmt: skip

    def _schedule_warnings(self):
        """One activity a phase for the manager of the programme, without amounts: it tells no
        more than the flag."""
        kind = self.env.ref("mail.mail_activity_data_warning", raise_if_not_found=False)
        kind = kind or self.env.ref("mail.mail_activity_data_todo")
        for phase in self:
            programme = phase.programme_id
            user = programme.user_id or programme.create_uid
            phase = phase.with_context(lang=user.lang or self.env.lang)
            try:
                with self.env.cr.savepoint():  # somebody who has left keeps nobody from being told
                    programme.activity_schedule(
                        activity_type_id=kind.id, user_id=user.id, **phase._warning_texts()
                    )
            except UserError as error:
                _logger.warning("No warning of %s: %s", phase.display_name, error)

    def _warning_texts(self):
        self.ensure_one()
        return {
            "summary": self.env._("“%s” spends faster than it gets done", self.name),
            "note": self.env._(
                "80 %% or more of the money of “%(phase)s” is spent, and less of its work is done.",
                phase=self.name,
            ),
        }

    def _warning_line(self, money=None):
        """The warning in words; with the numbers where ``money`` (Figures) is given."""
        if not money:
            return self._warning_texts()["note"]
        currency = self.currency_id
        return self.env._(
            "“%(phase)s”: %(share)s %% of its money is spent (%(actual)s of %(planned)s),"
            " %(done)s %% of its work is done; forecast %(forecast)s.",
            phase=self.name, share=f"{100 * money.spent_share:.0f}",
            done=f"{100 * money.progress:.0f}",
            actual=formatLang(self.env, money.actual, currency_obj=currency),
            planned=formatLang(self.env, money.planned, currency_obj=currency),
            forecast=formatLang(self.env, money.forecast, currency_obj=currency),
        )  # fmt: skip
