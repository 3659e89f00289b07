"""Server actions on joining and leaving; nothing of theirs fails or runs where it mustn't."""

from unittest.mock import patch

import psycopg2
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import InvoiceCase, SegmentsCase, UsersMixin

LOGGER = "odoo.addons.crm_segments.models.crm_segment_membership_hooks"


class ActionsMixin:
    """Segments with actions that leave a trace on the customers."""

    @classmethod
    def set_up_actions(cls):
        cls.div = cls.rules({"In": "[('city', '=', 'Radom')]", "Out": "[]"})
        cls.inside, cls.outside = cls.div.segment_ids

    @classmethod
    def action(cls, code, model="res.partner"):
        return cls.env["ir.actions.server"].create(
            {
                "name": "Trace",
                "model_id": cls.env["ir.model"]._get_id(model),
                "state": "code",
                "code": code,
            }
        )

    def changed(self, joined=(), left=()):
        pairs = [[(partner.id, segment.id) for partner, segment in one] for one in (joined, left)]
        self.env["crm.segment.membership"]._memberships_changed(*pairs)


@tagged("post_install", "-at_install")
class TestMembershipHooks(ActionsMixin, UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_actions()
        cls.ann, cls.bob = cls.customer("Ann"), cls.customer("Bob")

    def test_joining_and_leaving(self):
        self.inside.join_action_id = self.action("records.write({'ref': 'joined'})")
        self.inside.leave_action_id = self.action("records.write({'ref': 'left'})")
        self.changed([(self.ann, self.inside), (self.bob, self.outside)])
        self.assertEqual((self.ann.ref, self.bob.ref), ("joined", False))
        self.changed(left=[(self.ann, self.inside)], joined=[(self.ann, self.outside)])
        self.assertEqual((self.ann.ref, self.bob.ref), ("left", False))
        self.changed()

    def test_once_for_a_batch(self):
        self.inside.join_action_id = self.action(
            "records.write({'ref': '%s of %s in %s' % (len(records), env.context['active_model'],"
            " env.companies.ids)})"
        )
        partners = self.env["res.partner"].create([{"name": f"N{n}"} for n in range(5)])
        with patch("odoo.addons.crm_segments.models.crm_segment_membership_hooks.BATCH", 3):
            self.changed([(partner, self.inside) for partner in partners])
        company = self.env.company.ids
        self.assertEqual(
            partners.mapped("ref"),
            [f"3 of res.partner in {company}"] * 3 + [f"2 of res.partner in {company}"] * 2,
        )

    def test_nothing_of_the_caller_gets_into_the_action(self):
        action = self.action("records.write({'ref': '%s %s' % (env.uid, sorted(env.context))})")
        self.inside.join_action_id = action
        self.set_up_users()
        hooks = self.as_user("own", self.env["crm.segment.membership"])
        hooks.with_context(segments_scope=[1], default_city="X", lang="en_US")._memberships_changed(
            [(self.ann.id, self.inside.id)], []
        )
        self.assertRegex(self.ann.ref, "^1 ")
        for name in ("segments_scope", "default_city", "lang"):
            self.assertNotIn(name, self.ann.ref)

    def test_a_mistake_in_another_app_ends_nothing(self):
        """The memberships stay, the other segmentations run, and the queue goes on."""
        other = self.rules({"All": "[]"}, name="Other")
        (self.ann | self.bob).with_context(segments_defer=True).city = "Radom"
        memberships = type(self.env["crm.segment.membership"])
        origin = memberships._memberships_changed
        for error in (KeyError("gone"), UserError("no"), psycopg2.errors.NotNullViolation("x")):

            def failing(hooks, joined, left, error=error):
                hooks.env["res.partner"].browse(self.bob.id).ref = "half"
                origin(hooks, joined, left)
                raise error

            with (
                self.subTest(error=error),
                mute_logger(LOGGER),
                patch.object(memberships, "_memberships_changed", failing),
            ):
                runs = (self.div | other).run()
                self.assertEqual(set(runs.mapped("state")), {"done"})
                self.assertIn("another app does", runs[0].notes_text)
                self.assertEqual(self.placed(self.div, self.ann), {"Ann": "In"})
                self.ann.city = "Lodz"
                self.assertEqual(self.placed(self.div, self.ann), {"Ann": "Out"})
                self.assertFalse(self.queued())
                self.assertFalse(self.bob.ref)
                self.ann.with_context(segments_defer=True).city = "Radom"
                self.current(other).unlink()

    def test_a_failing_action_fails_nothing_else(self):
        self.inside.join_action_id = self.action(
            "records.write({'ref': 'half'})\nraise UserError('no mail server')"
        )
        self.outside.join_action_id = self.action("records.write({'ref': 'done'})")
        with mute_logger(LOGGER):
            self.changed([(self.ann, self.inside), (self.bob, self.outside)])
        self.assertEqual((self.ann.ref, self.bob.ref), (False, "done"))
        self.assertEqual(self.inside.action_error, "Trace: no mail server")
        self.assertFalse(self.outside.action_error)
        for code in ("1 / 0", "env.cr.execute('nonsense')", "env['gone']", "raise Warning('x')"):
            self.inside.join_action_id.code = code
            with mute_logger(LOGGER), self.subTest(code):
                self.changed([(self.ann, self.inside)])
                self.assertTrue(self.inside.action_error)
                self.env.cr.execute("SELECT 1")  # the transaction goes on
        self.inside.join_action_id.code = "records.write({'ref': 'well'})"
        self.changed([(self.ann, self.inside)])
        self.assertEqual((self.ann.ref, self.inside.action_error), ("well", False))

    def test_of_several_batches_the_good_ones_stay(self):
        self.inside.join_action_id = self.action(
            "records.write({'ref': 'done'})\nif records[0].name == 'Bob': raise UserError('Bob')"
        )
        with (
            patch("odoo.addons.crm_segments.models.crm_segment_membership_hooks.BATCH", 1),
            mute_logger(LOGGER),
        ):
            self.changed([(self.ann, self.inside), (self.bob, self.inside)])
        self.assertEqual((self.ann.ref, self.bob.ref), ("done", False))
        self.assertEqual(self.inside.action_error, "Trace: Bob")

    def test_busy_is_no_failure_of_the_action(self):
        """Whoever writes memberships does so again, so the action is not lost."""
        self.inside.join_action_id = self.action("pass")
        for error in (psycopg2.errors.LockNotAvailable(), psycopg2.errors.SerializationFailure()):
            with (
                patch.object(type(self.env["ir.actions.server"]), "run", side_effect=error),
                self.assertRaises(psycopg2.OperationalError),
            ):
                self.changed([(self.ann, self.inside)])
        self.assertFalse(self.inside.action_error)

    def test_actions_that_undo_each_other_end(self):
        """The customer is placed by what the action writes; each action runs once."""
        move = "records.write({'city': '%s', 'ref': '%s' + (records[0].ref or '')})"
        self.inside.join_action_id = self.action(move % ("Kielce", "i"))
        self.outside.join_action_id = self.action(move % ("Radom", "o"))
        self.ann.city = "Radom"
        self.assertEqual(self.ann.ref, "oi")
        self.assertEqual((self.ann.city, self.ann.segment_ids), ("Radom", self.inside))

    def test_unknown_and_deleted_segments(self):
        self.inside.join_action_id = self.action("records.write({'ref': 'x'})")
        gone = self.inside.id
        self.inside.unlink()
        self.env["crm.segment.membership"]._memberships_changed([(self.ann.id, gone)], [])
        self.assertFalse(self.ann.ref)

    def test_deleted_action(self):
        self.inside.join_action_id = self.action("pass")
        self.inside.join_action_id.unlink()
        self.assertFalse(self.inside.join_action_id)
        self.changed([(self.ann, self.inside)])

    def test_an_override_hears_of_everything(self):
        calls = []
        Membership = type(self.env["crm.segment.membership"])
        base = Membership._memberships_changed

        def heard(model, joined, left):
            calls.append((joined, left, model.env.company))
            return base(model, joined, left)

        with patch.object(Membership, "_memberships_changed", heard):
            self.changed([(self.ann, self.inside)])
        self.assertEqual(calls, [([(self.ann.id, self.inside.id)], [], self.env.company)])

    # who may choose actions

    def test_only_system_administrators_choose(self):
        self.set_up_users()
        action = self.action("pass")
        for login in ("marketer", "all", "reader", "own"):
            segment = self.as_user(login, self.inside)
            for name in ("join_action_id", "leave_action_id"):
                with self.subTest((login, name)):
                    with self.assertRaises(AccessError):
                        segment.write({name: action.id})
                    with self.assertRaises(AccessError):
                        segment.read([name])
                    with self.assertRaises(AccessError):
                        segment.search([(name, "!=", False)])
                    with self.assertRaises(AccessError):
                        self.as_user(login, self.div).write(
                            {"segment_ids": [Command.create({"name": "N", name: action.id})]}
                        )
        marketer = self.as_user("marketer", self.div)
        copied = marketer.copy()
        self.assertFalse(copied.sudo().segment_ids.join_action_id)
        self.as_user("marketer", self.inside).write({"name": "Renamed", "threshold": 3})

    def test_the_check_holds_without_the_groups_of_the_fields(self):
        self.set_up_users()
        segment = self.as_user("marketer", self.inside)
        with self.assertRaises(AccessError):
            segment._check_actions_allowed(["leave_action_id"])
        segment._check_actions_allowed(["name"])

    def test_copies_come_without_actions(self):
        self.inside.join_action_id = self.action("pass")
        self.assertFalse(self.div.copy().segment_ids.join_action_id)

    def test_actions_on_other_models_are_refused(self):
        with self.assertRaises(ValidationError):
            self.inside.join_action_id = self.action("pass", model="crm.lead")


@tagged("post_install", "-at_install")
class TestPostingPath(ActionsMixin, InvoiceCase):
    def test_posting_places_nobody_and_runs_no_action(self):
        """A first invoice makes the host write the customer's rank."""
        self.set_up_actions()
        partner = self.customer("New", city="Radom")
        invoice = self.invoice(partner, 3, 100, post=False)
        self.env["crm.segment.queue"].sudo().search([]).unlink()
        Segmentation = type(self.env["crm.segmentation"])
        with patch.object(Segmentation, "_place") as placing:
            posted = invoice._post()
            placing.assert_not_called()
        self.assertNotIn("segments_posting", posted.env.context)
        self.assertEqual(partner.customer_rank, 1)
        self.assertEqual(self.queued(), partner)
