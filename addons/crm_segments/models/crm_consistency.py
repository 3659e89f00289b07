"""Whether what is stored is what a rebuild would give: looked at, never changed."""

import logging
import time
from typing import NamedTuple

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, mute_logger

from .crm_segmentation_engine import RETRY

_logger = logging.getLogger(__name__)


class Check(NamedTuple):
    """One thing that is compared.

    :ivar code: ``_check_<code>(company)`` of :class:`CrmConsistency` does it, returning ``Found``
    :ivar name: what is compared, in the user's words
    :ivar model: name of the model whose records are found
    :ivar mend: what to do about findings, in the user's words
    :ivar cron: external id of the cron that mends them, None if none does
    """

    code: str
    name: str
    model: str
    mend: str
    cron: str | None = None


class Found(NamedTuple):
    """What a check has found.

    :ivar checked: number of rows looked at
    :ivar wrong: ids of the records that nothing explains
    :ivar waiting: ids of those that work is still to be done for, as it should be
    """

    checked: int
    wrong: tuple | list | set = ()
    waiting: tuple | list | set = ()


class CrmConsistency(models.AbstractModel):
    """The checks; an add-on adds its own to :meth:`_checks`, and a method for each."""

    _name = "crm.consistency"
    _description = "Consistency Check"

    @api.model
    def check(self):
        """Compare what is stored in the companies switched on with what a rebuild would give.

        Nothing is written. All figures are of one moment: the transaction sees one snapshot.

        :return: list of dicts, one per check and company: ``code``, ``name``, ``company``,
            ``company_id``, ``checked`` (rows), ``wrong`` and ``waiting`` (lists of ids of
            ``model``), ``model``, ``mend``, ``cron``, ``seconds``, ``error`` (text or False)
        :raises AccessError: for users who are not administrators
        """
        self._check_admin()
        # sudo: the check is of the records of all salespeople, whoever they are shown to
        self = self.sudo()
        self.env.flush_all()
        checks = self._checks()
        return [
            self._result(check, company) for company in self.env.companies for check in checks
        ]

    @api.model
    def _check_admin(self):
        if not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(self.env._("Only administrators may check the consistency."))

    @api.model
    def _checks(self):
        """The checks there are, in the order that they are shown in.

        :return: list of :class:`Check`
        """
        return []

    def _result(self, check, company):
        """Run a check in a company; see :meth:`check`."""
        clock, error, found = time.monotonic(), False, Found(0)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                found = getattr(self, f"_check_{check.code}")(company)
        except (UserError, ValueError, psycopg2.Error) as problem:
            if isinstance(problem, RETRY):
                raise  # the call is to be repeated as a whole
            _logger.warning("Check %s failed in company %s", check.code, company.id, exc_info=True)
            error = self.env["crm.segmentation"]._plain_error(problem)
        return {
            **check._asdict(),
            "company": company.name,
            "company_id": company.id,
            "checked": found.checked,
            "wrong": sorted(found.wrong),
            "waiting": sorted(found.waiting),
            "error": error,
            "seconds": round(time.monotonic() - clock, 2),
        }

    # -- what checks share ----------------------------------------------------

    def _found_ids(self, sql):
        """The first column of a SELECT, as a set."""
        return {row[0] for row in self.env.execute_query(sql)}

    def _count(self, table, company):
        """Number of rows of a company."""
        name = SQL.identifier(table)
        sql = SQL("SELECT COUNT(*) FROM %s WHERE company_id = %s", name, company.id)
        return self.env.execute_query(sql)[0][0]

    def _queued(self):
        """Ids of customers that wait to be placed."""
        return self._found_ids(
            SQL(
                """
                SELECT unnest(ARRAY[p.id, p.commercial_partner_id])
                FROM crm_segment_queue q JOIN res_partner p ON p.id = q.partner_id
                """
            )
        )

    def _written_since(self, moment, *tables):
        """Whether a row of the tables was written after a moment (UTC)."""
        text = fields.Datetime.to_string(moment)
        parts = [
            SQL("EXISTS (SELECT FROM %s WHERE write_date > %s)", SQL.identifier(table), text)
            for table in tables
        ]
        return self.env.execute_query(SQL("SELECT %s", SQL(" OR ").join(parts)))[0][0]
