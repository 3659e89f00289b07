"""Versions: one per save, in words, with the way back."""

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import SegmentsCase, UsersMixin


@tagged("post_install", "-at_install")
class TestVersions(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.div = cls.segmentation(
            "tier", {"Gold": {"threshold": 1000}, "Silver": {"threshold": 10}}, name="Tiers"
        )
        cls.gold, cls.silver = cls.div.segment_ids
        groups = "crm_segments.group_segments_manager"
        cls.manager = new_test_user(cls.env, login="version_manager", groups=groups)

    def summaries(self, segmentation=None):
        """Texts of the versions, oldest first."""
        versions = (segmentation or self.div).version_ids.sorted("number")
        self.assertEqual(versions.mapped("number"), list(range(1, len(versions) + 1)))
        return versions.mapped("summary")

    def test_creation_is_the_first_version(self):
        self.assertEqual(self.summaries(), ["First version"])
        self.assertEqual(self.div._current_version().user_id, self.env.user)

    def test_one_version_per_save(self):
        self.div.write(
            {
                "exclusive": False,
                "segment_ids": [
                    Command.update(self.gold.id, {"threshold": 2000}),
                    Command.update(self.silver.id, {"threshold": 20.5, "name": "Zinc"}),
                    Command.create({"name": "Tin", "threshold": 1, "sequence": 3}),
                ],
            }
        )
        self.assertEqual(len(self.div.version_ids), 2)
        self.assertEqual(
            set(self.summaries()[1].split("\n")),
            {
                "Exclusive changed",
                "Limit of “Gold” 1,000 → 2,000",
                "Limit of “Zinc” 10 → 20.50",
                "“Silver” renamed to “Zinc”",
                "“Tin” added",
            },
        )

    def test_changes_of_segments_alone(self):
        (self.gold | self.silver).write({"active": True})  # says what is so
        self.assertEqual(len(self.div.version_ids), 1)
        self.gold.threshold = 1500
        self.silver.active = False
        self.gold.color = 7
        self.gold.description = "Nothing that decides"
        self.silver.unlink()
        self.env["crm.segment"].create(
            [
                {"segmentation_id": self.div.id, "name": "Tin", "threshold": 2},
                {"segmentation_id": self.div.id, "name": "Lead", "threshold": 1},
            ]
        )
        self.assertEqual(
            self.summaries()[1:],
            [
                "Limit of “Gold” 1,000 → 1,500",
                "“Silver” archived",
                "“Silver” removed",
                "“Tin” added\n“Lead” added",
            ],
        )

    def test_order_and_includes(self):
        self.gold.include_segment_ids = self.silver
        self.div.write(
            {
                "segment_ids": [
                    Command.update(self.gold.id, {"sequence": 8}),
                    Command.update(self.silver.id, {"sequence": 4}),
                ]
            }
        )
        self.assertEqual(
            self.summaries()[1:],
            ["Included segments of “Gold” changed", "Order of the segments changed"],
        )

    def test_runs_switching_and_counting_make_none(self):
        self.customer("Ann", industry_id=self.env["res.partner.industry"].create({"name": "X"}).id)
        field = self.env["ir.model.fields"]._get("res.partner", "industry_id")
        div = self.segmentation("field", {}, field_id=field.id)
        self.run_done(div)
        self.assertTrue(div.segment_ids)
        div.enabled = False
        div.enabled = True
        self.assertTrue(div.segment_ids.mapped("member_count"))
        self.assertEqual(len(div.version_ids), 1)
        div.domain = "[]"
        self.assertEqual(self.summaries(div)[1:], ["Population changed"])

    def test_no_context_from_outside_leaves_a_version_out(self):
        """Marks of our own code are objects, which no protocol carries."""
        for key in ("segments_in_parent", "segments_scope", "segments_preview",
                    "segments_evaluating", "install_mode", "_force_unlink"):  # fmt: skip
            manager = self.div.with_user(self.manager).with_context(**{key: [1]})
            before = len(self.div.version_ids)
            manager.segment_ids[0].threshold += 1
            with self.subTest(key):
                self.assertEqual(len(self.div.version_ids), before + 1)
                manager.domain = f"[('ref', '=', '{key}')]"
                self.assertEqual(len(self.div.version_ids), before + 2)
            with self.subTest(key), self.assertRaises(ValidationError):
                manager.segment_ids[0].write({"is_rest": True})
                manager.segment_ids[1].write({"is_rest": True})

    def test_shipped_ones_start_with_the_first_change(self):
        volume = self.env.ref("crm_segments.segmentation_volume")
        volume.version_ids.unlink()
        self.env.ref("crm_segments.segment_volume_large").threshold = 6000
        self.assertEqual(
            self.summaries(volume), ["First version", "Limit of “Large” 5,000 → 6,000"]
        )

    def test_a_failing_save_leaves_no_trace(self):
        with self.assertRaises(ValidationError):
            self.gold.threshold = 10
        self.assertEqual(len(self.div.version_ids), 1)
        self.div.minimum_stay_days = 5
        self.assertEqual(self.summaries()[1:], ["Minimum Stay (Days) changed"])


@tagged("post_install", "-at_install")
class TestRestore(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.industry = cls.env["res.partner.industry"].create({"name": "Mining"})
        cls.ann = cls.customer("Ann", industry_id=cls.industry.id)
        cls.bob = cls.customer("Bob")
        cls.div = cls.rules(
            {"Miners": f"[('industry_id', '=', {cls.industry.id})]", "Others": "[]"},
            name="Trade", exclusive=False,
        )  # fmt: skip
        cls.miners, cls.others = cls.div.segment_ids
        cls.others.exclude_segment_ids = cls.miners
        cls.div.run()
        cls.first = cls.div._current_version()

    def restore(self, version=None):
        (version or self.first).action_restore()
        self.env.invalidate_all()
        return self.div._current_version()

    def test_the_same_rules_again(self):
        """Memberships stay with their segments; what came later is archived."""
        self.div.write(
            {
                "name": "Trades",
                "segment_ids": [
                    Command.update(self.others.id, {"exclude_segment_ids": [Command.clear()]}),
                    Command.update(self.miners.id, {"domain": "[]", "name": "All"}),
                    Command.create({"name": "Late", "domain": "[]"}),
                ],
            }
        )
        self.div.exclusive = True
        self.run_done(self.div)
        late = self.segment(self.div, "Late")
        now = self.restore()
        self.assertEqual(now.number, self.first.number + 3)
        self.assertEqual(self.div.name, "Trade")
        self.assertFalse(self.div.exclusive)
        self.assertEqual(self.div.segment_ids, self.miners | self.others)
        self.assertFalse(late.active)
        self.assertTrue(late.exists())
        self.run_done(self.div)
        self.assertEqual(
            self.placed(self.div, self.ann | self.bob), {"Ann": "Miners", "Bob": "Others"}
        )

    def test_removed_segments_come_back(self):
        self.miners.unlink()
        now = self.restore()
        again = self.segment(self.div, "Miners")
        self.assertNotEqual(again, self.miners)
        self.assertEqual(self.others.exclude_segment_ids, again)
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "Miners"})
        # once more: no second copy, although the first version has another id
        again.domain = "[]"
        self.assertEqual(self.restore().number, now.number + 2)
        self.assertEqual(self.div.segment_ids, again | self.others)
        self.assertIn(str(self.industry.id), again.domain)

    def test_the_other_way_round(self):
        """Who reads whom turns, which would be a cycle half-way."""
        self.div.write(
            {"segment_ids": [
                Command.update(self.others.id, {"exclude_segment_ids": [Command.clear()]}),
                Command.update(
                    self.miners.id, {"include_segment_ids": [Command.set(self.others.ids)]}
                ),
            ]}
        )  # fmt: skip
        turned = self.div._current_version()
        self.restore()
        self.assertEqual(self.others.exclude_segment_ids, self.miners)
        self.assertFalse(self.miners.include_segment_ids)
        self.restore(turned)
        self.assertEqual(self.miners.include_segment_ids, self.others)
        self.assertFalse(self.others.exclude_segment_ids)

    def test_what_it_names_is_gone(self):
        self.miners.domain = "[]"
        self.ann.industry_id = False
        self.industry.unlink()
        with self.assertRaisesRegex(ValidationError, "Miners: .*“Mining”"):
            self.first.action_restore()
        self.assertEqual(self.miners.domain, "[]")

    def test_other_names_of_records_are_no_change(self):
        self.industry.name = "Mines"
        self.div.minimum_stay_days = 3
        self.assertEqual(self.div._current_version().summary, "Minimum Stay (Days) changed")


@tagged("post_install", "-at_install")
class TestVersionAccess(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.tiers = cls.segmentation("tier", {"Gold": {"threshold": 777}})
        cls.first = cls.tiers._current_version()
        cls.tiers.segment_ids.threshold = 888
        cls.version = cls.tiers._current_version()

    def test_limits_are_for_those_who_read_definitions(self):
        for login, told in {"own": False, "reader": False, "all": True, "marketer": True,
                            "accountant": True}.items():  # fmt: skip
            version = self.as_user(login, self.version)
            with self.subTest(login):
                self.assertEqual("888" in version.summary, told, version.summary)
                self.assertIn("Limit of “Gold”", version.summary)
                if not told:
                    for name in ("definition", "changes"):
                        with self.assertRaises(AccessError):
                            version.read([name])
                        with self.assertRaises(AccessError):
                            version.search([(name, "!=", False)])

    def test_restore_is_for_managers(self):
        for login in ("own", "all", "reader", "accountant", "plain", "portal"):
            with self.subTest(login), self.assertRaises(AccessError):
                self.as_user(login, self.first).action_restore()
        self.as_user("marketer", self.first).action_restore()
        self.assertEqual(self.tiers.segment_ids.threshold, 777)
        self.assertEqual(self.tiers._current_version().user_id, self.users["marketer"])

    def test_nobody_writes_versions(self):
        for login in ("all", "marketer"):
            version = self.as_user(login, self.version)
            with self.assertRaises(AccessError):
                version.write({"number": 9})
            with self.assertRaises(AccessError):
                version.unlink()
