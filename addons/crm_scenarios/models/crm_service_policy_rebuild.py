"""Learns from a company's own data how its segments are to be served; nightly or on demand."""

from odoo import api, models
from odoo.addons.crm_segments.lib import experiment

from ..lib.service_policy import LEAST, payment_advice, response_effect, shrunk
from .crm_service_policy_line import ITEMS
from .nightly import rebuild_companies

_PLACES = {item: place for place, (item, _label) in enumerate(ITEMS)}


class CrmServicePolicy(models.Model):
    _inherit = "crm.service.policy"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _rebuild_all(self):
        """Cron, nightly: a company after the other."""
        rebuild_companies(self)

    @api.model
    def _rebuild(self, company):
        """A policy per segment of the leading segmentation, with its evidence as of today.

        :return: policies of the company
        """
        self = self.with_company(company)
        segments = [None, *company._leading_segmentation().segment_ids.ids]
        known = {
            one.segment_id.id or None: one for one in self.search([("company_id", "=", company.id)])
        }
        # what was decided of a segment that leads no more is kept until the segment is gone
        unused = self.browse([one.id for key, one in known.items() if key not in segments])
        unused.filtered(lambda one: one.state == "proposed").unlink()
        missing = [key for key in segments if key not in known]
        made = self.create(
            [{"company_id": company.id, "segment_id": key or False} for key in missing]
        )
        known |= dict(zip(missing, made, strict=True))
        evidence = self._evidence(company, segments)
        for place, key in enumerate(segments):
            known[key]._store(evidence[key], place)
        return self.search([("company_id", "=", company.id)])

    def _store(self, evidence, place):
        """Write what differs."""
        customers, lines = evidence
        advice = {item: facts.get("recommended") for item, _count, facts in lines}
        values = {
            "sequence": place, "customers": customers,
            "advised_contact_days": round(advice["contact"] or 0),
            "advised_lapse_days": round(advice["lapse"] or 0),
            "advised_response_hours": round(advice["response"] or 0),
            "advised_term_days": round(advice["payment"] or 0),
            "has_term_advice": advice["payment"] is not None,
        }  # fmt: skip
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.write(changed)
        stored = {line.item: line for line in self.line_ids}
        Line = self.env["crm.service.policy.line"]
        for item, count, facts in lines:
            row = {"count": count, "facts": facts}
            if item not in stored:
                Line.create({"policy_id": self.id, "item": item, "sequence": _PLACES[item], **row})
            elif (stored[item].count, stored[item].facts) != (count, facts):
                stored[item].write(row)

    @api.model
    def _evidence(self, company, segments):
        """Segment id (None: all) → (customers, list of (item, n, facts))."""
        facts = self._service_facts(company)
        deals = self._response_facts(company)
        found = {}
        for key in segments:
            own, everybody = facts.get(key, {}), facts.get(None, {})
            lines = [
                self._cadence_line("contact", own, everybody),
                self._cadence_line("lapse", own, everybody),
                self._response_line(deals.get(key, [])),
                self._payment_line(own),
                *self._plain_lines(own, everybody),
                self._cost_line(own, everybody),
            ]
            found[key] = (own.get("customers") or 0, lines)
        return found

    def _cadence_line(self, item, own, everybody):
        """Contact by the middle gap; lapsed after the upper quartile; both shrunk."""
        name = "gap_median" if item == "contact" else "gap_p75"
        count = own.get("gaps") or 0
        enough = (everybody.get("gaps") or 0) >= LEAST
        advised = shrunk(own.get(name), count, everybody.get(name)) if enough else None
        facts = {
            "today": own.get("contact_age" if item == "contact" else "interval_now"),
            "recommended": None if advised is None else float(max(1, round(advised))),
            "own": own.get(name), "all": everybody.get(name),
            "why": ("gaps" if item == "contact" else "long_gaps") if enough else None,
        }  # fmt: skip
        return item, count, facts

    def _response_line(self, deals):
        hours = sorted(one[0] for one in deals if one[0] is not None)
        today = hours[len(hours) // 2] if len(hours) >= LEAST else None
        best, compared = response_effect(deals, experiment)
        facts = {"today": today, "recommended": None, "compared": compared,
                 "why": "no_response" if compared else "few_deals"}  # fmt: skip
        if best:
            facts |= {
                "why": "response", "recommended": float(best.hours), "hours": best.hours,
                "won": best.within[0], "within": best.within[1],
                "lost": best.beyond[0], "beyond": best.beyond[1],
                "low": round(100 * best.rate[1], 1), "high": round(100 * best.rate[2], 1),
            }  # fmt: skip
        return "response", len(deals), facts

    def _payment_line(self, own):
        enough = (own.get("payments") or 0) >= LEAST
        p75 = own.get("pay_p75") if enough else None
        advised, why = payment_advice(own.get("granted"), p75)
        facts = {"today": own.get("pay_mean"), "granted": own.get("granted"), "p75": p75,
                 "recommended": None if advised is None else float(advised),
                 "why": None if why == "unknown" else why}  # fmt: skip
        return "payment", own.get("payments") or 0, facts

    def _plain_lines(self, own, everybody):
        """Refunds against all customers; orders against the best quarter of the segment."""
        yield self._ceiling_line("refund", own, everybody, "purchases")
        for item, count in (("size", "purchases"), ("frequency", "customers")):
            yield item, own.get(count) or 0, self._reach_facts(item, own, everybody)

    def _reach_facts(self, item, own, everybody):
        """What a quarter of the buyers does; where a few carry the mean, the mean is held."""
        today, reach = own.get(item), own.get(f"{item}_p75")
        facts = {"today": today, "recommended": None, "wider": everybody.get(item),
                 "why": "beside" if today is not None else None}  # fmt: skip
        if today is not None and reach is not None and (own.get("buyers") or 0) >= LEAST:
            facts |= {
                "recommended": max(today, reach),
                "why": f"{item}_reach" if reach >= today else "few_carry",
            }
        return facts

    def _cost_line(self, own, everybody):
        named = own.get("named") or 0
        _item, _count, facts = self._ceiling_line("cost", own, everybody, "named")
        if facts["recommended"] is None:
            facts["why"] = "cost" if named else "no_lines"
        return "cost", named, {**facts, "named": named}

    def _ceiling_line(self, item, own, everybody, count):
        """What should not be more than with all customers; where it is less, it stays so."""
        n, today, wider = own.get(count) or 0, own.get(item), everybody.get(item)
        facts = {"today": today, "recommended": None, "wider": wider,
                 "why": "beside" if today is not None else None}  # fmt: skip
        if n >= LEAST and today is not None and wider is not None:
            facts |= {
                "recommended": min(today, wider),
                "why": f"{item}_high" if today > wider else f"{item}_low",
            }
        return item, n, facts
