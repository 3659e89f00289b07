"""The subcommands of ./dev: each has ``add_arguments(parser)`` and ``run(options)``."""
