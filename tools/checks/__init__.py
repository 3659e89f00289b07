"""Checks of ./dev lint that no linter has: each returns its findings as texts."""
