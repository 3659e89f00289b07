"""What a programme says on paper; the template is ``report/crm_programme_report.xml``."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date, formatLang


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    def _printed(self):
        """Everything that the report shows, in the language of the context.

        :return: dict; money in the currency of the company, days as dates
        :raises AccessError: for users who may not read the programme
        """
        self.ensure_one()
        self.check_access("read")
        axis = self._axis()
        return {
            "axis": axis and self._axis_data(axis),
            "bars": [self._phase_bar(axis, *one) for one in self._steps_by_phase()] if axis else [],
            "phases": [self._printed_phase(*one) for one in self._steps_by_phase()],
            "has_phases": bool(self.phase_ids), "steps": len(self._planned_steps()),
            "summary": self._summary(),
            "work": self._printed_work(),
            "once": self._printed_costs(lambda cost: cost.period == "once"),
            "running": self._printed_costs(lambda cost: cost.period != "once"),
            "months": self._printed_months(axis) if axis else [],
            "vendors": self._printed_vendors(),
            "years": self._printed_years(),
            "struck": self._printed_struck(),
            "terms": self._printed_terms(),
            "answers": self._printed_answers(),
            "today": fields.Date.context_today(self),
            "percent": lambda share: f"{formatLang(self.env, share * 100, digits=0)} %",
            "hours": self._short,
        }  # fmt: skip

    def _print_lang(self):
        """The client's language, or that of whoever prints."""
        return self.partner_id.lang or self.env.lang

    def _print_name(self):
        """Name of the file, without an ending."""
        named = self.with_context(lang=self._print_lang())
        return named.env._("Programme - %s", named.name).replace("/", "-")

    def _short(self, number):
        """Hours or pieces, with a decimal where it tells something."""
        digits = 1 if number < 10 and round(number, 1) != round(number) else 0
        return formatLang(self.env, number, digits=digits)

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _date(self, day):
        return format_date(self.env, day, date_format="long")

    def _summary(self):
        """The programme in sentences."""
        if not self._planned_steps():
            return [self.env._("Nothing is planned yet: the programme has no steps.")]
        found = [
            self.env._(
                "%(name)s: %(steps)s steps in %(phases)s phases.", name=self.name,
                steps=len(self._planned_steps()), phases=len(self.phase_ids),
            )
            if self.phase_ids
            else self.env._("%(name)s: %(steps)s steps.", name=self.name,
                            steps=len(self._planned_steps()))
        ]  # fmt: skip
        return found + self._summary_dates() + self._summary_money()

    def _summary_dates(self):
        if not self.date_end or not self.date_start:
            return []
        return [
            self.env._(
                "Work begins on %(start)s and is expected to end on %(end)s; with a probability "
                "of 80 %% it is over by %(late)s.", start=self._date(self.date_start),
                end=self._date(self._last_day(self.date_end)),
                late=self._date(self._last_day(self.date_end_p80)),
            )
        ]  # fmt: skip

    def _summary_money(self):
        found = [
            self.env._(
                "The expected cost is %(expected)s: %(work)s for work and %(purchases)s for what "
                "is purchased once.", expected=self._money(self.amount_expected),
                work=self._money(self.amount_work), purchases=self._money(self.amount_purchases),
            ),
            self.env._(
                "With a probability of 50 %% it costs no more than %(p50)s, with 80 %% no more "
                "than %(p80)s. The contingency of %(contingency)s is kept ready beside the plan "
                "and isn't part of the expected cost.", p50=self._money(self.amount_p50),
                p80=self._money(self.amount_p80), contingency=self._money(self.contingency),
            ),
        ]  # fmt: skip
        if self.amount_ownership:
            found.append(
                self.env._(
                    "Afterwards %(year)s are paid a year. Over %(years)s years from the start the "
                    "cost of ownership is %(ownership)s.", year=self._money(self.amount_year),
                    years=self.ownership_years, ownership=self._money(self.amount_ownership),
                )
            )  # fmt: skip
        return found

    def _printed_phase(self, phase, steps):
        """A phase with its planned steps, result and acceptance."""
        planned = steps._planned()
        days = self._days_of(planned)
        return {
            "name": phase.name or self.env._("Without a phase"), "is_phase": bool(phase),
            "result": phase.description or "", "first": min(days, default=False),
            "last": max(days, default=False), "accepted_on": phase.accepted_on,
            "accepted_by": phase.accepted_by_id.display_name or "",
            "steps": [self._printed_step(step) for step in planned],
        }  # fmt: skip

    def _printed_step(self, step):
        first, last = self._span(step) if step.date_end else (False, False)
        return {
            "name": step.name, "text": step.description or "", "role": step.role_id.name or "",
            "effort": step._effort(), "first": first, "last": last, "critical": step.critical,
            "lead": step.lead_days, "who": step.vendor_id.name or step.user_id.sudo().name or "",
        }  # fmt: skip

    def _printed_work(self):
        """Hours and cost by role and price of an hour."""
        found = {}
        for step in self._planned_steps().filtered("hours"):
            key = (step.role_id.name or self.env._("No role"), step.rate)
            hours, money = found.get(key, (0.0, 0.0))
            found[key] = (hours + step.hours, money + step.work_cost)
        return [
            {"role": role, "rate": rate, "hours": hours, "amount": money}
            for (role, rate), (hours, money) in sorted(found.items())
        ]

    def _printed_costs(self, which):
        """Purchases and licences of one kind, by step."""
        periods = dict(self.env["crm.programme.cost"]._fields["period"]._description_selection(
            self.env
        ))  # fmt: skip
        return [
            {
                "name": cost.name, "step": cost.step_id.name, "vendor": cost.vendor_id.name or "",
                "count": cost.quantity * cost._times(), "price": cost.unit_price,
                "amount": cost.amount, "period": periods[cost.period], "spread": cost.spread,
                "year": cost._a_year(),
                "from": cost.step_id.date_end
                and self._last_day(cost.step_id.date_end) + timedelta(days=cost.pay_days),
            }
            for cost in self._planned_costs().filtered(which)
        ]  # fmt: skip

    def _printed_months(self, axis):
        """Payments by month while the programme runs, then by calendar year, with their sum."""
        found = self._columns(axis)
        rows = [one for one in found["columns"] if one["total"]]
        rows += [
            {**one, "label": self.env._("Later in %s", one["year"])} for one in found["later"]
        ]
        together = 0.0
        for row in rows:
            together += row["total"]
            row["together"] = together
        return rows
