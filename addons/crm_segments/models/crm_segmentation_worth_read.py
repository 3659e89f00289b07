"""What the user is told of the judgement on a segmentation."""

from odoo import api, fields, models

from ..lib.worth import difference

#: what is told of a share; the replicates only compare two divisions
_TOLD = ("share", "low", "high")
#: pairs that are listed; all are counted
MOST_PAIRS = 50


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def worth(self):
        """Does the division earn its place, in the current company?

        Of the last judgement (:meth:`judge`): the part of the deviance of the revenue of 90 days
        after a month-end that the segments explain on customers and months kept out (sources:
        ``lib/worth_fit.py``), the same of squared amounts and of the product categories bought,
        against no division (0) and against the others that are switched on, and the pairs of
        segments between which no difference shows (``lib/worth_pairs.py``).

        :return: dict of ``date`` (when, False if never), ``outdated`` (the definition was changed
            since), ``may_judge``, ``missing`` (sentences), ``learnt`` and ``judged`` (ISO dates of
            month-ends), ``customers``, ``buyers``, ``revenue``, ``squares`` and ``mix`` (each
            None or dict of ``share``, ``low``, ``high``, 0…1), ``mix_missing``, ``others`` (list
            of dicts, this one included, best first; ``difference`` as a share with its limits,
            where both were judged on the same months), ``pairs`` (``names``, ``customers``,
            ``means`` of revenue in 90 days, ``revenue_p``, ``mix_p``), ``pair_count``,
            ``compared``, ``small`` (names), ``today_fields`` (labels), ``currency_id``. ``means``
            is None where the user may not see the figures of all customers
        :raises AccessError: for users who may not read segmentations
        """
        self.ensure_one()
        self.check_access("read")
        company = self.env.company
        beside = self | self._enabled()._applying_to(company).with_env(self.env)
        # sudo: amounts are left out below where the user may not see them
        rows = self.env["crm.segmentation.worth"].sudo()._of(beside, company)
        own = rows.get(self.id)
        result = own.result or {} if own else {}
        return {
            "date": fields.Datetime.to_string(own.date) if own else False,
            "outdated": bool(own) and own.definition_key != self._definition_key(),
            "may_judge": self.has_access("write"),
            "missing": self._missing_texts(result),
            "learnt": result.get("learnt", []),
            "judged": result.get("judged", []),
            "customers": result.get("customers", 0),
            "buyers": result.get("buyers", 0),
            **{name: _share(result.get(name)) for name in ("revenue", "squares", "mix")},
            "mix_missing": self._missing_texts(result.get("mix") or {}),
            "others": self._compared(beside, rows, result),
            **self._told_pairs(result),
            "today_fields": self._field_labels(result.get("today_fields", [])),
            "currency_id": company.currency_id.id,
        }

    def _compared(self, segmentations, rows, result):
        """All judged ones, best first; the best of those judged on the same months is marked."""
        found = []
        # sudo: names of divisions in use in this company are no secret to who may read some
        for one in segmentations.sudo():
            other = rows[one.id].result or {} if one.id in rows else {}
            same = bool(other.get("judged")) and other.get("judged") == result.get("judged")
            found.append(
                {
                    "id": one.id,
                    "name": one.name,
                    "current": one.id == self.id,
                    "same_months": same,
                    "judged": other.get("judged", []),
                    "missing": self._missing_texts(other) if other else [],
                    **{name: _share(other.get(name)) for name in ("revenue", "squares", "mix")},
                    "difference": difference(other.get("revenue"), result.get("revenue"))
                    if same and one.id != self.id
                    else None,
                    "best": False,
                }
            )
        found.sort(key=lambda row: -row["revenue"]["share"] if row["revenue"] else 2)
        for row in found:
            if row["same_months"] and row["revenue"] and (row["revenue"]["low"] or 0) > 0:
                row["best"] = True
                break
        return found

    def _told_pairs(self, result):
        """Pairs with names; segments that are gone are left out."""
        profiles = {int(key): one for key, one in result.get("segments", {}).items()}
        segments = self.env["crm.segment"].with_context(active_test=False)
        segments = segments.browse(profiles).exists()
        names = {one.id: one.name for one in segments}
        money = self.env["res.partner"]._sees_all_figures()
        pairs = [one for one in result.get("pairs", []) if names.keys() >= set(one["segments"])]
        pairs.sort(key=lambda one: -min(profiles[key]["customers"] for key in one["segments"]))
        return {
            "pairs": [
                {
                    "names": [names[key] for key in one["segments"]],
                    "customers": [profiles[key]["customers"] for key in one["segments"]],
                    "means": [profiles[key]["mean"] for key in one["segments"]] if money else None,
                    "revenue_p": one["revenue_p"],
                    "mix_p": one["mix_p"],
                }
                for one in pairs[:MOST_PAIRS]
            ],
            "pair_count": len(pairs),
            "compared": result.get("compared", 0),
            "small": [names[key] for key in result.get("small", []) if key in names],
        }

    @api.model
    def _missing_texts(self, result):
        """What there is too little of, in words."""
        texts = {
            "ends": self.env._(
                "It takes %(need)s month-ends that are 90 days ago or more and on which it is "
                "known who was in which segment; there are %(have)s."
            ),
            "customers": self.env._(
                "It takes %(need)s customers on the last of these month-ends; there were %(have)s."
            ),
            "segments": self.env._(
                "It takes %(need)s segments with customers; there were %(have)s."
            ),
            "buyers": self.env._(
                "It takes %(need)s customers who bought in the 90 days; %(have)s did."
            ),
            "learnt": self.env._("Nothing was sold after the month-ends to learn from."),
            "lines": self.env._("It takes %(need)s lines sold with a product; there are %(have)s."),
            "categories": self.env._(
                "It takes products of %(need)s categories; all sold are of %(have)s."
            ),
        }
        return [texts[one["code"]] % one for one in result.get("missing", [])]

    @api.model
    def _field_labels(self, names):
        # to the host no names are all names
        described = names and self.env["res.partner"].fields_get(names, ["string"])
        return [described[name]["string"] for name in names if name in described]


def _share(found):
    """What is told of a share, None where there is none."""
    return {name: found[name] for name in _TOLD} if found and "share" in found else None
