"""Addresses of overlaps and conversations; part of the dashboards' own."""

from django.urls import path

from . import coordination_views as talks
from . import public_views, views

urlpatterns = [
    path("overlaps/", views.overlaps, name="overlaps"),
    path("overlaps/overlaps-by-quarter.<str:kind>", public_views.public_file, name="overlaps-file"),
    path("overlaps/<int:pk>/", views.overlap, name="overlap"),
    path("overlaps/<int:pk>/talk/", views.talk, name="overlap-talk"),
    path("overlaps/<int:pk>/propose/", views.propose, name="overlap-propose"),
    path("overlaps/<int:pk>/link/", views.link, name="overlap-link"),
    path("overlaps/<int:pk>/dismiss/", views.dismiss, name="overlap-dismiss"),
    path("overlaps/<int:pk>/undo/", views.undo, name="overlap-undo"),
    path("coordination/", talks.coordinations, name="coordinations"),
    path("coordination/<int:pk>/", talks.coordination, name="coordination"),
    path("coordination/<int:pk>/message/", talks.message, name="coordination-message"),
    path("coordination/<int:pk>/propose/", talks.propose, name="coordination-propose"),
    path("coordination/<int:pk>/close/", talks.close, name="coordination-close"),
    path("coordination/<int:pk>/reopen/", talks.reopen, name="coordination-reopen"),
    path("agreements/<int:pk>/answer/", talks.answer, name="agreement-answer"),
    path("agreements/<int:pk>/done/", talks.done, name="agreement-done"),
]
