"""Addresses of the way in."""

from django.urls import path, re_path

from . import views

app_name = "imports"

urlpatterns = [
    path("", views.start, name="start"),
    re_path(r"^(?P<kind>[a-z]+)-(?P<what>rows|template)\.xlsx$", views.file, name="file"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/rows/", views.rows, name="rows"),
    path("<int:pk>/mistakes.xlsx", views.mistakes, name="mistakes"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/try-again/", views.retry, name="retry"),
    path("<int:pk>/result/", views.result, name="result"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/delete/", views.discard, name="discard"),
]
