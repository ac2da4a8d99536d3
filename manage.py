#!/usr/bin/env python
"""Run one of the portal's commands; `python manage.py help` lists them."""

import importlib
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed in this Python. Type `make run`, or activate .venv.")

    from portal.lib.env import MissingSettings

    try:
        importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except MissingSettings as missing:
        sys.exit(str(missing))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
