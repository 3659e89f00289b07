"""Whether people work with the system: training, logins, activities and advice by role."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL

#: of fewer events a share says nothing
LEAST_EVENTS = 5
#: days that are looked at
LOOK_BACK = 30


class CrmProgrammeAdoption(models.Model):
    """One row a programme and role that its steps or trainings name: numbers of people and of
    events, never who. Users of a role are those of its group, in the programme's company."""

    _name = "crm.programme.adoption"
    _description = "Use of the System by a Role"
    _auto = False
    _order = "programme_id, role_id"
    _rec_name = "role_id"
    _depends = {
        "crm.programme": ["company_id"],
        "crm.programme.role": ["group_id"],
        "crm.programme.step": ["programme_id", "role_id"],
        "crm.programme.training": ["programme_id", "role_id"],
        "crm.programme.attendance": ["training_id", "state"],
        "res.users": ["active", "share", "company_ids", "group_ids"],
        "res.groups": ["implied_ids"],
        "res.users.log": ["create_uid"],
        "mail.activity": ["user_id", "date_done", "date_deadline"],
        "crm.advice": ["user_id", "company_id", "kind", "date"],
    }

    programme_id = fields.Many2one("crm.programme", readonly=True)
    role_id = fields.Many2one("crm.programme.role", readonly=True)
    invited = fields.Integer(readonly=True)
    attended = fields.Integer(readonly=True)
    users = fields.Integer(readonly=True)
    users_active = fields.Integer("Logged In", readonly=True)
    activities = fields.Integer("Activities Done", readonly=True)
    activities_timely = fields.Integer("Done in Time", readonly=True)
    advice = fields.Integer("Advice Shown", readonly=True)
    advice_taken = fields.Integer(readonly=True)
    training_text = fields.Char("Trained", compute="_compute_texts")
    login_text = fields.Char("Logged In, 30 Days", compute="_compute_texts")
    activity_text = fields.Char("Activities in Time, 30 Days", compute="_compute_texts")
    advice_text = fields.Char("Advice Followed, 30 Days", compute="_compute_texts")

    @api.depends("role_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for row in self:
            row.training_text = row._of(row.attended, row.invited, self.env._("nobody invited"))
            row.login_text = row._of(row.users_active, row.users, self.env._("no users"))
            row.activity_text = row._share(row.activities_timely, row.activities)
            row.advice_text = row._share(row.advice_taken, row.advice)

    def _of(self, part, whole, none):
        """People: so many of so many."""
        return self.env._("%(part)s of %(whole)s", part=part, whole=whole) if whole else none

    def _share(self, part, whole):
        """Events: a share where there are enough."""
        if whole < LEAST_EVENTS:
            return self.env._("not enough data (%s)", whole)
        return self.env._(
            "%(share)s %% of %(whole)s", share=round(100 * part / whole), whole=whole
        )

    @property
    def _table_query(self):
        since = self.env["crm.segmentation"]._today() - relativedelta(days=LOOK_BACK)
        return SQL(
            """
            WITH RECURSIVE roles AS (
                SELECT programme_id, role_id FROM crm_programme_step WHERE role_id IS NOT NULL
                UNION
                SELECT programme_id, role_id FROM crm_programme_training
                WHERE role_id IS NOT NULL
            ),
            %(members)s
            SELECT p.id * 100000 + r.role_id AS id, p.id AS programme_id, r.role_id,
                   t.invited, t.attended, u.users, u.users_active, a.activities,
                   a.activities_timely, d.advice, d.advice_taken
            FROM roles r JOIN crm_programme p ON p.id = r.programme_id
            %(training)s %(logins)s %(activities)s %(advice)s
            """,
            members=self._members_sql(),
            training=self._training_sql(),
            logins=self._logins_sql(since),
            activities=self._activities_sql(since),
            advice=self._advice_sql(since),
        )

    def _members_sql(self):
        """Users of each role and company, also by groups that imply the role's."""
        return SQL(
            """
            holding (role_id, gid) AS (
                SELECT id, group_id FROM crm_programme_role WHERE group_id IS NOT NULL
                UNION
                SELECT h.role_id, i.gid FROM holding h
                JOIN res_groups_implied_rel i ON i.hid = h.gid
            ),
            members AS (
                SELECT DISTINCT h.role_id, c.cid AS company_id, u.id AS user_id
                FROM holding h JOIN res_groups_users_rel g ON g.gid = h.gid
                JOIN res_users u ON u.id = g.uid AND u.active AND NOT u.share
                JOIN res_company_users_rel c ON c.user_id = u.id
            )
            """
        )

    def _training_sql(self):
        return SQL(
            """
            CROSS JOIN LATERAL (
                SELECT COUNT(*) AS invited, COUNT(*) FILTER (WHERE x.state = 'attended') AS attended
                FROM crm_programme_attendance x JOIN crm_programme_training s
                  ON s.id = x.training_id
                WHERE s.programme_id = p.id AND s.role_id = r.role_id
            ) t
            """
        )

    def _logins_sql(self, since):
        return SQL(
            """
            CROSS JOIN LATERAL (
                SELECT COUNT(*) AS users, COUNT(*) FILTER (WHERE EXISTS (
                    SELECT FROM res_users_log l
                    WHERE l.create_uid = m.user_id AND l.create_date >= %s)) AS users_active
                FROM members m WHERE m.role_id = r.role_id AND m.company_id = p.company_id
            ) u
            """,
            since,
        )

    def _activities_sql(self, since):
        return SQL(
            """
            CROSS JOIN LATERAL (
                SELECT COUNT(*) AS activities,
                       COUNT(*) FILTER (WHERE x.date_done <= x.date_deadline) AS activities_timely
                FROM members m JOIN mail_activity x ON x.user_id = m.user_id
                WHERE m.role_id = r.role_id AND m.company_id = p.company_id AND x.date_done > %s
            ) a
            """,
            since,
        )

    def _advice_sql(self, since):
        return SQL(
            """
            CROSS JOIN LATERAL (
                SELECT COUNT(*) FILTER (WHERE x.kind = 'shown') AS advice,
                       COUNT(*) FILTER (WHERE x.kind = 'taken') AS advice_taken
                FROM members m JOIN crm_advice x ON x.user_id = m.user_id
                WHERE m.role_id = r.role_id AND m.company_id = p.company_id
                  AND x.company_id = p.company_id AND x.date > %s
            ) d
            """,
            since,
        )
