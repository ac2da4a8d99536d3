import shutil

import pytest
from django.core.management import CommandError, call_command

from portal.demo.exceptions import StrategyInForce
from portal.demo.loader import load_demo
from portal.demo.us.integrity import DamagedFile
from portal.demo.us.sources import DATA, GRANTS
from portal.directory.models import Organisation
from strategy.models import Strategy
from tests.factories import StrategyFactory

pytestmark = pytest.mark.django_db


def test_a_damaged_file_changes_nothing_and_says_which_line(tmp_path):
    for path in DATA.iterdir():
        shutil.copy(path, tmp_path / path.name)
    lines = (tmp_path / GRANTS).read_bytes().splitlines(keepends=True)
    lines[9] = lines[9].replace(b"2007", b"2oo7")
    (tmp_path / GRANTS).write_bytes(b"".join(lines))

    with pytest.raises(DamagedFile, match="line 10"):
        load_demo(tmp_path)

    assert not Strategy.objects.exists()
    assert not Organisation.objects.exists()


def test_a_strategy_in_force_is_left_alone():
    strategy = StrategyFactory()

    with pytest.raises(StrategyInForce):
        load_demo()
    with pytest.raises(CommandError, match="a database of its own"):
        call_command("load_demo")

    assert list(Strategy.objects.all()) == [strategy]
