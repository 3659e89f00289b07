"""Earned value worked out by hand."""

from odoo.tests import TransactionCase, tagged

from ..lib.programme_actual import Figures, together


@tagged("post_install", "-at_install")
class TestLibProgrammeActual(TransactionCase):
    def test_forecast(self):
        """1,000 planned, 400 spent, a quarter done: 250 earned, 750 still to come."""
        one = Figures(planned=1000, actual=400, progress=0.25)
        self.assertEqual((one.earned, one.forecast, one.variance), (250, 1150, -150))
        self.assertEqual(one.spent_share, 0.4)
        # what is ordered is owed, when it is more than the plan had left
        ordered = Figures(planned=1000, committed=900, actual=400, progress=0.25)
        self.assertEqual((ordered.forecast, ordered.variance), (1300, -300))
        within = Figures(planned=1000, committed=700, actual=400, progress=0.25)
        self.assertEqual(within.forecast, 1150)

    def test_done_and_refund(self):
        """Done for less: the rest is saved. A refund that is only drafted isn't counted yet."""
        done = Figures(planned=1000, committed=-50, actual=800, progress=1)
        self.assertEqual((done.earned, done.forecast, done.variance), (1000, 800, 200))

    def test_no_plan(self):
        """A share of nothing isn't 0."""
        self.assertIsNone(Figures(actual=10).spent_share)
        self.assertFalse(Figures(actual=10).warned)
        self.assertEqual(Figures(actual=10).variance, -10)

    def test_warning(self):
        def warned(actual, progress):
            return Figures(planned=1000, actual=actual, progress=progress).warned

        self.assertTrue(warned(800, 0.79))  # exactly 80 %
        self.assertFalse(warned(799.99, 0.1))
        self.assertFalse(warned(800, 0.8))  # as much done as spent
        self.assertFalse(warned(900, 0.95))
        self.assertTrue(warned(1200, 1))  # done, and over it

    def test_together(self):
        """What one phase saves does not pay what another has ordered."""
        saved = Figures(planned=100, actual=60, progress=1)
        over = Figures(planned=100, committed=150, actual=0, progress=0)
        self.assertEqual(together([saved, over]), (200, 150, 60, 100, 210, -10))
