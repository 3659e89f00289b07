"""The timeline of a programme and its figures, against values worked out by hand."""

from datetime import date, timedelta
from unittest import TestCase

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from ..lib import programme_picture as geometry
from .common_programme import ProgrammeCommon

MAY_JUNE = geometry.Axis(date(2026, 5, 1), date(2026, 6, 30))


@tagged("post_install", "-at_install")
class TestProgrammeGeometry(TestCase):
    def test_whole_months_around(self):
        days = [date(2026, 5, 4), date(2026, 6, 1)]
        self.assertEqual(geometry.Axis.around(days), MAY_JUNE)
        self.assertIsNone(geometry.Axis.around([]))
        february = geometry.Axis.around([date(2028, 2, 10)])
        self.assertEqual(february, geometry.Axis(date(2028, 2, 1), date(2028, 2, 29)))

    def test_places(self):
        """61 days: the 1st of June begins after 31 of them, the 30th ends with the axis."""
        self.assertEqual(MAY_JUNE.place(date(2026, 5, 1)), 0)
        self.assertEqual(MAY_JUNE.place(date(2026, 6, 1)), round(3100 / 61, 3))
        self.assertEqual(MAY_JUNE.place(date(2026, 6, 30), end=True), 100)
        self.assertIsNone(MAY_JUNE.place(date(2026, 7, 1)))

    def test_bars(self):
        """Both days are part of a bar; what is beside the axis is cut."""
        self.assertEqual(
            MAY_JUNE.bar(date(2026, 5, 4), date(2026, 5, 8)),
            {"left": round(300 / 61, 3), "width": round(500 / 61, 3)},
        )
        self.assertEqual(
            MAY_JUNE.bar(date(2026, 4, 1), date(2026, 8, 1)), {"left": 0, "width": 100}
        )

    def test_labels(self):
        """Up to twelve months have their names, thirteen every second one."""
        self.assertEqual([one["labelled"] for one in MAY_JUNE.months()], [True, True])
        long = geometry.Axis(date(2026, 1, 1), date(2027, 1, 31)).months()
        self.assertEqual(len(long), 13)
        self.assertEqual([one["labelled"] for one in long[:4]], [True, False, True, False])
        self.assertAlmostEqual(sum(one["width"] for one in long), 100, 1)

    def test_breaks(self):
        """Weekends as one bar each; on a long axis only what is three days or longer."""

        def working(axis, off):
            days = (axis.first + timedelta(days=number) for number in range(axis.days))
            return {day for day in days if day.weekday() < 5 and day not in off}

        may = geometry.Axis(date(2026, 5, 1), date(2026, 5, 31))
        found = may.breaks(working(may, {date(2026, 5, 6)}))
        self.assertEqual(len(found), 6)  # five weekends and a Wednesday
        self.assertEqual(found[1], may.bar(date(2026, 5, 6), date(2026, 5, 6)))
        self.assertEqual(found[-1], may.bar(date(2026, 5, 30), date(2026, 5, 31)))
        year = geometry.Axis(date(2026, 1, 1), date(2026, 12, 31))
        found = year.breaks(working(year, {date(2026, 5, 4)}))
        self.assertEqual(found, [year.bar(date(2026, 5, 2), date(2026, 5, 4))])

    def test_money(self):
        """Columns, what comes later, and all of it add up."""
        paid = [
            (date(2026, 5, 4), 100.0, False), (date(2026, 5, 20), 50.0, True),
            (date(2026, 6, 20), 50.0, True), (date(2026, 12, 20), 50.0, True),
            (date(2027, 1, 2), 50.05, True),
        ]  # fmt: skip
        found = geometry.columns(paid, MAY_JUNE)
        may, june = found["columns"]
        self.assertEqual((may["once"], may["running"], may["total"]), (100, 50, 150))
        self.assertEqual((may["once_height"], may["running_height"]), (66.667, 33.333))
        self.assertEqual((june["total"], june["running_height"]), (50, 33.333))
        self.assertEqual([(one["year"], one["total"]) for one in found["later"]],
                         [(2026, 50), (2027, 50.05)])  # fmt: skip
        self.assertEqual(found["after"], {"once": 0, "running": 100.05, "total": 100.05})
        self.assertEqual(found["all"], {"once": 100, "running": 200.05, "total": 300.05})
        empty = geometry.columns([], MAY_JUNE)
        self.assertEqual([one["once_height"] for one in empty["columns"]], [0, 0])

    def test_years_of_ownership(self):
        """The second year begins on the day of the start."""
        start = date(2026, 5, 4)
        paid = [(date(2026, 5, 4), 1.0, False), (date(2027, 5, 3), 2.0, True),
                (date(2027, 5, 4), 4.0, True)]  # fmt: skip
        found = geometry.by_year(paid, start)
        self.assertEqual([(year, row["total"]) for year, row in found.items()], [(1, 3), (2, 4)])


@tagged("post_install", "-at_install")
class TestProgrammePicture(ProgrammeCommon):
    """Monday, 4 May, 16 hours, then 24 hours over the holiday on Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.programme(ownership_years=1)
        cls.phase = cls.env["crm.programme.phase"].create(
            {"programme_id": cls.plan.id, "name": "Start"}
        )
        cls.first = cls.step(cls.plan, "Listen", 16, phase_id=cls.phase.id)
        cls.second = cls.step(cls.plan, "Build", 24, [cls.first], vendor_id=cls.vendor.id)
        cls.left_out = cls.step(
            cls.plan, "Own servers", 8, struck_out=True, struck_reason="In the cloud"
        )
        cls.env["crm.programme.cost"].create(
            {"step_id": cls.second.id, "name": "Licences", "kind": "licence", "period": "month",
             "unit_price": 10.0}
        )  # fmt: skip

    @freeze_time("2026-05-08")
    def test_picture(self):
        """Listen: Monday and Tuesday; Build: Thursday, Friday and Monday, 11 May."""
        self.first.state = "done"
        self.first.done_on = date(2026, 5, 5)
        found = self.plan.picture()
        axis = found["axis"]
        self.assertEqual((axis["first"], axis["last"]), (date(2026, 5, 1), date(2026, 5, 31)))
        self.assertEqual([one["label"] for one in axis["months"]], ["May 2026"])
        long = geometry.Axis(date(2026, 11, 1), date(2027, 2, 28)).months()
        self.assertEqual(
            [one["label"] for one in self.plan._month_labels(long)],
            ["Nov 2026", "Dec", "Jan 2027", "Feb"],
        )
        self.assertEqual(axis["today"], round(700 / 31, 3))
        self.assertEqual(axis["end"], round(1100 / 31, 3))
        start, loose = found["phases"]
        self.assertEqual((start["name"], start["acceptance"]), ("Start", True))
        self.assertEqual((start["left"], start["width"]), (round(300 / 31, 3), round(200 / 31, 3)))
        self.assertEqual((start["progress"], start["critical"]), (1, False))
        self.assertEqual((loose["name"], loose["acceptance"]), ("Without a phase", False))
        build, servers = loose["steps"]
        self.assertEqual((build["first"], build["last"]), (date(2026, 5, 7), date(2026, 5, 11)))
        self.assertTrue(build["critical"])
        self.assertEqual(build["who"], "Systems Ltd")
        self.assertEqual((servers["struck"], servers["first"]), ("In the cloud", False))
        self.assertEqual(found["steps"], 2)

    def test_money_ties(self):
        """1,600 + 2,400 of work and twelve licences from the end on: the cost of ownership."""
        cash = self.plan.picture()["cash"]
        self.assertEqual(cash["columns"][0]["once"], 4000)
        self.assertEqual(cash["all"], {"once": 4000, "running": 120, "total": 4120})
        self.assertEqual(cash["all"]["total"], self.plan.amount_ownership)
        self.assertEqual(cash["columns"][0]["running"] + cash["after"]["running"], 120)

    def test_late_and_progress(self):
        with freeze_time("2026-05-12"):
            build = self.plan.picture()["phases"][1]["steps"][0]
            self.assertTrue(build["late"])
        with freeze_time("2026-05-11"):
            build = self.plan.picture()["phases"][1]["steps"][0]
            self.assertFalse(build["late"])
        self.first.progress = 0.5
        self.assertEqual(self.plan.progress, 0.2)  # 8 of 40 hours

    def test_nothing_to_draw(self):
        """No steps, no dates: an answer, not an error."""
        empty = self.programme().picture()
        self.assertEqual((empty["steps"], empty["axis"], empty["phases"]), (0, None, None))
        template = self.programme(
            is_template=True, date_start=False, company_id=False, resource_calendar_id=False
        )
        self.step(template, "Listen", 8)
        self.assertEqual((template.picture()["steps"], template.picture()["axis"]), (1, None))

    def test_access(self):
        """Who may not read the programme gets no picture of it."""
        with self.assertRaises(AccessError):
            self.plan.with_user(self.seller).picture()  # somebody else's
        self.plan.user_id = self.seller
        self.assertEqual(self.plan.with_user(self.seller).picture()["steps"], 2)
        for login, group in (("p_plain", "base.group_user"), ("p_portal", "base.group_portal")):
            user = new_test_user(self.env, login, group)
            with self.assertRaises(AccessError):
                self.plan.with_user(user).picture()
