"""Addresses of the pages that span strategy, activities and grants."""

from django.urls import path

from .views import gaps, home, rows

app_name = "dashboards"

urlpatterns = [
    path("", home.home, name="home"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/chart.json", gaps.gaps_chart, name="gaps-chart"),
    path("gaps/funding-gaps.<str:kind>", gaps.gaps_file, name="gaps-file"),
    path("gaps/rows/", rows.rows, name="rows"),
    path("gaps/rows/rows.<str:kind>", rows.rows_file, name="rows-file"),
]
