"""The sub-commands of ``icargos``: one module each, with ``arguments(parser)`` and ``run(options)``."""
