"""Training, use of the system by role, duties; who may read and write all that is around a plan."""

from datetime import timedelta

from odoo.addons.crm_segments.tests.common import UsersMixin
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_programme import ProgrammeCommon

SELLERS = {"own", "all"}
PLANNERS = SELLERS | {"marketer"}
NOBODY = set()
#: model → who may (read, write, create, delete)
MODELS = {
    "crm.programme": (PLANNERS, PLANNERS, PLANNERS, {"marketer"}),
    "crm.programme.phase": (PLANNERS,) * 4,
    "crm.programme.step": (PLANNERS,) * 4,
    "crm.programme.cost": (PLANNERS,) * 4,
    "crm.programme.role": (PLANNERS, {"marketer"}, {"marketer"}, {"marketer"}),
    "crm.programme.cash": (PLANNERS, NOBODY, NOBODY, NOBODY),
    "crm.programme.actual": (PLANNERS, NOBODY, NOBODY, NOBODY),
    "crm.programme.answer": (PLANNERS, NOBODY, NOBODY, NOBODY),
    "crm.programme.launch": (PLANNERS,) * 4,
    "crm.programme.audit": (PLANNERS, NOBODY, NOBODY, PLANNERS),
    "crm.programme.audit.line": (PLANNERS, NOBODY, NOBODY, NOBODY),
    "crm.programme.system": (PLANNERS,) * 4,
    "crm.programme.interface": (PLANNERS,) * 4,
    "crm.programme.need": (PLANNERS,) * 4,
    "crm.programme.candidate": (PLANNERS,) * 4,
    "crm.programme.score": (PLANNERS,) * 4,
    "crm.programme.goal": (PLANNERS,) * 4,
    "crm.programme.training": (PLANNERS,) * 4,
    "crm.programme.attendance": (PLANNERS,) * 4,
    "crm.programme.duty": (PLANNERS,) * 4,
    "crm.programme.adoption": ({"all", "marketer"}, NOBODY, NOBODY, NOBODY),
}


@tagged("post_install", "-at_install")
class TestProgrammePeople(ProgrammeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["res.groups"].create({"name": "Callers"})
        above = cls.env["res.groups"].create(
            {"name": "Head callers", "implied_ids": [Command.set(cls.group.ids)]}
        )
        cls.role = cls.env["crm.programme.role"].create(
            {"name": "Caller", "group_id": cls.group.id}
        )
        cls.other_role = cls.env["crm.programme.role"].create({"name": "Nobody"})
        cls.plan = cls.programme(user_id=cls.seller.id)
        cls.step(cls.plan, "Learn", 2.0, role_id=cls.role.id)
        cls.anna, cls.bert, cls.cleo = (
            new_test_user(cls.env, f"caller_{name}", "base.group_user")
            for name in ("anna", "bert", "cleo")
        )
        (cls.anna | cls.bert).group_ids = [Command.link(cls.group.id)]
        cls.cleo.group_ids = [Command.link(above.id)]
        cls.training = cls.env["crm.programme.training"].create(
            {"programme_id": cls.plan.id, "name": "Calls", "role_id": cls.role.id, "hours": 2}
        )
        cls.today = cls.env["crm.segmentation"]._today()

    def row(self, role=None):
        return self.env["crm.programme.adoption"].search(
            [("programme_id", "=", self.plan.id), ("role_id", "=", (role or self.role).id)]
        )

    def test_invited(self):
        self.training.with_user(self.seller).action_invite()
        people = self.training.attendance_ids
        self.assertEqual(people.user_id, self.anna | self.bert | self.cleo)
        people[0].state = "attended"
        people[1].state = "missed"
        self.assertEqual((self.training.invited_count, self.training.attended_count), (3, 1))
        self.assertEqual(self.row().training_text, "1 of 3")
        self.training.action_invite()
        self.assertEqual(self.training.invited_count, 3)
        self.training.role_id = self.other_role
        with self.assertRaises(UserError):
            self.training.action_invite()
        attendance = self.env["crm.programme.attendance"]
        guest = {"training_id": self.training.id, "partner_id": self.customer.id}
        attendance.create(guest)
        with self.assertRaises(ValidationError):
            attendance.create({**guest, "user_id": self.bert.id})
        with self.assertRaises(ValidationError):
            attendance.create({"training_id": self.training.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            attendance.create(guest)

    def test_use(self):
        """Of three callers two logged in; 6 activities, 4 in time; 4 advices are too few."""
        for user in (self.anna, self.cleo):
            user.with_user(user)._update_last_login()
        activities = self.env["mail.activity"].create(
            [{"res_model_id": self.env["ir.model"]._get_id("res.partner"),
              "res_id": self.customer.id, "user_id": user.id,
              "date_deadline": self.today - timedelta(days=late)}
             for user, late in ((self.anna, 0), (self.anna, 1), (self.bert, 0), (self.bert, 3),
                                (self.cleo, 0), (self.cleo, 0), (self.seller, 0))]
        )  # fmt: skip
        for activity in activities:
            activity.with_user(activity.user_id)._action_done()
        advice = {"company_id": self.env.company.id, "partner_id": self.customer.id,
                  "source": "due", "user_id": self.anna.id}  # fmt: skip
        days = [self.today - timedelta(days=day) for day in (0, 1, 2, 3, 31)]
        self.env["crm.advice"].create([{**advice, "kind": "shown", "date": day} for day in days])
        taken = self.env["crm.advice"].create({**advice, "kind": "taken", "date": days[0]})
        row = self.row()
        self.assertEqual((row.users, row.login_text), (3, "2 of 3"))
        self.assertEqual((row.activities, row.activities_timely), (6, 4))
        self.assertEqual(row.activity_text, "67 % of 6")
        self.assertEqual((row.advice, row.advice_taken), (4, 1))
        self.assertEqual(row.advice_text, "not enough data (4)")
        taken.copy({"kind": "shown", "date": self.today, "source": "call"})
        self.env.invalidate_all()
        self.assertEqual(self.row().advice_text, "20 % of 5")
        self.assertFalse(self.row(self.other_role))
        self.training.role_id = self.other_role
        nobody = self.row(self.other_role)
        self.assertEqual((nobody.login_text, nobody.training_text), ("no users", "nobody invited"))

    def test_copied(self):
        duty = self.env["crm.programme.duty"].create(
            {"programme_id": self.plan.id, "duty": "Answers complaints", "before": "Anybody",
             "after": "Service", "date_from": "2026-09-01"}
        )  # fmt: skip
        self.training.write({"date": "2026-06-01 08:00:00", "step_id": self.plan.step_ids.id})
        self.training.action_invite()
        copy = self.plan.copy()
        self.assertEqual((copy.duty_ids.after, copy.duty_ids.date_from), ("Service", False))
        self.assertEqual((copy.training_ids.name, copy.training_ids.hours), ("Calls", 2))
        self.assertFalse(copy.training_ids.date or copy.training_ids.attendance_ids)
        with self.assertRaises(ValidationError):
            copy.training_ids.step_id = self.plan.step_ids
        self.plan.unlink()
        self.assertFalse(duty.exists() or self.training.exists())

    def test_second_company(self):
        """Users of the other company are no callers here."""
        other = self.env["res.company"].create({"name": "Other"})
        self.cleo.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertEqual(self.row().users, 2)
        boss = new_test_user(
            self.env, "caller_boss", "sales_team.group_sale_salesman_all_leads",
            company_ids=[Command.set(other.ids)], company_id=other.id,
        )  # fmt: skip
        self.assertFalse(self.row().with_user(boss).search([]) & self.row())
        with self.assertRaises(AccessError):
            self.training.with_user(boss).read(["name"])

    def test_access_matrix(self):
        users = {
            login: new_test_user(self.env, login=f"around_{login}", groups=groups)
            for login, groups in UsersMixin.USERS.items()
        }
        for model, rights in MODELS.items():
            for operation, allowed in zip(
                ("read", "write", "create", "unlink"), rights, strict=True
            ):
                found = {
                    login for login, user in users.items()
                    if self.env[model].with_user(user).has_access(operation)
                }  # fmt: skip
                self.assertEqual(found, allowed, (model, operation))

    def test_own_only(self):
        """A salesperson reads and changes what belongs to their own programmes."""
        values = {
            "crm.programme.system": {"name": "System"}, "crm.programme.need": {"name": "Need"},
            "crm.programme.candidate": {"name": "Candidate"}, "crm.programme.duty": {"duty": "It"},
            "crm.programme.goal": {"kpi": "win_rate", "target": 1.0},
            "crm.programme.training": {"name": "Training"},
        }  # fmt: skip
        theirs = self.programme(name="Theirs", user_id=self.env.ref("base.user_admin").id)
        template = theirs.browse(theirs.action_save_template()["res_id"])
        for model, vals in values.items():
            own = self.env[model].with_user(self.seller).create(
                {"programme_id": self.plan.id, **vals}
            )
            field = next(iter(vals))
            own.write({field: vals[field]})
            record = self.env[model].create({"programme_id": theirs.id, **vals})
            shared = self.env[model].create({"programme_id": template.id, **vals})
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(model=model):
                self.assertTrue(shared.with_user(self.seller).read([field]))
                with self.assertRaises(AccessError):
                    record.with_user(self.seller).read([field])
                for other in (record, shared):
                    with self.assertRaises(AccessError):
                        other.with_user(self.seller).write({field: vals[field]})
                with self.assertRaises(AccessError):
                    own.copy({"programme_id": theirs.id})
