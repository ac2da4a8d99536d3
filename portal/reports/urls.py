from django.urls import path

from . import views

urlpatterns = [path("gaps.pdf", views.gaps_pdf, name="gaps-pdf")]
