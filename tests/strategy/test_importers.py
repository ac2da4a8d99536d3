import io
from datetime import date
from decimal import Decimal

import pytest

from strategy.importers import ImportReport, import_rates
from strategy.models import ExchangeRate
from tests.factories import ExchangeRateFactory

pytestmark = pytest.mark.django_db

HEADER = "currency,day,rate,source\n"


def csv_file(*rows, header=HEADER, encoding="utf-8"):
    return io.BytesIO((header + "".join(f"{row}\n" for row in rows)).encode(encoding))


def test_import_rates_makes_and_mends():
    ExchangeRateFactory(currency="KES", day=date(2026, 1, 2), rate=Decimal("150"))

    report = import_rates(
        csv_file(
            "KES,2026-01-02,151.25,Central Bank of Kenya", "UGX,2026-01-02,4200,Bank of Uganda"
        )
    )

    assert report == ImportReport(created=1, updated=1, errors={})
    assert list(
        ExchangeRate.objects.order_by("currency").values_list("currency", "rate", "source")
    ) == [
        ("KES", Decimal("151.25"), "Central Bank of Kenya"),
        ("UGX", Decimal("4200"), "Bank of Uganda"),
    ]


def test_import_rates_takes_the_mark_of_spreadsheets_and_any_order_of_columns():
    file = csv_file(
        "2026-01-02,KES,Bank,150", header="Day,Currency,Source,Rate\n", encoding="utf-8-sig"
    )

    assert import_rates(file).created == 1


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("kes,2026-01-02,150,Bank", "currency"),
        ("EUR,2026-01-02,1,Bank", "currency"),
        ("KES,02/01/2026,150,Bank", "day"),
        ("KES,2026-01-02,0,Bank", "rate"),
        ('KES,2026-01-02,"150,5",Bank', "rate"),
        ("KES,2026-01-02,150,", "source"),
        ("KES,2026-01-02", "rate"),
        ("UGX,2026-01-02,1,Bank", "Row 2"),
    ],
)
def test_import_rates_writes_nothing_where_a_row_is_wrong(row, word):
    report = import_rates(csv_file("UGX,2026-01-02,4200,Bank", row))

    assert list(report.errors) == [3]
    assert word in report.errors[3][0]
    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"currency,day\nKES,2026-01-02\n", b"\xff\xfe", b'currency,day,rate,source\n"KES'],
)
def test_import_rates_refuses_what_is_no_such_file(content):
    report = import_rates(io.BytesIO(content))

    assert report.errors
    assert not ExchangeRate.objects.exists()


def test_import_rates_can_be_tried():
    assert import_rates(csv_file("KES,2026-01-02,150,Bank"), write=False) == ImportReport(0, 0, {})
    assert not ExchangeRate.objects.exists()
