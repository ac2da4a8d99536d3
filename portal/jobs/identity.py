"""Which worker runs a job, and whether it still lives."""

import os
import socket
from secrets import token_hex

HOST = socket.gethostname()[:100]
#: Tells two processes apart that had the same number one after the other.
TOKEN = token_hex(4)


def this_worker() -> str:
    """`host/process/token` of this process."""
    return f"{HOST}/{os.getpid()}/{TOKEN}"


def is_gone(worker: str) -> bool:
    """Whether a worker of this machine is known to have ended. False for other machines: only silence tells."""
    host, _, rest = worker.partition("/")
    number, _, token = rest.partition("/")
    if host != HOST or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return token != TOKEN
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it lives, and is somebody else's
        return False
    return False
