"""What people can be told, as sentences; each app registers its own kinds in its `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: By key; filled while the apps start.
_KINDS: dict[str, "Kind"] = {}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice about one kind of record.

    key: as it is stored, `app.what-happened`, at most 60 characters.
    sentence: lazy text with `%(what)s` for the record's name, as in "New message about %(what)s".
    name, url: from the record to its name and its address; `str` and `get_absolute_url` unless said otherwise.
    icon: of the sprite.
    """

    key: str
    sentence: Any
    name: Callable[[Any], str] = str
    url: Callable[[Any], str] = lambda about: about.get_absolute_url()
    icon: str = "bell"

    def says(self, about) -> str:
        return str(self.sentence) % {"what": self.name(about)}


class UnknownKind(LookupError):
    """A kind of notice that no app has registered."""


def register(*kinds: Kind) -> None:
    """Make kinds known. A key registered again replaces what it was."""
    _KINDS.update({kind.key: kind for kind in kinds})


def kind_of(key: str) -> Kind:
    """The kind with this key. Raises `UnknownKind`."""
    try:
        return _KINDS[key]
    except KeyError:
        raise UnknownKind(key) from None


def known_kinds() -> frozenset[str]:
    return frozenset(_KINDS)
