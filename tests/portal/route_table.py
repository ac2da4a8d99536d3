"""Who gets what from every address of the site, written by hand. `test_routes` compares.

A new route needs a line here: `PAGES` for one that stands for no single record, `RECORDS` for one that does,
`DESK` for a new area of the desk (the first part of its address after `/cms/`).
"""

from dataclasses import dataclass, field

LEVELS = ("public", "coalition", "working_group", "organisation", "draft")
PEOPLE = (
    "public",  # nobody signed in
    "viewer",  # reads for Organisation A, whose records these are
    "editor_a",  # writes for it
    "editor_b",  # writes for another member
    "funder",
    "officer",  # writes for a member that is law enforcement: no more rights than others
    "group_member",  # writes for a member that is in the working group
    "secretariat",
)
EVERYBODY = frozenset(PEOPLE)
SIGNED_IN = EVERYBODY - {"public"}
WRITERS = SIGNED_IN - {"viewer"}
SECRETARIAT = frozenset({"secretariat"})
NOBODY = frozenset()

# Level -> who.
SEE = {
    "public": EVERYBODY,
    "coalition": SIGNED_IN,
    "working_group": frozenset({"viewer", "editor_a", "group_member", "secretariat"}),
    "organisation": frozenset({"viewer", "editor_a", "secretariat"}),
    "draft": frozenset({"viewer", "editor_a", "secretariat"}),
}
WRITE = dict.fromkeys(LEVELS, frozenset({"editor_a", "secretariat"}))
#: Pairs of records are read one by one by members and funders alone, by those who see both.
PAIR = {level: people - {"public"} for level, people in SEE.items()}
#: Conversations, whatever the records behind them: those concerned.
TALK = dict.fromkeys(LEVELS, frozenset({"viewer", "editor_a", "secretariat"}))
OWN = dict.fromkeys(LEVELS, frozenset({"editor_a"}))


@dataclass(frozen=True)
class Page:
    """Open to `who`; the public is asked to sign in where it is not among them, others get `other`."""

    who: frozenset = EVERYBODY
    method: str = "GET"
    other: str = "404"
    public: str = "in"
    query: str = ""
    args: dict = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    #: Fewer people for what takes seconds and is drawn from the same rows as a page.
    tried_by: tuple = PEOPLE


@dataclass(frozen=True)
class Record:
    """About one record of `kind`: open to `who` by its level; to everybody else it is missing."""

    kind: str
    who: dict
    method: str = "GET"
    public: str = "404"
    data: dict = field(default_factory=dict)
    more: dict = field(default_factory=dict)


def change(kind, who=WRITE, **data):
    return Record(kind, who, "POST", "in", data)


#: Sign-in and one's own account: django-allauth's pages hold no records. Those that need a person ask for one.
OWN_ACCOUNT = Page(SIGNED_IN)
AT_THE_DOOR = Page()

PAGES = {
    # Reading
    "dashboards:home": Page(),
    "dashboards:gaps": Page(),
    "dashboards:gaps-chart": Page(),
    "dashboards:gaps-file": Page(args={"kind": "csv"}),
    "dashboards:rows": Page(query="?figure=committed"),
    "dashboards:rows-file": Page(args={"kind": "csv"}, query="?figure=committed"),
    "dashboards:objective": Page(args={"code": "2.1"}),
    "dashboards:objective-chart": Page(args={"code": "2.1"}),
    "dashboards:objective-file": Page(args={"code": "2.1", "what": "grants", "kind": "csv"}),
    "dashboards:method": Page(),
    "dashboards:who": Page(),
    "dashboards:who-file": Page(args={"kind": "csv"}),
    "dashboards:who-suggest": Page(query="?organisation=sealed"),
    "dashboards:organisation": Page(args={"slug": "organisation-a"}),
    "gaps-pdf": Page(tried_by=("public", "editor_a")),
    "dashboards:overlaps": Page(),
    "dashboards:overlaps-file": Page(args={"kind": "csv"}),
    # Working
    "dashboards:work": Page(SIGNED_IN),
    "dashboards:coordinations": Page(SIGNED_IN),
    "notices:list": Page(SIGNED_IN),
    "notices:read-all": Page(SIGNED_IN, "POST"),
    "notices:settings": Page(SIGNED_IN),
    "dashboards:group": Page(SIGNED_IN, public="404", args={"pk": "group"}),
    # Joining, terms, account
    "directory:ask": Page(),
    "directory:asked": Page(),
    "directory:join": Page(NOBODY, public="404", args={"token": "nothing"}),
    "directory:terms": Page(),
    "directory:terms-version": Page(args={"number": 1}),
    "directory:terms-accept": Page(SIGNED_IN),
    "directory:account": Page(SIGNED_IN),
    "directory:second-step": Page(SIGNED_IN),
    "directory:act": Page(SIGNED_IN, "POST"),
    "directory:people": Page(
        frozenset({"viewer", "editor_a", "secretariat"}), args={"slug": "organisation-a"}
    ),
    "directory:put-back": Page(SECRETARIAT, "POST", args={"slug": "organisation-a"}),
    "directory:leave": Page(
        frozenset({"viewer", "editor_a"}), "POST", args={"slug": "organisation-a"}
    ),
    # Small things of every page
    "content:colours": Page(args={"theme": "dark"}),
    "content:language": Page(args={"code": "en"}),
    "content:components": Page(),
    "content:sample-chart": Page(args={"name": "years"}),
    "set_language": Page(method="POST"),
    # At the door
    **dict.fromkeys(
        (
            "account_login",
            "account_signup",
            "account_inactive",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "account_email_verification_sent",
            "account_request_login_code",
            "account_confirm_login_code",
            "account_logout",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
            "socialaccount_signup",
        ),
        AT_THE_DOOR,
    ),
    "account_confirm_email": Page(args={"key": "nothing"}),
    "account_reset_password_from_key": Page(args={"uidb36": "1", "key": "nothing"}),
    # One's own account
    **dict.fromkeys(
        (
            "account_reauthenticate",
            "account_email",
            "account_change_password",
            "account_set_password",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn",
            "socialaccount_connections",
            "usersessions_list",
        ),
        OWN_ACCOUNT,
    ),
    "mfa_remove_webauthn": Page(NOBODY, args={"pk": 987_654_321}),
    "mfa_edit_webauthn": Page(NOBODY, args={"pk": 987_654_321}),
    # Nothing stands behind these until a provider is named
    "openid_connect_login": Page(NOBODY, public="404", args={"provider_id": "nothing"}),
    "openid_connect_callback": Page(NOBODY, public="404", args={"provider_id": "nothing"}),
    # Wagtail's: pages and files that are published, and doors that are shut
    "wagtail_serve": Page(NOBODY, public="404", args={"": "nothing/"}),
    "wagtailcore_login": Page(),
    "wagtailcore_authenticate_with_password": Page(
        NOBODY, public="404", args={"page_view_restriction_id": 1, "page_id": 1}
    ),
    "wagtaildocs_serve": Page(NOBODY, public="404", args={"": (1, "nothing.pdf")}),
    "wagtaildocs_authenticate_with_password": Page(
        NOBODY, public="404", args={"restriction_id": 1}
    ),
    # The form of an activity
    "dashboards:activity-new": Page(WRITERS, other="403"),
    "dashboards:activity-draft": Page(SIGNED_IN, "POST"),  # what one typed, for oneself
    "dashboards:activity-similar": Page(WRITERS, "POST", other="403"),
    "dashboards:activity-preview": Page(WRITERS, "POST", other="403"),
    "dashboards:activity-personal-data": Page(SIGNED_IN, "POST"),
    "dashboards:activity-places": Page(SIGNED_IN),
    "dashboards:activity-partners": Page(WRITERS, other="403"),
    "dashboards:activity-worker": Page(),
    # Still true?
    "dashboards:work-still-true": Page(SIGNED_IN),
    "dashboards:work-mails": Page(SIGNED_IN, "POST"),
    "dashboards:still-true": Page(args={"key": "nothing"}),
    "dashboards:still-true-mails": Page(NOBODY, "POST", public="404", args={"key": "nothing"}),
    "dashboards:still-true-confirm": Page(
        NOBODY, "POST", public="404", args={"key": "nothing", "pk": 1}
    ),
    "dashboards:still-true-undo": Page(
        NOBODY, "POST", public="404", args={"key": "nothing", "pk": 1}
    ),
    # Spreadsheets in
    "imports:start": Page(WRITERS, other="403"),
    "imports:file": Page(WRITERS, other="404", args={"kind": "activities", "what": "template"}),
}

RECORDS = {
    "dashboards:activity": Record("activity", SEE),
    "dashboards:grant": Record("grant", SEE),
    "dashboards:activity-edit": Record("activity", WRITE, public="in"),
    "dashboards:activity-saved": Record("activity", WRITE, public="in"),
    "dashboards:activity-saved-png": Record("activity", WRITE, public="in"),
    "dashboards:activity-remove": change("activity"),
    "dashboards:activity-undo": change("removed"),
    "dashboards:work-confirm": change("activity"),
    "dashboards:work-unconfirm": change("activity"),
    "dashboards:overlap": Record("overlap", PAIR),
    "dashboards:overlap-talk": change("overlap"),
    "dashboards:overlap-propose": change("overlap"),
    "dashboards:overlap-link": change("overlap"),
    "dashboards:overlap-dismiss": change("overlap"),
    "dashboards:overlap-undo": change("overlap"),
    "dashboards:coordination": Record("coordination", TALK, public="in"),
    "dashboards:coordination-message": change("coordination"),
    "dashboards:coordination-propose": change("coordination"),
    "dashboards:coordination-close": change("coordination"),
    "dashboards:coordination-reopen": change("coordination"),
    "dashboards:agreement-answer": change("agreement", OWN),
    "dashboards:agreement-done": change("agreement"),
    "dashboards:activity-drop-draft": change("typed", OWN),
    "imports:columns": Record("import", WRITE, public="in"),
    "imports:rows": Record("import", WRITE, public="in"),
    "imports:mistakes": Record("import", WRITE, public="in"),
    "imports:progress": Record("import", WRITE, public="in"),
    "imports:result": Record("import", WRITE, public="in"),
    "imports:retry": change("import"),
    "imports:undo": change("import"),
    "imports:discard": change("import"),
    "notices:read": change("notice", OWN),
    "directory:role": change("membership", dict.fromkeys(LEVELS, SECRETARIAT)),
    "directory:remove": change("membership", dict.fromkeys(LEVELS, SECRETARIAT)),
    "directory:invitation-again": change("invitation", dict.fromkeys(LEVELS, SECRETARIAT)),
    "directory:invitation-revoke": change("invitation", dict.fromkeys(LEVELS, SECRETARIAT)),
}

#: Addresses without a name: they lead elsewhere, or hand out the pictures of published pages.
NAMELESS = {
    "_util/login/",
    "account/login/",
    "account/social/login/cancelled/",
    "account/social/login/error/",
    "account/social/signup/",
    "account/social/connections/",
    "media/images/<path:path>",
}

#: Areas of the desk: nobody enters but the secretariat. (Whoever else may enter sees their own rows: `test_routes`.)
DESK = {
    "", "account", "activities", "activity_chooser", "activity_funding", "api", "block-preview", "bulk",
    "choose-anchor-link", "choose-email-link", "choose-external-link", "choose-page", "choose-phone-link",
    "collections", "dismissibles", "documents", "editing-sessions", "embeds", "exchange_rates", "expectations",
    "forms", "grant_chooser", "grants", "groups", "held_activities", "images", "indicators", "join_requests",
    "links", "measurements", "memberships", "merges", "objectives", "organisation_chooser", "organisations",
    "pages", "people_reached", "person_chooser", "place_chooser", "places", "redirects", "reports",
    "requirements", "reviews", "settings", "sites", "snippets", "strategies", "tag-autocomplete", "terms",
    "unconverted", "users", "workflows", "working_groups",
}  # fmt: skip
#: Of the desk, open to all: no record stands behind them.
DESK_OPEN = {"failwhale", "jsi18n", "login", "logout", "password_reset", "sprite", "test404"}
