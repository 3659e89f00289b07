"""Who may do what: every model, every public method and every field of ours, as tables."""

import base64

from odoo.addons.crm_segments.models.metric_fields import METRICS
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .access_tables import (
    EVERYBODY,
    FIELDS,
    HOSTS,
    METHODS,
    MODELS,
    MODULE,
    NOBODY,
    OPERATIONS,
)
from .common import SegmentsCase, UsersMixin


@tagged("post_install", "-at_install")
class TestAccessMatrix(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.users["public"] = cls.env.ref("base.public_user")

    def own_models(self):
        """Models that this add-on makes, those without a table left out."""
        return {
            name for name, model in self.env.items()
            if model._original_module == "crm_segments" and not model._abstract
        }  # fmt: skip

    def test_models(self):
        self.assertEqual(set(MODELS), self.own_models())
        for model, rights in MODELS.items():
            for operation, allowed in zip(OPERATIONS, rights, strict=True):
                found = {
                    login for login in self.users
                    if self.as_user(login, self.env[model]).has_access(operation)
                }  # fmt: skip
                with self.subTest(model=model, operation=operation):
                    self.assertEqual(found, allowed)

    def test_models_refuse_searching(self):
        """Not only by the tables of rights: the calls themselves."""
        for model, (readers, *_others) in MODELS.items():
            for login in EVERYBODY - readers:
                records = self.as_user(login, self.env[model])
                for ask in (
                    lambda records=records: records.search([]),
                    lambda records=records: records.search_count([("id", ">", 0)]),
                    lambda records=records: records.name_search("a"),
                    lambda records=records: records.web_search_read([], {"display_name": {}}),
                    lambda records=records: records.formatted_read_group([], [], ["__count"]),
                    lambda records=records: records.search_read([], ["id"]),
                ):
                    with self.subTest(model=model, login=login), self.assertRaises(AccessError):
                        ask()

    # methods

    def public_methods(self):
        """(model, method) that can be called from outside and are written here."""
        found = set()
        for name, model in self.env.items():
            for cls in type(model).mro():
                if cls.__module__.startswith(MODULE):
                    found |= {
                        (name, method) for method, one in vars(cls).items()
                        if callable(one) and not method.startswith("_")
                        and not getattr(one, "_api_private", False)
                    }  # fmt: skip
        return {one for one in found if one not in HOSTS and one[1] not in HOSTS}

    def test_every_public_method_is_judged(self):
        self.assertEqual(self.public_methods(), set(METHODS))

    def calls(self):
        """(model, method) → function of a login that calls it as a user would."""
        lead = self.env["crm.lead"].create(
            {"name": "x", "partner_id": self.theirs.id, "user_id": self.theirs.user_id.id}
        )
        pin = self.env["crm.segment.membership"]._pin(self.theirs, self.small, "in", "x")
        pages = self.pages()
        records = {
            "crm.segment": self.big, "crm.segmentation": self.div, "res.partner": self.theirs,
            "crm.segmentation.version": self.div._current_version(), "crm.lead": lead,
            "crm.segment.membership": pin, "crm.sales.source": self.source,
            "crm.customer.metrics": self.metrics.browse().sudo(False),
            "crm.partner.duplicate": self.duplicates(),
            "crm.sales.overlap": self.env["crm.sales.overlap"].search([], limit=1),
        }  # fmt: skip
        days = [str(self.ago(100)), str(self.today)]
        periods = [["2026-01-01", "2026-01-31"], ["2026-02-01", "2026-02-28"]]
        compared = dict(zip(("moves_from", "moves_to"), days, strict=True))
        moves = self.env["crm.segment.move"].with_context(
            moves_segmentation=self.div.id, **compared
        )
        records["crm.segment.move"] = moves.search([], limit=1)
        arguments = {"explain": [self.theirs.id], "assign": [{}], "migration": days,
                     "bridge": [periods], "action_open_customers": [periods, None, "new"],
                     "action_open_migration": [*days, 0, 0], "action_open_movers": days,
                     "action_open_grid": ["frequency", 5, 5], "cross_tab": [self.div.id],
                     "action_open_cross_tab": [self.div.id, self.big.id, 0]}
        grid, both = self.env.ref("crm_segments.segmentation_rfm"), self.big | self.small
        others = {
            ("crm.segmentation", "rfm_grid"): grid,
            ("crm.segmentation", "action_open_grid"): grid,
            ("crm.segment", "compare_profiles"): both,
            ("crm.segment", "action_compare"): both,
        }
        csv = base64.b64encode(b"customer,date,amount,document\nMine,2026-01-05,10,D1\n")
        file = self.env["crm.segmentation.transfer"].create(
            {"file": base64.b64encode(self.div._export_file())}
        )
        dialogs = {
            "crm.segmentation.transfer": {"file": file.file},
            "crm.segment.pin": {
                "partner_id": self.mine.id, "segment_id": self.big.id, "pin_reason": "x",
            },
            "crm.segment.reconciliation": {"segmentation_id": self.div.id},
            "crm.segment.reconciliation.line": lambda env: {
                "reconciliation_id": env["crm.segment.reconciliation"].create(
                    {"segmentation_id": self.div.id}
                ).id
            },
            "crm.segment.audience": {"segment_ids": self.small.ids},
            "crm.segmentation.backfill": {"segmentation_id": self.div.id, "months": 2},
            "crm.sales.history.import": {"source_id": self.source.id, "file": csv},
        }  # fmt: skip

        def call(login, model, method):
            if model in pages:
                # a page is for whoever opened it; the others are refused theirs
                self.give_pages(pages, self.users[login])
                page = self.as_user(login, self.env[model].browse(pages[model]))
                return getattr(page, method)()
            record = others.get((model, method)) or records.get(model, self.env[model])
            record = self.as_user(login, record)
            if model in dialogs:
                values = dialogs[model]
                record = record.create(values(record.env) if callable(values) else values)
            return getattr(record, method)(*arguments.get(method, []))

        return call

    def give_pages(self, pages, user):
        """Make a user the one who opened the pages."""
        for model in {*pages, "crm.sales.compare.field", "crm.segment.setup.choice"}:
            table = SQL.identifier(self.env[model]._table)
            self.env.cr.execute(SQL("UPDATE %s SET create_uid = %s", table, user.id))

    def duplicates(self):
        """A group of likely duplicates."""
        for name in "DE":
            self.customer(name, email="twin@matrix.test")
        self.env["crm.partner.duplicate"]._rebuild(self.company)
        return self.env["crm.partner.duplicate"].search([("kind", "=", "same")], limit=1)

    def pages(self):
        """Model → id of a page, or line of one, that has something to show."""
        source = self.source
        source.copy({"name": "Another source"})
        self.sale(self.mine, 20, 100, source=source.search([("id", "!=", source.id)], limit=1))
        belgium = self.env.ref("base.be")
        vals = {"source_id": source.id, "external_id": "1", "partner_id": self.free.id}
        self.env["crm.sales.identity"].create({**vals, "country": "Ireland"})
        self.free.country_id = belgium
        setup = self.env["crm.segment.setup"]
        setup = setup.browse(setup.action_open()["res_id"])
        row = {"setup_id": setup.id, "partner_id": self.mine.id, "document_count": 9}
        compare = self.env["crm.sales.compare"]
        compare = compare.browse(compare.action_open()["res_id"])
        line = compare.field_ids.filtered(lambda one: one.field == "country")
        line.source_id = source
        pair = compare.pair_ids.filtered("other_source_id")[:1]
        report = self.env["crm.consistency.report"].create({"line_ids": [Command.create({})]})
        return {
            "crm.segment.setup": setup.id,
            "crm.segment.setup.gap": setup.gap_ids[0].id,
            "crm.segment.setup.catch.all": setup.catch_all_ids.create(row).id,
            "crm.sales.compare": compare.id,
            "crm.sales.compare.pair": pair.id,
            "crm.consistency.report": report.id,
            "crm.consistency.line": report.line_ids[0].id,
        }

    def test_methods(self):
        call = self.calls()
        for (model, method), allowed in METHODS.items():
            for login in self.users:
                with self.subTest(model=model, method=method, login=login):
                    try:
                        with self.env.cr.savepoint() as savepoint:
                            call(login, model, method)
                            savepoint.rollback()
                        refused = False
                    except AccessError:
                        refused = True
                    self.env.invalidate_all()
                    self.assertEqual(refused, login not in allowed)

    # fields

    def own_fields(self, model):
        """Names of the fields of a model that this add-on makes."""
        return {
            name for name, field in self.env[model]._fields.items()
            if "crm_segments" in field._modules and "." not in name
        }  # fmt: skip

    def test_fields(self):
        """What is hidden is neither described nor read; nothing else is hidden."""
        models = {*MODELS, "res.partner", "crm.lead", "res.company", "sale.order", "account.move"}
        for model in models:
            readers = MODELS[model][0] if model in MODELS else EVERYBODY
            own = self.own_fields(model)
            described = {
                login: set(self.as_user(login, self.env[model]).fields_get(own, ["type"]))
                for login in readers
            }
            for name in own:
                hidden = {login for login in readers if name not in described[login]}
                with self.subTest(model=model, field=name):
                    self.assertEqual(hidden, FIELDS.get((model, name), NOBODY))

    def test_hidden_fields_answer_nothing(self):
        """Neither read, nor searched, sorted, grouped, summed or exported."""
        pages = self.pages()
        self.duplicates()
        for (model, name), hidden in FIELDS.items():
            if model not in MODELS:
                continue
            record = self.env[model].search([], limit=1)
            for login in hidden:
                self.give_pages(pages, self.users[login])
                rows = self.as_user(login, record)
                self.users[login].group_ids += self.env.ref("base.group_allow_export")
                for ask in (
                    lambda rows=rows, name=name: rows.read([name]),
                    lambda rows=rows, name=name: rows.web_read({name: {}}),
                    lambda rows=rows, name=name: rows.search([(name, "!=", False)]),
                    lambda rows=rows, name=name: rows.search([], order=name),
                    lambda rows=rows, name=name: rows.formatted_read_group([], [name]),
                    lambda rows=rows, name=name: rows.formatted_read_group([], [], [f"{name}:max"]),
                    lambda rows=rows, name=name: rows.export_data([name]),
                    lambda rows=rows, name=name: rows[name],
                ):
                    with (
                        self.subTest(model=model, field=name, login=login),
                        self.assertRaises(AccessError),
                    ):
                        ask()

    def test_every_figure_is_hidden_in_every_way(self):
        """Contacts and days like amounts, of the customer as of a user who belongs to it."""
        self.metrics.search([("partner_id", "=", self.theirs.id)]).write(
            {"contacts_30d": 7, "last_contact_date": self.today, "risk_date": self.today}
        )
        portal = self.users["portal"]
        portal.partner_id.parent_id = self.theirs
        only = [("id", "=", self.theirs.id)]
        for login in ("own", "marketer", "reader", "plain"):
            user, partner = self.as_user(login, portal), self.as_user(login, self.theirs)
            self.users[login].group_ids += self.env.ref("base.group_allow_export")
            self.assertEqual(set(partner.export_data(list(METRICS))["datas"][0]), {""})
            self.assertEqual(set(partner.read(list(METRICS))[0].values()), {False, partner.id})
            self.assertEqual(set(user.read(list(METRICS))[0].values()), {False, user.id})
            for name, empty in METRICS.items():
                value = 7 if empty == 0 else str(self.today)
                group = f"{name}:month" if empty is None else name
                total = f"{name}:{'max' if empty is None else 'sum'}"
                with self.subTest(login=login, field=name):
                    for operator in (">=", "<=", "!=", "=", "<", ">"):
                        for one in (value, False) if operator in ("=", "!=") else (value,):
                            condition = (name, operator, one)
                            self.assertFalse(partner.search([*only, condition]))
                            self.assertFalse(partner.search([*only, "!", condition]))
                    [row] = partner.formatted_read_group(only, [group], [total, "__count"])
                    self.assertEqual((row[group], row[total], row["__count"]), (False, False, 1))
                    found = partner._read_group(only, ["id"], [], having=[(total, ">=", value)])
                    self.assertEqual(found, [])
