"""Evidence in words: why a customer is in a segment."""

from odoo import fields, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang

from .stored_domain import path_fields


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _evidence_text(self, membership):
        """One sentence on why the customer is in the segment.

        Amounts appear only if the user may see them: the evidence comes without
        its values otherwise.
        """
        if pin := self._pin_text(membership):
            return pin
        evidence = membership.evidence or {}
        parts = [self._verdict_text(evidence)]
        currency = membership.company_id.currency_id
        for name, value in (evidence.get("values") or {}).items():
            parts.append(self._value_text(name, value, currency))
        if not any(parts) and membership.segment_id.is_rest:
            parts = [self.env._("Fits no other segment.")]
        parts.append(self._today_text(evidence))
        return " · ".join(part for part in parts if part)

    def _today_text(self, evidence):
        """Which fields a decision on a past day took as they were later; empty for none."""
        labels = self._field_labels(evidence.get("today_fields") or [])
        return labels and self.env._(
            "taken as it was when the past was computed: %s", ", ".join(labels)
        )

    def _pin_text(self, membership):
        """Who pinned the customer in or out, why, and until when; empty without a pin.

        A stay that a pin began tells so also after the pin was taken off.
        """
        began = membership.origin == "manual" and membership.pin_reason
        if not membership.pinned and not began:
            return ""
        # sudo: the name of a colleague who decided, whoever reads it
        pin = membership.sudo()
        who = (pin.pin_user_id or pin.create_uid).name
        if membership.pinned == "out":
            text = self.env._("Pinned out by %s", who)
        elif not membership.pinned:
            text = self.env._("Was pinned in by %s", who)
        else:
            text = self.env._("Pinned in by %s", who)
        if membership.pin_until:
            day = format_date(self.env, membership.pin_until)
            text = self.env._("%(pin)s until %(day)s", pin=text, day=day)
        reason = (membership.pin_reason or "").strip().rstrip(".")
        if not reason:
            return f"{text}."
        return self.env._("%(pin)s: %(reason)s.", pin=text, reason=reason)

    def _verdict_text(self, evidence):
        """What the method concluded, without amounts."""
        if "r" in evidence:
            return self.env._(
                "Recency %(r)s, frequency %(f)s, monetary value %(m)s of 5",
                r=evidence["r"],
                f=evidence["f"],
                m=evidence["m"],
            )
        return ""

    def _value_text(self, name, value, currency):
        """``Label: value`` with the host's formatters."""
        if name == "share_before":
            return self.env._(
                "larger customers hold %s %% of the total",
                formatLang(self.env, float(value), digits=1),
            )
        if name == "threshold":
            return self.env._("limit: %s", formatLang(self.env, value, digits=0))
        fields = self.env["crm.customer.metrics"]._fields | self.env["res.partner"]._fields
        on_path = path_fields(self.env["res.partner"], name) if "." in name else [fields.get(name)]
        if not on_path or on_path[-1] is None:
            return ""
        labels = [field.get_description(self.env, ["string"])["string"] for field in on_path]
        several = value if isinstance(value, list) and len(on_path) > 1 else [value]
        texts = [self._format_value(on_path[-1], one, currency) for one in several]
        return f"{' › '.join(labels)}: {', '.join(texts) or self.env._('none')}"

    def _format_value(self, field, value, currency):
        if value is None or value is False and field.type != "boolean":
            return self.env._("none")
        if field.name in self.env["res.partner"]._customer_metrics() and field.type == "monetary":
            return format_amount(self.env, float(value), currency)
        if field.type in ("date", "datetime"):
            return format_date(self.env, fields.Date.to_date(value))
        if field.type == "float":
            return formatLang(self.env, value, digits=2)
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "many2one":
            # sudo: the name of a country or salesperson of a visible customer
            return self.env[field.comodel_name].sudo().browse(int(value)).exists().display_name
        if field.type == "many2many":
            # sudo: as above, the names of tags of a visible customer
            records = self.env[field.comodel_name].sudo().browse(value).exists()
            return ", ".join(records.mapped("display_name")) or self.env._("none")
        if field.type == "selection":
            options = field.get_description(self.env, ["selection"])["selection"]
            return dict(options).get(value, value)
        return str(value)
