from django.urls import path

from portal.content import views

app_name = "content"

urlpatterns = [
    path("colours/<slug:theme>/", views.colours, name="colours"),
    path("language/<slug:code>/", views.language, name="language"),
    path("components/", views.components, name="components"),
    path("components/<slug:name>.json", views.sample_chart, name="sample-chart"),
]
