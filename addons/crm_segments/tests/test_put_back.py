"""Settings of PostgreSQL for a block: as they were before it, whatever that was."""

from odoo.tests import TransactionCase, tagged

from ..models.settings import settings


@tagged("post_install", "-at_install")
class TestSettings(TransactionCase):
    def now(self):
        self.env.cr.execute("SELECT current_setting('work_mem'), current_setting('enable_sort')")
        return self.env.cr.fetchone()

    def test_put_back(self):
        self.env.cr.execute("SET LOCAL enable_sort = off")
        before = self.now()
        with settings(self.env, work_mem="33MB", enable_sort="on"):
            self.assertEqual(self.now(), ("33MB", "on"))
            with settings(self.env, work_mem="44MB"):
                self.assertEqual(self.now(), ("44MB", "on"))
            self.assertEqual(self.now(), ("33MB", "on"))
        self.assertEqual(self.now(), before)

    def test_an_error_takes_them_back_with_its_savepoint(self):
        before = self.now()
        with (
            self.assertRaises(ZeroDivisionError),
            self.env.cr.savepoint(),
            settings(self.env, work_mem="33MB"),
        ):
            raise ZeroDivisionError
        self.assertEqual(self.now(), before)
