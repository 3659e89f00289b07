"""The demonstration database: a sample of real sales, made through Odoo's own models."""
