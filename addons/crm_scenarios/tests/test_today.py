"""'Today': sources, order, outcomes, the ledger."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..lib.today_rank import Line, rank
from .common_scenarios import ScenariosCase


@tagged("post_install", "-at_install")
class TestToday(ScenariosCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.me, cls.peer = (
            new_test_user(cls.env, login=login, groups="sales_team.group_sale_salesman")
            for login in ("today_me", "today_peer")
        )
        cls.shop, cls.cafe, cls.theirs = (
            cls.customer(name, user_id=user.id, phone="+44 20 7946 0958")
            for name, user in (("Shop", cls.me), ("Cafe", cls.me), ("Theirs", cls.peer))
        )
        # every 30 days, the last time 40 days ago
        for partner in (cls.shop, cls.theirs):
            for day in (160, 130, 100, 70, 40):
                cls.sale(partner, day, 200)
        cls.metrics.refresh(cls.shop | cls.cafe | cls.theirs, cls.company)

    def today_of(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["crm.today"].with_user(user or self.me)

    def lines(self, user=None, limit=50):
        found = self.today_of(user).actions(limit)["lines"]
        return {line["name"]: line for line in found}

    def plan(self, record, days=0, **values):
        return record.activity_schedule(
            "mail.mail_activity_data_call", self.today + timedelta(days), "Ask",
            user_id=self.me.id, **values,
        )  # fmt: skip

    def asked(self, line):
        first = line["reasons"][0]
        return {"source": first["source"], "activity_id": first.get("activity_id"),
                "partner_id": line["partner_id"], "lead_id": line["lead_id"]}  # fmt: skip

    def test_due(self):
        lines = self.lines()
        self.assertEqual(set(lines), {"Shop"})
        line = lines["Shop"]
        self.assertEqual(line["reasons"][0]["source"], "due")
        self.assertIn("40 days ago, usually every 30", line["reasons"][0]["text"])
        self.assertEqual((line["overdue"], line["money"], line["basis"]), (10, 20.0, "estimate"))
        # something planned: the activity is the line, later
        self.plan(self.shop, 5)
        self.assertEqual(self.lines(), {})

    def test_one_line_per_customer(self):
        lead = self.env["crm.lead"].create(
            {"name": "Big deal", "type": "opportunity", "partner_id": self.shop.id,
             "user_id": self.me.id, "expected_revenue": 5000, "probability": 50}
        )  # fmt: skip
        self.plan(self.shop, -2)
        self.plan(lead)
        self.plan(self.cafe)
        lines = self.lines()
        self.assertEqual(list(lines), ["Shop", "Cafe"])
        shop = lines["Shop"]
        self.assertEqual(len(shop["reasons"]), 2)
        self.assertEqual(shop["money"], 250.0)  # a tenth of 5000 at 50 %
        self.assertIsNone(lines["Cafe"]["money"])
        # activities of colleagues are theirs
        self.assertNotIn("Cafe", self.lines(self.peer))

    def test_meetings_and_messages(self):
        self.env["calendar.event"].create(
            {"name": "Visit", "start": fields.Datetime.now(),
             "stop": fields.Datetime.now() + timedelta(hours=1),
             "partner_ids": [(4, self.me.partner_id.id), (4, self.cafe.id)]}
        )  # fmt: skip
        lines = self.lines()
        self.assertEqual(list(lines), ["Cafe", "Shop"])  # promised first
        self.assertEqual(lines["Cafe"]["reasons"][0]["source"], "meeting")
        message = self.shop.message_post(
            body="Hello?", message_type="email", author_id=self.shop.id
        )
        self.assertEqual(self.lines()["Shop"]["reasons"][0]["source"], "due")
        message.date -= timedelta(hours=25)
        self.assertEqual(self.lines()["Shop"]["reasons"][0]["source"], "message")
        self.shop.message_post(
            body="Yes", message_type="comment", author_id=self.me.partner_id.id
        )
        self.assertEqual(self.lines()["Shop"]["reasons"][0]["source"], "due")

    def test_no_answer(self):
        line = self.lines()["Shop"]
        self.today_of().outcome(self.asked(line), "no_answer", 2)
        activity = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.shop.id)]
        )
        self.assertEqual((activity.date_deadline, activity.user_id),
                         (self.today + timedelta(2), self.me))  # fmt: skip
        done = self.env["mail.activity"].with_context(active_test=False).search(
            [("res_id", "=", self.shop.id), ("active", "=", False)]
        )
        self.assertEqual(done.feedback, "No answer")
        self.assertEqual(self.lines(), {})
        ledger = self.env["crm.advice"].search([("partner_id", "=", self.shop.id)], order="id")
        self.assertEqual(ledger.mapped("kind"), ["shown", "taken"])
        # a done call is a contact
        self.metrics.refresh(self.shop, self.company)
        self.assertEqual(self.shop.contacts_30d, 1)

    def test_scenario_step(self):
        scenario = self.scenario()
        scenario.enter_by_hand(self.shop.ids)
        self.process()
        run = self.runs(scenario)
        line = self.lines()["Shop"]
        self.assertEqual((line["reasons"][0]["source"], line["reasons"][0]["text"]),
                         ("scenario", "Call · Test"))  # fmt: skip
        self.assertEqual((line["money"], line["basis"]), (20.0, "estimate"))
        run.version_id.worths = {str(self.company.id): 12.5}
        line = self.lines()["Shop"]
        self.assertEqual((line["money"], line["basis"]), (12.5, "measured"))
        self.today_of().outcome(self.asked(line), "no_answer")
        self.assertEqual(run.activity_ids.date_deadline, self.today + timedelta(3))
        run.activity_ids.date_deadline = self.today
        self.today_of().outcome(self.asked(self.lines()["Shop"]), "not_interested", None, "price")
        self.assertEqual((run.state, run.reason), ("cancelled", "Too expensive"))
        self.assertEqual(self.lines(), {})

    def test_order(self):
        action = self.today_of().outcome(self.asked(self.lines()["Shop"]), "order")
        self.assertEqual((action["res_model"], action["context"]["default_partner_id"]),
                         ("sale.order", self.shop.id))  # fmt: skip

    def test_snooze_and_dismiss(self):
        self.today_of().snooze(self.asked(self.lines()["Shop"]), 3)
        self.assertEqual(self.lines(), {})
        self.env["crm.advice"].search([]).date_until = self.today
        activity = self.plan(self.cafe)
        self.today_of().snooze(self.asked(self.lines()["Cafe"]), 3)
        self.assertEqual(activity.date_deadline, self.today + timedelta(3))
        self.today_of().dismiss(self.asked(self.lines()["Shop"]), "wrong")
        self.assertEqual(self.lines(), {})
        activity.date_deadline = self.today
        self.today_of().dismiss(self.asked(self.lines()["Cafe"]), "timing")
        self.assertFalse(activity.exists())

    def test_next_on_the_customer(self):
        person = self.customer("Person", is_company=False, parent_id=self.shop.id)
        found = self.today_of().next_for(partner_id=person.id)
        self.assertEqual(found["line"]["reasons"][0]["source"], "due")
        lead = self.env["crm.lead"].create({"name": "Deal", "user_id": self.me.id})
        self.assertFalse(self.today_of().next_for(lead_id=lead.id)["line"])
        self.plan(lead)
        line = self.today_of().next_for(lead_id=lead.id)["line"]
        self.assertEqual((line["lead_id"], line["reasons"][0]["text"]), (lead.id, "Ask"))
        self.assertFalse(self.today_of(self.peer).next_for(partner_id=self.shop.id)["line"])
        with self.assertRaises(UserError):
            self.today_of().next_for()

    def test_refused(self):
        today = self.today_of()
        line = self.asked(self.lines()["Shop"])
        activity = self.plan(self.theirs)
        activity.user_id = self.peer
        foreign = {"source": "activity", "activity_id": activity.id}
        for call in (
            lambda: today.actions(0),
            lambda: today.outcome(line, "whatever"),
            lambda: today.outcome(line, "not_interested"),
            lambda: today.snooze(line, 0),
            lambda: today.snooze(line, True),
            lambda: today.dismiss(line, "x"),
            lambda: today.outcome({"source": "due"}, "reached"),
            lambda: today.outcome({"source": "x", "partner_id": self.shop.id}, "reached"),
            lambda: today.outcome({"source": "due", "partner_id": "1"}, "reached"),
            lambda: today.outcome({"source": "activity", "activity_id": 10**8}, "reached"),
        ):
            with self.assertRaises(UserError):
                call()
        plain = new_test_user(self.env, login="today_plain", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.today_of(plain).actions()
        hidden = self.customer("Hidden", company_id=self.env["res.company"].create(
            {"name": "Elsewhere"}).id)  # fmt: skip
        with self.assertRaises(AccessError):
            self.today_of().outcome({"source": "due", "partner_id": hidden.id}, "reached")
        with self.assertRaises(AccessError):
            self.today_of().snooze({"source": "due", "partner_id": hidden.id}, 3)
        self.assertTrue(activity.exists() and foreign)

    def test_rank(self):
        """Money first, but three of ten places are for those who have waited longest."""
        lines = [Line(f"rich{n}", 100 - n, 0) for n in range(12)]
        lines += [Line(f"late{n}", 1, n) for n in range(1, 6)]
        lines.append(Line("meeting", None, 0, urgent=True))
        found = rank(lines, 11)
        self.assertEqual(found[0], "meeting")
        self.assertEqual(found[1:8], [f"rich{n}" for n in range(7)])
        self.assertEqual(found[8:], ["late5", "late4", "late3"])
        # nobody waits: money alone; and what isn't known comes last
        self.assertEqual(rank([Line("a", None), Line("b", 0.0), Line("c", 5)], 3), ["c", "b", "a"])

    def test_caller(self):
        self.theirs.phone = "020 7946 0000"
        caller = self.env["crm.caller"].with_user(self.me)
        self.env.flush_all()
        names = {one["name"] for one in caller.find("0044 (0)20 7946-0958")}
        self.assertEqual(names, {"Shop", "Cafe"})
        self.assertEqual(caller.find("12"), [])
        self.assertEqual(caller.find(None), [])
        brief = caller.brief(self.shop.id)
        self.assertEqual((brief["name"], brief["revenue_12m"], brief["overdue"]),
                         ("Shop", 1000.0, 0.0))  # fmt: skip
        # a colleague's figures stay hidden
        theirs = caller.brief(self.theirs.id)
        self.assertIsNone(theirs["revenue_12m"])
        self.assertIsNone(theirs["overdue"])
        self.today_of().outcome({"source": "call", "partner_id": self.shop.id}, "reached")
        self.assertEqual(self.env["crm.advice"].search([], limit=1).source, "call")

    def done(self, record):
        """Done activities of a record."""
        return self.env["mail.activity"].with_context(active_test=False).search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("active", "=", False)]
        )

    def test_a_call_by_its_number_is_noted_at_once(self):
        caller = self.env["crm.caller"].with_user(self.me)
        call_id = caller.log("+44 20 7946 0958", partner_id=self.shop.id)
        # the screen opened again is the same call
        self.assertEqual(caller.log("+44 20 7946 0958", partner_id=self.shop.id), call_id)
        call = self.done(self.shop)
        self.assertEqual((call.id, call.user_id, call.summary),
                         (call_id, self.me, "Call with +44 20 7946 0958"))  # fmt: skip
        self.metrics.refresh(self.shop, self.company)
        self.assertEqual(self.shop.contacts_30d, 1)
        line = {"source": "call", "activity_id": call_id, "partner_id": self.shop.id}
        self.today_of().outcome(line, "no_answer", 2)
        self.env.invalidate_all()
        self.assertEqual((self.done(self.shop), call.feedback), (call, "No answer"))
        # a colleague's call is not mine to change
        with self.assertRaises(UserError):
            self.today_of(self.peer).outcome(line, "reached")
        with self.assertRaises(UserError):
            caller.log(" ", partner_id=self.shop.id)
        lead = self.env["crm.lead"].create(
            {"name": "Unknown shop", "phone": "123456789", "user_id": self.me.id}
        )
        caller.log("123456789", lead_id=lead.id)
        self.assertEqual(self.done(lead).summary, "Call with 123456789")

    def test_team_queue(self):
        """Salesperson, else the last order's, else the members of its team, else the first team."""
        teams = self.env["crm.team"]
        teams.search([]).active = False
        first, north = teams.create(
            [{"name": name, "sequence": order, "company_id": False}
             for order, name in enumerate(("First", "North"), 1)]
        )  # fmt: skip
        self.env["crm.team.member"].create(
            [{"crm_team_id": first.id, "user_id": self.me.id},
             {"crm_team_id": north.id, "user_id": self.peer.id}]
        )  # fmt: skip
        self.shop.user_id = False
        self.assertIn("Shop", self.lines())  # nobody's: the first team
        self.assertNotIn("Shop", self.lines(self.peer))
        order = self.env["sale.order"].create(
            {"partner_id": self.shop.id, "user_id": False, "team_id": north.id}
        )
        order.action_confirm()
        self.assertIn("Shop", self.lines(self.peer))  # the last order's team
        self.assertNotIn("Shop", self.lines())
        order.user_id = self.me
        self.assertIn("Shop", self.lines())  # the last order's salesperson
        self.assertNotIn("Shop", self.lines(self.peer))
        self.shop.user_id = self.peer
        self.assertIn("Shop", self.lines(self.peer))
        self.assertNotIn("Shop", self.lines())
        # a message of a customer of nobody waits for the team too
        cafe = self.cafe
        cafe.user_id = False
        message = cafe.message_post(body="Hello?", message_type="email", author_id=cafe.id)
        message.date -= timedelta(hours=25)
        self.assertEqual(self.lines()["Cafe"]["reasons"][0]["source"], "message")
        self.assertNotIn("Cafe", self.lines(self.peer))
