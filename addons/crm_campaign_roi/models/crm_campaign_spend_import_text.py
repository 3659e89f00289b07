"""Import of ad spend: what is in the way, and what to know, in the user's words."""

from odoo import models
from odoo.tools import format_amount, format_date


class CrmCampaignSpendImport(models.Model):
    _inherit = "crm.campaign.spend.import"  # pylint: disable=consider-merging-classes-inherited

    def _problems(self, file, reading, currency):
        """:return: list of texts: why nothing can be imported yet"""
        texts = [self._problem_text(problem) for problem in reading.problems]
        if (more := reading.problem_count - len(texts)) > 0:
            texts.append(self.env._("And %(count)s lines more that can't be read.", count=more))
        if not currency and "mixed_currency" not in [one.code for one in reading.problems]:
            codes = ", ".join(sorted(filter(None, reading.currencies)))
            texts.append(self.env._("There is no currency %(code)s.", code=codes))
        if reading.difference:
            texts.append(self._difference_text(reading))
        if reading.undated and not (self.date_from and self.date_to):
            texts.append(
                self.env._("The file names no period ('All time'). Say from which day to which.")
            )
        several = reading.several_days or (
            reading.undated and self.date_from and self.date_from != self.date_to
        )
        if several and not self.spread_days:
            texts.append(
                self.env._(
                    "Rows cover several days. Export the report by day, or let them be "
                    "spread evenly."
                )
            )
        if not self.platform_id:
            texts.append(
                self.env._("The file is of no known platform: say what to record it under.")
            )
        return texts

    def _difference_text(self, reading):
        return self.env._(
            "The rows add up to %(rows)s, the total of the file is %(file)s: a difference of "
            "%(difference)s. Rows are missing, or double. Nothing is imported.",
            rows=f"{reading.total:,.2f}",
            file=f"{reading.file_total:,.2f}",
            difference=f"{reading.difference:,.2f}",
        )

    def _problem_text(self, problem):
        texts = {
            "short_row": self.env._("it ends in the middle: the file seems to be cut"),
            "cut": self.env._("the last line of the report is missing: the file seems to be cut"),
            "row_count": self.env._("the number of rows is not the one that the file states"),
            "mixed_currency": self.env._("several currencies in one file: export them apart"),
            "bad_currency": self.env._("unreadable currency"),
            "bad_date": self.env._("no such day"),
            "bad_number": self.env._("no number"),
            "no_campaign": self.env._("no campaign"),
            "no_text": self.env._("text that can't be read"),
            "no_rows": self.env._("there are no rows in the file"),
        }
        text = texts[problem.code]
        if problem.value:
            text = self.env._("%(what)s: %(value)s", what=text, value=problem.value)
        if not problem.number:
            return text[:1].upper() + text[1:]
        return self.env._("Line %(number)s: %(what)s", number=problem.number, what=text)

    def _remarks(self, file):
        """:return: list of texts: what was found"""
        texts = [self._found_text()]
        if file.vat and not self.vat_percent:
            texts.append(
                self.env._("The amounts hold VAT. Cost is untaxed: say how much to take off.")
            )
        if self.has_total and self.total_rows == self.total_file:
            texts.append(self.env._("The rows add up to the total of the file ✓"))
        if not self.has_total:
            texts.append(self.env._("The file states no total to compare with."))
        if self.unmatched_count:
            texts.append(
                self.env._(
                    "%(count)s campaigns are not known here. They are imported without one; say "
                    "in the list which they are, and it is remembered.",
                    count=self.unmatched_count,
                )
            )
        return texts

    def _found_text(self):
        env = self.env
        days = " – ".join(format_date(env, day) for day in (self.first_date, self.last_date) if day)
        currency = self.currency_id or self.company_id.currency_id
        return env._(
            "%(platform)s, %(days)s, %(currency)s, %(campaigns)s campaigns, %(total)s",
            platform=self.platform_id.name
            or dict(self._fields["platform"]._description_selection(env)).get(self.platform),
            days=days or env._("no period"),
            currency=currency.name,
            campaigns=self.campaign_count,
            total=format_amount(env, self.total_rows, currency),
        )

    def _explain_file(self, error):
        """:param error: TabularError
        :return: what is wrong with the file, in the user's language
        """
        own = {
            "no_header": self.env._(
                "No columns of cost and campaign were recognised. The file has: %(header)s. "
                "Say below which columns hold them.",
                header=", ".join(error.params.get("header", ())) or "–",
            ),
            "no_lines": self.env._("The file has no line below its header."),
            "too_large": self.env._("The workbook unpacks to more than a report can have."),
            "too_wide": self.env._("The file has too many columns to be a report."),
            "too_long": self.env._("A cell of the file is too long to be a report's."),
        }
        return own.get(error.code) or self.env["crm.sales.history.import.engine"]._explain(error)
