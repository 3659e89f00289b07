"""What the screen shows of an audience: as much as its reader may see."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .utm_campaign import FIGURES

#: outcomes that only those with figures read
HIDDEN = ("margin",)


class CrmCampaignAudience(models.Model):
    _inherit = "crm.campaign.audience"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def lift(self):
        """What the audience was worth, as far as the user may see it.

        :return: dict of ``state`` (``draft``, ``waiting``, ``due``, or that of the reading),
            ``end_date``, ``days_left``, ``verdict``, ``outcome``, ``reading`` (of
            ``lib/lift_reading.py: read``, with ``arms`` and ``segments``; None before the end),
            ``incremental`` ([estimate, low, high] of the margin, or None), ``currency_id``,
            ``sees_figures``, ``effect``, ``progress`` (share of the window that is over)
        """
        self.ensure_one()
        self.check_access("read")
        figures = self.env.su or self.env.user.has_group(FIGURES)
        own = self.sudo()  # sudo: the reading is told as far as it may be seen, below
        reading = own.reading or None
        answer = {
            "state": reading["state"] if reading else self._waiting_state(),
            "verdict": self.verdict or None,
            "outcome": self.outcome,
            "effect": self.effect,
            "end_date": fields.Date.to_string(self.end_date) if self.end_date else None,
            "progress": self._progress(),
            "currency_id": self.currency_id.id,
            "sees_figures": figures,
            "reading": reading and self._visible(reading, figures),
            "incremental": None,
        }
        if figures and reading and isinstance(own.incremental_margin, float):
            amounts = (own.incremental_margin, own.incremental_low, own.incremental_high)
            answer["incremental"] = list(amounts)
        return answer

    def _waiting_state(self):
        if self.state != "launched":
            return "draft"
        return "due" if self._is_due() else "waiting"

    def _progress(self):
        if not self.launch_date:
            return 0
        days = (fields.Date.context_today(self) - self.launch_date).days
        return max(0, min(1, days / (self.window_days + self.settle_days)))

    def _visible(self, reading, figures):
        """The reading with names of segments, and without margins for whom they are hidden."""
        segments = self.env["crm.segment"].browse(
            [one["segment"] for one in reading.get("segments", []) if one["segment"]]
        ).exists()  # fmt: skip
        names = {one.id: one.name for one in segments._filtered_access("read")}
        hidden = () if figures else HIDDEN
        return {
            **reading,
            "segments": [
                {**one, "name": names.get(one["segment"]) or self.env._("No segment")}
                for one in reading.get("segments", [])
            ],
            "treatments": [
                {**one, "outcomes": _without(one["outcomes"], hidden)}
                for one in reading["treatments"]
            ],
            "arms": [{**one, "means": _without(one["means"], hidden)} for one in reading["arms"]],
        }

    def action_read(self):
        """Read an audience whose window is over, without waiting for the night.

        :raises UserError: before the window is over, and a second time: one look is what the
            intervals hold for
        """
        self.check_access("write")
        for one in self:
            if one.reading_date:
                raise UserError(
                    self.env._("“%s” is read: an experiment is looked at once, as planned.",
                               one.display_name)
                )  # fmt: skip
            if one.state != "launched" or not one._is_due():
                raise UserError(
                    self.env._(
                        "“%s” is read when its window is over, not before: whoever looks early "
                        "sees effects that aren't there.", one.display_name,
                    )
                )  # fmt: skip
            one.sudo()._read()  # sudo: sums over the audience


def _without(values, hidden):
    return {name: value for name, value in values.items() if name not in hidden}
