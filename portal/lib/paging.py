"""Pages of long tables: the first is short, so that a page opens fast; the rest are long."""

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

FIRST, LATER = 15, 50


class ShortFirstPaginator(Paginator):
    """A paginator whose first page has 15 rows and every later one 50.

    total: how many rows there are, where somebody has counted them already.
    """

    def __init__(self, object_list, total: int | None = None):
        super().__init__(object_list, LATER)
        if total is not None:
            self.count = total

    @cached_property
    def num_pages(self) -> int:
        return 1 + max(0, -(-(self.count - FIRST) // LATER))

    def bounds(self, number: int) -> tuple[int, int]:
        """The rows of a page: the first, counted from 0, and the one after the last."""
        if number == 1:
            return 0, min(FIRST, self.count)
        start = FIRST + (number - 2) * LATER
        return start, min(start + LATER, self.count)

    def page(self, number):
        number = self.validate_number(number)
        first, last = self.bounds(number)
        return self._get_page(self.object_list[first:last], number, self)

    def _get_page(self, *args, **kwargs):
        return _Page(*args, **kwargs)


class _Page(Page):
    def start_index(self) -> int:
        first, last = self.paginator.bounds(self.number)
        return first + 1 if last else 0

    def end_index(self) -> int:
        return self.paginator.bounds(self.number)[1]
