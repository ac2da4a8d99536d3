import pytest
from django.db import transaction

from tests.conftest import put_back_first_terms


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The loaded demo from public records, for all tests of a module; returns the loader's report."""
    from portal.demo.loader import load_demo

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            put_back_first_terms()
            yield load_demo()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
