"""The command line, settings, wiring and local stack: the only package that knows the others."""
