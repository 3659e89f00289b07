"""The external API as other programs use it; the examples of readme/API.md are run."""

import json
import re
import shlex
from datetime import datetime, timedelta
from pathlib import Path
from string import Template

from odoo.tests import HttpCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SegmentsMixin

API = Path(__file__).parents[1] / "readme" / "API.md"
#: a shell block that calls, and the answer shown below it
EXAMPLE = re.compile(r"```sh\n(curl .*?) <<END\n(.*?)\nEND\n```\n\n```json\n(.*?)\n```", re.DOTALL)


@tagged("post_install", "-at_install")
class TestApi(SegmentsMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.country = cls.env.ref("base.pl")
        cls.partner = cls.customer("Farm Ltd", country_id=cls.country.id)
        cls.sale(cls.partner, 3, 100)
        cls.div = cls.rules({"Buyers": "[('purchase_count', '>', 0)]", "Others": "[]"})
        cls.div.run()
        cls.manager = new_test_user(
            cls.env, login="api_manager", groups="crm_segments.group_segments_manager"
        )
        cls.reader = new_test_user(
            cls.env, login="api_reader", groups="crm_segments.group_segments_user"
        )

    def key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "test", datetime.now() + timedelta(days=0.5))

    def variables(self, user):
        return {
            "ODOO": self.base_url(),
            "DB": get_db_name(),
            "KEY": self.key(user),
            "COUNTRY": self.country.id,
            "SEGMENT": self.div.segment_ids[0].id,
            "SEGMENTATION": self.div.id,
            "PARTNER": self.partner.id,
        }

    def call(self, user, model, method, **arguments):
        headers = {"Authorization": f"bearer {self.key(user)}", "X-Odoo-Database": get_db_name()}
        url = f"/json/2/{model}/{method}"
        return self.url_open(url, json=arguments, headers=headers, method="POST")

    # the examples

    def test_every_call_in_the_text_is_an_example(self):
        text = API.read_text(encoding="utf-8")
        self.assertEqual(len(EXAMPLE.findall(text)), text.count("\ncurl "))
        self.assertGreaterEqual(text.count("\ncurl "), 5)

    def test_examples(self):
        variables = self.variables(self.manager)
        missing = []
        for command, body, answer in EXAMPLE.findall(API.read_text(encoding="utf-8")):
            url, headers = self.parsed(command, variables)
            model, method = url.split("/")[-2:]
            if not hasattr(self.env[model], method):
                missing.append(f"{model}.{method}")
                continue
            with self.subTest(f"{model}.{method}"):
                body = json.loads(Template(body).substitute(variables))
                response = self.url_open(url, json=body, headers=headers)
                self.assertEqual(response.status_code, 200, response.text)
                self.assertEqual(self.shape(response.json()), self.shape(json.loads(answer)))
        if missing:
            self.skipTest(f"not there yet: {', '.join(missing)}")

    def parsed(self, command, variables):
        """URL and headers of a curl command; anything else in it is a mistake of the text."""
        words = shlex.split(Template(command).substitute(variables))
        self.assertEqual(words[:2] + words[-2:], ["curl", "-s", "--json", "@-"])
        flags, values = words[3:-2:2], words[4:-2:2]
        self.assertEqual(set(flags), {"-H"})
        return words[2], dict(value.split(": ", 1) for value in values)

    def shape(self, answer):
        """What a program relies on: list or object, and the names in it."""
        if isinstance(answer, list):
            return [self.shape(one) for one in answer[:1]]
        return set(answer) if isinstance(answer, dict) else "value"

    # the methods

    def test_assign(self):
        values = {"purchase_count": 1}
        found = self.call(self.manager, "crm.segment", "assign", values=values)
        self.assertEqual(found.json(), self.div.segment_ids[:1].ids)
        company = self.env.company.id
        found = self.call(self.manager, "crm.segment", "assign", values={}, company_id=company)
        self.assertEqual(found.json(), self.div.segment_ids[1:].ids)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_errors_in_words(self):
        for user, arguments, status, word in (
            (self.manager, {"values": {"colour": 1}}, 422, "colour"),
            (self.manager, {"values": {"revenue_12m": "5,000"}}, 422, "5,000"),
            (self.manager, {"values": {}, "company_id": 0}, 403, "company"),
            (self.manager, {}, 422, "values"),
            (self.reader, {"values": {}}, 403, "defined"),
        ):
            with self.subTest(arguments):
                response = self.call(user, "crm.segment", "assign", **arguments)
                self.assertEqual(response.status_code, status, response.text)
                self.assertIn(word, response.json()["message"])

    def test_members(self):
        ids = self.div.segment_ids.ids
        response = self.call(self.reader, "crm.segment", "search_members", ids=ids, limit=1000)
        rows = [one for one in response.json() if one["partner_id"] == self.partner.id]
        self.assertEqual(
            rows,
            [{"partner_id": self.partner.id, "name": "Farm Ltd", "segment_id": ids[0],
              "since": str(self.today)}],
        )  # fmt: skip

    @mute_logger("odoo.http")
    def test_run(self):
        response = self.call(self.manager, "crm.segmentation", "run", ids=self.div.ids)
        runs = self.env["crm.segmentation.run"].browse(response.json())
        self.assertEqual(runs.segmentation_id, self.div)
        self.assertEqual(set(runs.mapped("state")), {"done"})
        denied = self.call(self.reader, "crm.segmentation", "run", ids=self.div.ids)
        self.assertEqual(denied.status_code, 403)

    @mute_logger("odoo.http")
    def test_private_methods_stay_private(self):
        for model, method in (("crm.segment.membership", "_memberships_changed"),
                              ("crm.segmentation", "_place_all_leads"),
                              ("crm.segment", "_checked_values")):  # fmt: skip
            self.assertNotEqual(self.call(self.manager, model, method).status_code, 200, method)
