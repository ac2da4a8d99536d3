"""The portal's addresses, and one view that does nothing: what Django itself takes for a page."""

from django.http import HttpResponse
from django.urls import include, path


def bare(request):
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), path("", include("portal.urls"))]
