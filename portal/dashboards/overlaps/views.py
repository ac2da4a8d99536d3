"""Overlaps: the list, the pair side by side, and what may be done about it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from activities.choices import AgreementKind, OverlapState
from activities.coordination import open_coordination, propose_for
from activities.exceptions import AlreadySettled, NotAllSee, NotSettled, OneOrganisation
from activities.models import Coordination, Overlap
from activities.permissions import may_see_overlaps
from activities.reminders import waiting_for
from activities.settling import settle_overlaps, undo_settlement
from portal.dashboards.lens import plain_lens
from portal.directory.access import viewer_of
from portal.directory.acting import acting_organisation
from portal.directory.models import Organisation
from portal.lib.htmx import is_fragment, vary_on_fragment
from portal.lib.numbers import whole
from portal.lib.paging import ShortFirstPaginator
from portal.notices.services import mark_record_read

from .chips import chips
from .compare import comparison, steps_of
from .filters import OUTCOMES, chosen
from .forms import DismissForm, OpeningForm, ProposalForm
from .groups import RELATED, group_around, keys_of, purse_of, read_groups
from .outcomes import agreed, decisions_of, in_outcome, read_decisions
from .public_views import public_page

LATELY = 5


@require_safe
def overlaps(request):
    """Groups of activities that look alike; to those who are not signed in, counts and trends."""
    if not may_see_overlaps(request.user):
        return public_page(request)
    selection = chosen(request)
    context = {
        "nav": "overlaps",
        "selection": selection,
        "lens": selection.lens,
        "chips": chips(selection),
        "hidden": [
            (name, selection.params[name]) for name in ("state", "mine") if name in selection.params
        ],
        "cleared": selection.narrowed
        and reverse("dashboards:overlaps")
        + selection.address(objective=None, place=None, kind=None, stage=None),
        **(
            _settled(request, selection)
            if selection.shows == "settled"
            else _open(request, selection)
        ),
    }
    template = "overlaps/_main.html" if is_fragment(request) else "overlaps/list.html"
    return vary_on_fragment(render(request, template, context))


def _open(request, selection) -> dict:
    lens = selection.lens
    keys = keys_of(selection.overlaps, lens.viewer.organisations)
    page = ShortFirstPaginator(keys).get_page(request.GET.get("page"))
    purse = purse_of(lens, selection.overlaps)
    page.object_list = read_groups(lens, page.object_list, purse, request.user)
    settled = Overlap.objects.visible_to(request.user).settled()
    mine = Coordination.objects.visible_to(request.user)
    editable = lens.viewer.editable_organisations
    return {
        "page": page,
        "say": _say(len(keys)),
        "planned": purse.together(),
        "agreed": agreed(lens, request.user),
        "tabs": _tabs(
            selection,
            len(keys) if not selection.mine else None,
            sum(one.is_mine for one in keys),
            decisions_of(settled).count(),
        ),
        "lately": read_decisions(lens, decisions_of(settled)[:LATELY], request.user),
        "waiting": waiting_for(editable, mine).count() if editable else 0,
        "talks": mine.exists(),
    }


def _settled(request, selection) -> dict:
    lens = selection.lens
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    rows = decisions_of(in_outcome(selection.overlaps, outcome))
    page = ShortFirstPaginator(rows).get_page(request.GET.get("page"))
    page.object_list = read_decisions(lens, page.object_list, request.user)
    found = agreed(lens, request.user)
    return {
        "page": page,
        "agreed": found,
        "outcome": outcome,
        "outcomes": [
            (key, label, selection.address(outcome=key)) for key, label in OUTCOMES.items()
        ],
        "all_outcomes": selection.address(),
        "tabs": _tabs(selection, None, None, page.paginator.count if not outcome else None),
    }


def _say(count: int) -> str:
    if not count:
        return _("No activities look alike here.")
    return ngettext(
        "%(number)s group of activities looks alike.",
        "%(number)s groups of activities look alike.",
        count,
    ) % {"number": whole(count)}


def _tabs(selection, open_count, mine_count, settled_count) -> list[tuple]:
    """Label, address, whether it is here, and how many where that is known."""
    here = "settled" if selection.shows == "settled" else "mine" if selection.mine else "open"
    tabs = [
        ("open", _("Open"), selection.address(state=None, mine=None), open_count),
        ("mine", _("With my organisation"), selection.address(state=None, mine="true"), mine_count),
        (
            "settled",
            _("Settled"),
            selection.address(state="settled", mine=None, stage=None),
            settled_count,
        ),
    ]
    if not selection.lens.viewer.organisations:
        del tabs[1]
    return [(label, url, key == here, count) for key, label, url, count in tabs]


# One overlap


def _seen_or_404(request, pk: int) -> Overlap:
    if not may_see_overlaps(request.user):
        raise Http404
    rows = Overlap.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk)


@require_safe
def overlap(request, pk):
    """Side by side: why they match, whether both are needed, and what should happen."""
    found = _seen_or_404(request, pk)
    if request.user.is_authenticated:
        mark_record_read(request.user, found, now=timezone.now())
    return _page(request, found)


def _page(request, found: Overlap, forms: dict | None = None):
    lens = plain_lens(request)
    page = comparison(lens, group_around(found, request.user), request.user)
    editable = _editable(request, page.overlaps)
    talk = None
    if found.coordination_id:
        talk = (
            Coordination.objects.visible_to(request.user).filter(pk=found.coordination_id).first()
        )
    context = {
        "nav": "overlaps",
        "sub": True,
        "lens": lens,
        "overlap": found,
        "page": page,
        "pairs": [one for one in page.overlaps if one.pk in editable],
        "may_settle": found.pk in editable,
        "may_talk": bool(editable) and not page.is_within_one and not page.blind,
        "talk": talk,
        "steps": steps_of(found),
        "dismiss": DismissForm(),
        "opening": OpeningForm(),
        "proposal": _proposal_form(None, page),
        "blank_proposal": _proposal_form(None, page),
        "note_shown": _reads_note(found, request.user),
        "currency": lens.currency,
        **(forms or {}),
    }
    return render(request, "overlaps/overlap.html", context)


def _reads_note(found: Overlap, user) -> bool:
    """The words of a decision are for those who see all that it is about."""
    if not found.is_settled:
        return False
    together = Overlap.objects.filter(
        settled_at=found.settled_at, settled_by=found.settled_by, state=found.state
    )
    return together.count() == together.visible_to(user).count()


def _proposal_form(data, page, **initial) -> ProposalForm:
    return ProposalForm(
        data, organisations=page.organisations, today=timezone.localdate(), initial=initial
    )


def _editable(request, pairs) -> set[int]:
    keys = [one.pk for one in pairs]
    return set(
        Overlap.objects.editable_by(request.user).filter(pk__in=keys).values_list("pk", flat=True)
    )


def _meant(request, found: Overlap) -> list[Overlap]:
    """The pairs that a form is about: those ticked of the group that the person may change, else the page's own."""
    if not may_see_overlaps(request.user):
        raise Http404
    ticked = {int(key) for key in request.POST.getlist("pair") if key.isdigit()}
    group = group_around(found, request.user)
    wanted = [one for one in group if one.pk in ticked] or [found]
    editable = _editable(request, wanted)
    return [one for one in wanted if one.pk in editable]


def _editable_or_404(request, pk: int) -> Overlap:
    if not may_see_overlaps(request.user):
        raise Http404
    rows = Overlap.objects.editable_by(request.user).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk)


def writes_for(request, organisation_ids):
    """The organisation that a person writes for among these; None for the secretariat, which writes for itself."""
    own = viewer_of(request.user).editable_organisations & frozenset(organisation_ids)
    if not own:
        return None
    acting = acting_organisation(request, editing=True)
    if acting is not None and acting.pk in own:
        return acting
    return Organisation.objects.filter(pk__in=own).order_by("name", "pk").first()


def tell_settled(request, refusal: AlreadySettled) -> None:
    """Say who settled it first, and how."""
    one = refusal.overlap
    if one.settled_by_id == request.user.pk:
        messages.info(
            request,
            _("You have settled this already: %(what)s.") % {"what": one.get_state_display()},
        )
        return
    messages.warning(
        request,
        _("%(who)s has settled this already: %(what)s. Nothing was changed.")
        % {"who": one.settled_by, "what": one.get_state_display()},
    )


@login_required
@require_POST
def dismiss(request, pk):
    """Say that they are not the same, and why."""
    found = _editable_or_404(request, pk)
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _page(request, found, {"dismiss": form})
    return _settle(
        request,
        found,
        OverlapState.DISMISSED,
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
    )


@login_required
@require_POST
def link(request, pk):
    """Say that they are one project: it counts once from here on."""
    return _settle(request, _editable_or_404(request, pk), OverlapState.LINKED)


def _settle(request, found: Overlap, state: str, **what):
    try:
        settle_overlaps(_meant(request, found), state, by=request.user, now=timezone.now(), **what)
    except AlreadySettled as refusal:
        tell_settled(request, refusal)
    else:
        words = {
            OverlapState.DISMISSED: _("Kept: not a duplicate. Nobody asks again."),
            OverlapState.LINKED: _("Linked: the two count once in every figure from now on."),
        }[OverlapState(state)]
        messages.success(request, words)
    return redirect("dashboards:overlap", pk=found.pk)


@login_required
@require_POST
def undo(request, pk):
    """Take a decision back."""
    found = _editable_or_404(request, pk)
    try:
        undo_settlement(found, by=request.user, now=timezone.now())
    except NotSettled:
        messages.info(request, _("This is open already."))
    else:
        messages.success(request, _("The decision is taken back. The overlap is open again."))
    return redirect("dashboards:overlap", pk=pk)


@login_required
@require_POST
def talk(request, pk):
    """Open one conversation with all the organisations concerned."""
    found = _editable_or_404(request, pk)
    form = OpeningForm(request.POST)
    if not form.is_valid():
        return _page(request, found, {"opening": form})
    return _into_conversation(
        request,
        found,
        lambda pairs, organisation, now: open_coordination(
            pairs,
            text=form.cleaned_data["text"],
            by=request.user,
            organisation=organisation,
            now=now,
        ),
    )


@login_required
@require_POST
def propose(request, pk):
    """Propose a joint activity, or who takes what, in one conversation."""
    found = _editable_or_404(request, pk)
    page = comparison(plain_lens(request), group_around(found, request.user), request.user)
    form = _proposal_form(request.POST, page)
    if not form.is_valid():
        return _page(request, found, {"proposal": form, "bad_kind": request.POST.get("kind")})
    good = form.cleaned_data
    return _into_conversation(
        request,
        found,
        lambda pairs, organisation, now: propose_for(
            pairs, AgreementKind(good["kind"]), good["text"], by=request.user,
            organisation=organisation, now=now, **form.proposed(page.lens.currency),
        ).coordination,
    )  # fmt: skip


def _into_conversation(request, found: Overlap, start):
    """Start a conversation about the pairs meant and all between them, and go there."""
    meant = _meant(request, found)
    ends = {key for one in meant for key in (one.first_id, one.second_id)}
    group = group_around(found, request.user)
    pairs = [one for one in group if one.first_id in ends and one.second_id in ends]
    organisation = writes_for(
        request,
        {a.reporting_organisation_id for one in meant for a in (one.first, one.second)},
    )
    try:
        coordination = start(pairs, organisation, timezone.now())
    except AlreadySettled as refusal:
        tell_settled(request, refusal)
    except OneOrganisation:
        messages.warning(
            request, _("Both records are of one organisation: there is nobody to write to.")
        )
    except NotAllSee:
        messages.warning(
            request,
            _(
                "One of the organisations may not see the other's record. Ask its owner first whether it may be shared."
            ),
        )
    else:
        messages.success(
            request, _("All organisations concerned were told that something waits for them.")
        )
        return redirect(coordination)
    return redirect("dashboards:overlap", pk=found.pk)
