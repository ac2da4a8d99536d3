"""Addresses of notifications."""

from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    path("notifications/", views.notices, name="list"),
    path("notifications/<int:pk>/read/", views.read, name="read"),
    path("notifications/read/", views.read_all, name="read-all"),
    path("notifications/settings/", views.settings, name="settings"),
]
