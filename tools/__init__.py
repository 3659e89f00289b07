"""Development tooling behind ./dev (standard library only)."""
