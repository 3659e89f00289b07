"""Writing memberships: only the difference between what is due and what is stored."""

from odoo import models
from odoo.tools import SQL

from .past import past_of


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    def _apply_plan(self, plan, run=None):
        """Make the stored memberships equal to what is due; write only differences.

        :param SegmentPlan plan: what is divided
        :param run: crm.segmentation.run that decides, None for an event
        :return: dict of ``joined`` and ``left`` (lists of (partner id, segment id)), ``kept``,
            ``spared``, ``moved`` and ``members`` (numbers of customers); None in the past
        """
        if past_of(self.env):
            result = self._apply_unseen(plan)
        elif plan.scoped or self._has_current(plan):
            result = self._apply_in_two_steps(plan, run)
        else:
            result = self._apply_in_one_step(plan, run)
        self._forget_segments()
        return result

    def _has_current(self, plan):
        """Whether there is anything to compare with: the first run writes everything."""
        return bool(
            self.env.execute_query(
                SQL("SELECT FROM (%s) current LIMIT 1", self._current_sql(plan))
            )
        )

    def _apply_in_one_step(self, plan, run):
        """The first run: who belongs where, reasons and writing in one statement."""
        [(joined, in_segments, _left, _out_segments)] = self.env.execute_query(
            self._one_step_sql(plan, run, self._results_sql())
        )
        self._analyze()
        return self._result(joined, in_segments, [], [])

    def _apply_unseen(self, plan):
        """In the past nobody asks who moved, so nobody is fetched."""
        self.env.cr.execute(self._one_step_sql(plan, None, SQL("1")))

    def _one_step_sql(self, plan, run, results):
        return SQL(
            "WITH %(plan)s, %(write)s SELECT %(results)s",
            plan=self._plan_sql(plan),
            write=self._write_sql(plan, plan.segmentations._evidence_sql(plan.strata), run),
            results=results,
        )

    def _apply_in_two_steps(self, plan, run):
        """Look at the difference first; only what changes is explained and written.

        Where nothing changes nothing is written, and the database may share the
        work of looking among its processes.
        """
        before, members, spared, changes, ended = self._compare(plan)
        if not changes and not ended:
            return self._result([], [], [], [], before, members, spared)
        Segment = self.env["crm.segment"]
        segments = Segment.browse({row[2] for row in changes})
        segmentations = plan.segmentations & segments.segmentation_id
        left = Segment.browse({row[3] for row in ended})
        [lists] = self.env.execute_query(
            SQL(
                """
                WITH changes (segmentation_id, partner_id, segment_id, code, measure,
                              membership_id) AS MATERIALIZED (%(changes)s),
                ended (id, segmentation_id, partner_id, segment_id, date_from)
                    AS MATERIALIZED (%(ended)s),
                %(write)s
                SELECT %(results)s
                """,
                changes=self._values_sql(changes, "int int int text float8 int"),
                ended=self._values_sql(ended, "int int int int date"),
                write=self._write_sql(
                    plan, segmentations._evidence_sql(segments), run,
                    (plan.segmentations & left.segmentation_id)._left_evidence_sql(left),
                ),
                results=self._results_sql(),
            )
        )
        return self._result(*lists, before, members, spared)

    def _compare(self, plan):
        """Numbers of stays, members and spared ones; rows to open or recode; rows to end."""
        rows = self.env.execute_query(self._differences_sql(plan))
        changes = [row[1:7] for row in rows if row[0] > 0]
        ended = [(row[6], *row[1:4], row[7]) for row in rows if row[0] < 0]
        [(before, members, spared)] = [row[1:4] for row in rows if not row[0]]
        return before, members, spared, changes, ended

    def _result(self, joined, to, left, out_of, before=0, members=0, spared=0):
        return {
            "joined": list(zip(joined or [], to or [], strict=True)),
            "left": list(zip(left or [], out_of or [], strict=True)),
            "kept": before - len(left or []),
            "spared": spared,
            "moved": len(set(left or [])),
            "members": members,
        }

    def _values_sql(self, rows, types):
        """Rows as a SELECT from arrays, one per column, typed also where there is none.

        :param str types: SQL types of the columns, separated by blanks
        """
        names = types.split()
        columns = list(zip(*rows, strict=True)) or [()] * len(names)
        arrays = [
            SQL("%s::%s[]", list(column), SQL(name))  # pylint: disable=sql-injection
            for column, name in zip(columns, names, strict=True)
        ]
        return SQL("SELECT * FROM unnest(%s)", SQL(", ").join(arrays))

    def _write_sql(self, plan, evidence, run, left_evidence=None):
        """CTEs that write ``changes`` and ``ended``, in an order that the index allows.

        A new stay of an exclusive division may only be inserted when the old one has
        ended, so ``opened`` counts ``closed`` and ``dropped`` first.
        """
        return SQL(
            """
            explained (partner_id, segment_id, evidence) AS (%(evidence)s),
            parted (partner_id, segment_id, evidence) AS (%(left)s),
            closed AS (%(close)s),
            dropped AS (%(drop)s),
            recoded AS (%(recode)s),
            opened AS (%(open)s)
            """,
            evidence=evidence,
            left=left_evidence or plan.segmentations._no_evidence(),
            close=self._close_sql(plan),
            drop=self._drop_sql(plan),
            recode=self._recode_sql(run),
            open=self._open_sql(plan, run),
        )

    def _results_sql(self):
        return SQL(
            """
            (SELECT array_agg(partner_id) FROM opened), (SELECT array_agg(segment_id) FROM opened),
            (SELECT array_agg(partner_id) FROM ended), (SELECT array_agg(segment_id) FROM ended)
            """
        )

    def _close_sql(self, plan):
        """End the stays that are no longer due; those of today are dropped instead."""
        return SQL(
            """
            UPDATE crm_segment_membership m SET date_to = %s, left_evidence = p.evidence
            FROM ended e LEFT JOIN parted p USING (partner_id, segment_id)
            WHERE m.id = e.id AND e.date_from < %s
            RETURNING m.id
            """,
            plan.today,
            plan.today,
        )

    def _drop_sql(self, plan):
        """A stay that began and ended on one day was never seen by anybody."""
        return SQL(
            """
            DELETE FROM crm_segment_membership m
            USING ended e WHERE m.id = e.id AND e.date_from >= %s
            RETURNING m.id
            """,
            plan.today,
        )

    def _recode_sql(self, run):
        """Same segment, other verdict (RFM 554 after 555): keep the stay, renew the evidence."""
        return SQL(
            """
            UPDATE crm_segment_membership m
            SET code = c.code, evidence = e.evidence, run_id = %s
            FROM changes c LEFT JOIN explained e USING (partner_id, segment_id)
            WHERE m.id = c.membership_id
            RETURNING m.id
            """,
            run.id if run else None,
        )

    def _open_sql(self, plan, run):
        return SQL(
            """
            INSERT INTO crm_segment_membership
                (partner_id, segment_id, segmentation_id, company_id, date_from, origin,
                 exclusive, code, evidence, run_id,
                 create_uid, write_uid, create_date, write_date)
            SELECT c.partner_id, c.segment_id, c.segmentation_id, %(company)s, %(today)s, 'rule',
                   g.exclusive, c.code, e.evidence, %(run)s, %(uid)s, %(uid)s,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
            FROM changes c
            JOIN crm_segmentation g ON g.id = c.segmentation_id
            LEFT JOIN explained e USING (partner_id, segment_id)
            WHERE c.membership_id IS NULL
              AND (SELECT COUNT(*) FROM closed) + (SELECT COUNT(*) FROM dropped) >= 0
            RETURNING partner_id, segment_id
            """,
            company=plan.company.id,
            today=plan.today,
            run=run.id if run else None,
            uid=self.env.uid,
        )
