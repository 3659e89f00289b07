"""Why: the reason of each line in words with numbers, and why there is none."""

from odoo import models
from odoo.addons.crm_segments.lib.lift import wilson
from odoo.tools import format_datetime, formatLang

#: below that nobody would say 'more often'
MORE_OFTEN = 1.05


class CrmRecommendation(models.AbstractModel):
    _inherit = "crm.recommendation"  # pylint: disable=consider-merging-classes-inherited

    def _add_texts(self, case, lines):
        """Give each line its ``reason`` and ``certainty``; what it was made of goes."""
        names = self._names_of_anchors(case, lines)
        for line in lines:
            row, segment = line.pop("row"), line.pop("segment", None)
            group = segment.display_name if segment else ""
            if line["list"] == "again":
                line["reason"] = self._reason_again(row)
            elif hasattr(row, "anchor"):
                line["reason"] = self._reason_new(row, names[row.anchor], group)
            else:
                line["reason"] = self._reason_share(line, row, group)
            line["certainty"] = self._certainty(line)

    def _names_of_anchors(self, case, lines):
        """:return: dict id of the product that a line follows from → how to name it"""
        anchors = {line["row"].anchor for line in lines if hasattr(line["row"], "anchor")}
        names = dict.fromkeys(anchors, self.env._("another product of this customer"))
        # the host computes the names of all at once
        return names | {one.id: one.display_name for one in case.products if one.id in anchors}

    def _reason_again(self, row):
        """``Bought on 6 days, about every 30 days, last 34 days ago``, as far as it is known."""
        when = self._ago(row.days_since)
        if row.times == 1:
            text = self.env._("Bought once, %(when)s", when=when)
        elif row.interval and row.own_interval:
            return self.env._(
                "Bought on %(times)s days, about every %(interval)s days, last %(when)s",
                times=row.times,
                interval=round(row.interval),
                when=when,
            )
        else:
            text = self.env._("Bought on %(times)s days, last %(when)s", times=row.times, when=when)
        if not row.interval:
            return text
        return self.env._(
            "%(bought)s; customers usually buy it again after %(interval)s days",
            bought=text,
            interval=round(row.interval),
        )

    def _ago(self, days):
        if days == 0:
            return self.env._("today")
        return self.env._("yesterday") if days == 1 else self.env._("%s days ago", days)

    def _reason_new(self, row, anchor, group):
        values = {
            "both": row.both, "of": row.item_customers, "anchor": anchor, "segment": group
        }  # fmt: skip
        if group:
            text = self.env._(
                "%(both)s of %(of)s customers in “%(segment)s” who bought %(anchor)s also bought "
                "this",
                **values,
            )
        else:
            text = self.env._(
                "%(both)s of %(of)s customers who bought %(anchor)s also bought this", **values
            )
        return self._with_lift(text, row.lift)

    def _reason_share(self, line, row, group):
        values = {"buyers": line["support"], "of": line["cases"], "segment": group}
        if group:
            text = self.env._("%(buyers)s of %(of)s customers in “%(segment)s” buy this", **values)
        else:
            text = self.env._("%(buyers)s of %(of)s customers buy this", **values)
        return self._with_lift(text, row.lift if row else None)

    def _with_lift(self, text, lift):
        if not lift:
            return text
        if lift < MORE_OFTEN:
            return self.env._("%(reason)s; others buy it as often", reason=text)
        return self.env._(
            "%(reason)s; %(lift)s × as often as others",
            reason=text,
            lift=formatLang(self.env, lift, digits=1),
        )

    def _certainty(self, line):
        """How sure: the interval of the share, or the chance that it is in the next purchase."""
        if line["cases"]:
            low, high = wilson(min(line["support"], line["cases"]), line["cases"])
            return self.env._(
                "%(low)s–%(high)s %% of such customers, 19 times in 20",
                low=round(100 * low),
                high=round(100 * high),
            )
        return self.env._(
            "Chance in the next purchase: %(chance)s %%", chance=round(100 * line["chance"])
        )

    def _about(self, case, found):
        """What the lists were learnt from, why one is empty, what can be done here."""
        everybody, learnt = found["everybody"], found["learnt"]
        return {
            "learnt": self._learnt_text(everybody, learnt),
            "why": self._why_empty(case, found),
            "customer": case.partner.display_name or "",
            "partner_id": case.partner.id,
            "segments": found["own"].segment_id.mapped("display_name"),
            "sellers_of": found["sellers_of"].display_name or "",
            "hidden": not case.figures,
            "open": not case.order or case.order.state in ("draft", "sent"),
            "reasons": self._dismissal_reasons(),
        }

    def _learnt_text(self, everybody, learnt):
        if not everybody.date:
            return ""
        return self.env._(
            "Learnt from %(customers)s customers (%(where)s), %(date)s",
            customers=learnt.customers,
            where=learnt.name,
            date=format_datetime(
                everybody.env, everybody.date, everybody.env.context.get("tz"), "short"
            ),
        )

    def _why_empty(self, case, found):
        """Texts for lists that are empty, by their name."""
        lists, everybody = found["lists"], found["everybody"]
        if not everybody.date:
            text = self.env._(
                "Nothing has been learnt from your sales yet. It is done every night; managers of "
                "segments can start it in CRM ▸ Segments ▸ Recommendation Models."
            )
            return {"again": text, "new": text}
        if not everybody.parameters:
            text = self.env._(
                "This company has not sold any product yet that could be learnt from."
            )
            return {"again": text, "new": text}
        why = {}
        if not lists["again"]:
            why["again"] = self._why_nothing_again(case, found)
        if not lists["new"]:
            why["new"] = self._why_nothing_new(case, found)
        return why

    def _why_nothing_again(self, case, found):
        if not case.partner:
            return self.env._("The lead has no customer yet, so nothing was bought before.")
        if found["history"]:
            return self.env._(
                "Nothing is due: what was bought before was bought lately, is dismissed, is on "
                "this quotation, or can't be sold any more."
            )
        if not case.figures:
            return self.env._("You see no document in which this customer bought something.")
        return self.env._("This customer has not bought anything yet.")

    def _why_nothing_new(self, case, found):
        if found["history"]:
            return self.env._(
                "No product is bought surely more often by customers who have the same products."
            )
        segments = found["own"].segment_id
        if not segments:
            return self.env._(
                "There is nothing to learn from: no purchase, and no segment that tells anything "
                "before the first one. Give the customer an industry or a country, and divide "
                "customers by it."
            )
        return self.env._(
            "No product is bought surely more often here than elsewhere: %s",
            ", ".join(segments.mapped("display_name")),
        )
