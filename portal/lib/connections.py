"""Connections to the database that stay open: asked whether they still work, though not before every answer."""

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    class Connection(BaseDatabaseWrapper):
        """With what every connection has and Django's types leave out."""

        health_check_enabled: bool
        health_check_done: bool


#: For so many seconds a connection that worked is taken to work. Where the database was started anew within them,
#: one request fails, and the next one opens a new connection.
TRUSTED_FOR = 5


def trust_for_a_while(
    sender: "type[BaseDatabaseWrapper]", connection: "Connection", **kwargs: object
) -> None:
    """Ask a new connection only every few seconds whether it works: the question takes as long as most answers.

    For the signal `connection_created`, which comes again when a connection is opened anew.
    """
    if not connection.health_check_enabled:
        return
    check = type(connection).close_if_health_check_failed
    trusted_until = monotonic() + TRUSTED_FOR

    def check_now_and_then() -> None:
        nonlocal trusted_until
        if connection.health_check_done:
            return
        now = monotonic()
        if now < trusted_until:
            connection.health_check_done = True
            return
        check(connection)
        trusted_until = now + TRUSTED_FOR

    connection.close_if_health_check_failed = check_now_and_then  # type: ignore[method-assign]
