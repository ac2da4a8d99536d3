import pytest

from portal.lib.paging import ShortFirstPaginator


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(0, [0]), (15, [15]), (16, [15, 1]), (65, [15, 50]), (66, [15, 50, 1])],
)
def test_pages_hold_every_row_once(count, sizes):
    paginator = ShortFirstPaginator(list(range(count)))

    pages = [paginator.page(number) for number in paginator.page_range]
    assert [len(page) for page in pages] == sizes
    assert [row for page in pages for row in page] == list(range(count))


def test_pages_say_which_rows_they_hold():
    paginator = ShortFirstPaginator(list(range(70)))

    pages = [paginator.page(number) for number in (1, 2, 3)]
    assert [(page.start_index(), page.end_index()) for page in pages] == [
        (1, 15),
        (16, 65),
        (66, 70),
    ]


def test_get_page_takes_a_wrong_number_to_a_page_that_is_there():
    paginator = ShortFirstPaginator(list(range(20)), total=20)

    assert paginator.get_page("nonsense").number == 1
    assert paginator.get_page("99").number == 2
