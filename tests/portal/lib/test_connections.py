from portal.lib import connections
from portal.lib.connections import TRUSTED_FOR, trust_for_a_while


class Connection:
    """What Django's connections have for their health."""

    def __init__(self, *, enabled=True):
        self.health_check_enabled, self.health_check_done, self.asked = enabled, False, 0

    def close_if_health_check_failed(self):
        self.asked += 1
        self.health_check_done = True


def asked_at(monkeypatch, connection, *moments):
    """How often a connection was asked, one request at each of these seconds."""
    monkeypatch.setattr(connections, "monotonic", lambda: 0)
    trust_for_a_while(None, connection)
    found = []
    for moment in moments:
        monkeypatch.setattr(connections, "monotonic", lambda now=moment: now)
        connection.health_check_done = False  # as Django does when a request begins
        connection.close_if_health_check_failed()
        connection.close_if_health_check_failed()
        assert connection.health_check_done
        found.append(connection.asked)
    return found


def test_connection_is_asked_again_when_it_was_trusted_long_enough(monkeypatch):
    moments = (1, TRUSTED_FOR + 1, TRUSTED_FOR + 2, 2 * TRUSTED_FOR + 2)

    assert asked_at(monkeypatch, Connection(), *moments) == [0, 1, 1, 2]


def test_connection_whose_health_is_not_checked_stays_as_it_is(monkeypatch):
    connection = Connection(enabled=False)

    trust_for_a_while(None, connection)

    assert "close_if_health_check_failed" not in vars(connection)
