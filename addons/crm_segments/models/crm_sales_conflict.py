"""Values of a customer that two systems tell differently."""

from odoo import fields, models
from odoo.tools import SQL

from ..lib.country_names import ALIASES

#: field of the comparison → (column of the identity, field of the customer)
COMPARED = {
    "name": ("customer_name", "name"),
    "vat": ("vat", "vat"),
    "reference": ("reference", "ref"),
    "email": ("email", "email"),
    "phone": ("phone", "phone"),
    "street": ("street", "street"),
    "zip": ("zip", "zip"),
    "city": ("city", "city"),
    "country": ("country", "country_id"),
    "industry": ("industry", "industry_id"),
}
#: digits of a phone number that are compared, see crm_partner_duplicate_rebuild.py
_PHONE = "right(regexp_replace(%s, '[^0-9]', '', 'g'), 9)"
#: how two values of a field are compared, else without case and outer blanks
_COMPARABLE = {
    "vat": "upper(regexp_replace(%s, '[^[:alnum:]]', '', 'g'))",
    "phone": _PHONE,
    "zip": "upper(regexp_replace(%s, '[^[:alnum:]]', '', 'g'))",
}
_DEFAULT = "lower(regexp_replace(trim(%s), '\\s+', ' ', 'g'))"


def selection_compared(env):
    """Labels of the compared fields."""
    labels = {
        "name": env._("Name"),
        "vat": env._("Tax Number"),
        "reference": env._("Reference"),
        "email": env._("E-mail"),
        "phone": env._("Phone"),
        "street": env._("Street"),
        "zip": env._("Postal Code"),
        "city": env._("City"),
        "country": env._("Country"),
        "industry": env._("Industry"),
    }
    return list(labels.items())


class CrmSalesConflict(models.Model):
    """One value that a source tells otherwise than this database, or than another source.

    Read from the identities at the time of asking; nothing is stored. What a source does not
    tell is no conflict; what this database lacks is one of kind 'missing'.
    """

    _name = "crm.sales.conflict"
    _description = "Conflicting Value of a Customer"
    _auto = False
    _order = "partner_id, field"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="cascade")
    source_id = fields.Many2one("crm.sales.source", readonly=True)
    other_source_id = fields.Many2one(
        "crm.sales.source", readonly=True, help="Empty: this database."
    )
    field = fields.Selection(lambda self: selection_compared(self.env), readonly=True)
    value = fields.Char("In the Source", readonly=True)
    other_value = fields.Char("In the Other One", readonly=True)
    kind = fields.Selection(
        [("missing", "Missing in the other one"), ("differs", "Differs")], readonly=True
    )

    @property
    def _table_query(self):
        for name in ("res.partner", "crm.sales.identity", "res.country", "res.partner.industry"):
            self.env[name].flush_model()
        return SQL("%s UNION ALL %s", self._against_database_sql(), self._against_source_sql())

    def _against_database_sql(self):
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, i.%s, %s, %s, %s)",
                index,
                name,
                SQL.identifier(column),
                self._own_value(name),
                _comparable(name, SQL("i.%s", SQL.identifier(column))),
                self._own_comparable(name),
            )
            for index, (name, (column, _field)) in enumerate(COMPARED.items())
        )
        return SQL(
            """
            SELECT i.id::bigint * 16 + v.place AS id, i.company_id, p.id AS partner_id,
                   i.source_id, NULL::integer AS other_source_id, v.field::varchar,
                   v.value::varchar, v.other_value::varchar,
                   CASE WHEN COALESCE(v.other_key, '') = '' THEN 'missing' ELSE 'differs'
                   END::varchar AS kind
            FROM crm_sales_identity i JOIN res_partner m ON m.id = i.partner_id
            JOIN res_partner p ON p.id = m.commercial_partner_id
            LEFT JOIN res_country c ON c.id = p.country_id
            LEFT JOIN res_partner_industry d ON d.id = p.industry_id
            CROSS JOIN LATERAL (VALUES %s) v(place, field, value, other_value, key, other_key)
            WHERE v.key <> '' AND v.key IS DISTINCT FROM v.other_key
            """,
            rows,
        )

    def _own_value(self, name):
        """What this database has, as text."""
        lang = self.env.lang or "en_US"
        tables = {"country": SQL("c.name"), "industry": SQL("d.name")}
        if name in tables:
            return SQL("COALESCE(%(n)s->>%(lang)s, %(n)s->>'en_US')", n=tables[name], lang=lang)
        return SQL.identifier("p", COMPARED[name][1])

    def _own_comparable(self, name):
        """The same, comparable; a country or industry by its name in any language."""
        if name == "email":
            return SQL("COALESCE(p.email_normalized, lower(trim(p.email)))")
        if name not in ("country", "industry"):
            return _comparable(name, self._own_value(name))
        theirs = _comparable(name, SQL("i.%s", SQL.identifier(name)))
        table = SQL("c.name") if name == "country" else SQL("d.name")
        other = SQL("FALSE")
        if name == "country":
            aliases = SQL(", ").join(SQL("(%s, %s)", *one) for one in sorted(ALIASES.items()))
            other = SQL(
                "(%(them)s = lower(c.code) OR (%(them)s, lower(c.code)) IN (%(aliases)s))",
                them=theirs,
                aliases=aliases,
            )
        return SQL(
            """CASE WHEN %(other)s OR EXISTS (
                   SELECT FROM jsonb_each_text(%(table)s) t WHERE lower(t.value) = %(them)s)
               THEN %(them)s ELSE lower(%(table)s->>'en_US') END""",
            other=other,
            table=table,
            them=theirs,
        )

    def _against_source_sql(self):
        """Two sources of one company that tell of one customer."""
        rows = SQL(", ").join(
            SQL(
                "(%(place)s, %(name)s, a.%(column)s, b.%(column)s, %(left)s, %(right)s)",
                place=index,
                name=name,
                column=SQL.identifier(column),
                left=_comparable(name, SQL("a.%s", SQL.identifier(column))),
                right=_comparable(name, SQL("b.%s", SQL.identifier(column))),
            )
            for index, (name, (column, _field)) in enumerate(COMPARED.items())
        )
        return SQL(
            """
            SELECT (a.id::bigint * 10000000 + b.id) * 16 + v.place, a.company_id,
                   p.commercial_partner_id, a.source_id, b.source_id, v.field::varchar,
                   v.value::varchar, v.other_value::varchar, 'differs'::varchar
            FROM crm_sales_identity a JOIN res_partner p ON p.id = a.partner_id
            JOIN res_partner q ON q.commercial_partner_id = p.commercial_partner_id
            JOIN crm_sales_identity b
                ON b.partner_id = q.id AND b.company_id = a.company_id AND b.source_id > a.source_id
            CROSS JOIN LATERAL (VALUES %s) v(place, field, value, other_value, key, other_key)
            WHERE v.key <> '' AND v.other_key <> '' AND v.key <> v.other_key
            """,
            rows,
        )


def _comparable(name, column):
    return SQL(_COMPARABLE.get(name, _DEFAULT), column)
