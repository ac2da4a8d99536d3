"""Addresses about people: joining, the terms, one's own account, and an organisation's people."""

from django.urls import path

from .views import account, joining, people, terms

app_name = "directory"

urlpatterns = [
    path("join/", joining.ask, name="ask"),
    path("join/asked/", joining.asked, name="asked"),
    path("join/<str:token>/", joining.join, name="join"),
    path("terms/", terms.terms, name="terms"),
    path("terms/accept/", terms.terms_accept, name="terms-accept"),
    path("terms/<int:number>/", terms.terms_version, name="terms-version"),
    path("account/", account.account, name="account"),
    path("account/second-step/", account.second_step, name="second-step"),
    path("account/acting/", account.act, name="act"),
    path("organisations/<slug:slug>/people/", people.people, name="people"),
    path("organisations/<slug:slug>/people/put-back/", people.put_back, name="put-back"),
    path("organisations/<slug:slug>/people/leave/", people.leave, name="leave"),
    path("organisations/<slug:slug>/people/<int:pk>/role/", people.role, name="role"),
    path("organisations/<slug:slug>/people/<int:pk>/remove/", people.remove, name="remove"),
    path(
        "organisations/<slug:slug>/invitations/<int:pk>/again/",
        people.invitation_again,
        name="invitation-again",
    ),
    path(
        "organisations/<slug:slug>/invitations/<int:pk>/revoke/",
        people.invitation_revoke,
        name="invitation-revoke",
    ),
]
