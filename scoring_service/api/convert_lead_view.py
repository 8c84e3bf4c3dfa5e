"""A lead as it is now, as a message."""

from collections.abc import Iterable

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from google.protobuf.message import Message
from leadscoring.v1 import lifecycle_pb2, types_pb2

from scoring_service.api.convert_account import value_into
from scoring_service.api.convert_assignment import STAGES, owner_into
from scoring_service.api.convert_score import instant_into, score_into
from scoring_service.values.clock import Clock, Unit
from scoring_service.values.happening import Opportunity, Touch, Win
from scoring_service.values.lead import Lead
from scoring_service.workflows.lifecycle_requests import LeadView

_UNITS = {
    Unit.ELAPSED: lifecycle_pb2.TIME_UNIT_ELAPSED,
    Unit.HOURS: lifecycle_pb2.TIME_UNIT_BUSINESS_HOURS,
    Unit.DAYS: lifecycle_pb2.TIME_UNIT_BUSINESS_DAYS,
}
_INSTANTS = (
    "created_at", "updated_at", "entered_at", "respond_by", "recycled_at", "reevaluate_at",
)  # fmt: skip
_AS_THEY_ARE = (
    "visit", "cycle", "person_id", "assignment_id", "decision_id", "reason", "do_not_contact",
    "asked_for", "waiting_in", "recycles", "replayed",
)  # fmt: skip
_OF_CLOCK = ("due_at", "started_at", "since", "resumes_at", "met_at", "breached_at")


def state_into(message: lifecycle_pb2.LeadState, view: LeadView) -> None:
    """Fill an empty message with a lead as it is now."""
    lead_into(message.lead, view.lead)
    message.stage = STAGES[view.stage]
    if view.owner is not None:
        owner_into(message, view.owner)
    score_into(message.score, view.score)
    for name in _AS_THEY_ARE:
        setattr(message, name, getattr(view, name))
    instants_into(message, view, _INSTANTS)
    message.pinned_rep_id = view.pinned_rep
    clocks_into(message.clocks, view.clocks)
    message.tracks.extend(view.tracks)
    message.arms.update(view.arms)
    message.qualification.update(view.qualification)
    message.likely_duplicates.extend(view.likely_duplicates)
    message.still_asked.extend(view.still_asked)
    _deal_into(message, view)


def _deal_into(message: lifecycle_pb2.LeadState, view: LeadView) -> None:
    if view.opportunity is not None:
        opportunity_into(message.opportunity, view.opportunity)
    if view.win is not None:
        win_into(message.win, view.win)
    if view.first_touch is not None:
        touch_into(message.first_touch, view.first_touch)
    if view.last_touch is not None:
        touch_into(message.last_touch, view.last_touch)


def lead_into(message: types_pb2.Lead, lead: Lead) -> None:
    """Fill an empty message with what is known of a lead."""
    for name in Lead.__struct_fields__:
        value = getattr(lead, name)
        if name == "technologies":
            message.technologies.extend(value)
        elif name != "attributes" and value is not None:
            setattr(message, name, value)
    for name, value in lead.attributes.items():
        value_into(message.attributes[name], value)


def instants_into(message: Message, value: object, names: Iterable[str]) -> None:
    """Set the instants of these names that are not None."""
    for name in names:
        instant = getattr(value, name)
        if instant is not None:
            instant_into(getattr(message, name), instant)


def clocks_into(
    messages: RepeatedCompositeFieldContainer[lifecycle_pb2.Clock], clocks: Iterable[Clock]
) -> None:
    """Every clock, in order."""
    for clock in clocks:
        clock_into(messages.add(), clock)


def clock_into(message: lifecycle_pb2.Clock, clock: Clock) -> None:
    """Fill an empty message with a clock."""
    message.name = clock.name
    message.state = _state_of(clock)
    message.unit = _UNITS[clock.left.unit]
    message.left = clock.left.amount
    message.left_share = clock.left.share
    message.calendar = clock.calendar
    message.sla = clock.sla
    message.step = clock.step
    instants_into(message, clock, _OF_CLOCK)


def _state_of(clock: Clock) -> lifecycle_pb2.ClockState.ValueType:
    """A breach stays one when it is met later."""
    if clock.breached_at is not None:
        return lifecycle_pb2.CLOCK_STATE_BREACHED
    if clock.met_at is not None:
        return lifecycle_pb2.CLOCK_STATE_MET
    if clock.resumes_at is not None:
        return lifecycle_pb2.CLOCK_STATE_PAUSED
    if clock.due_at is not None:
        return lifecycle_pb2.CLOCK_STATE_RUNNING
    return lifecycle_pb2.CLOCK_STATE_ENDED


def touch_into(message: lifecycle_pb2.Touch, touch: Touch) -> None:
    """Fill an empty message with what a lead came by."""
    message.source = touch.source
    message.medium = touch.medium
    message.campaign = touch.campaign
    instant_into(message.occurred_at, touch.occurred_at)


def opportunity_into(message: lifecycle_pb2.Opportunity, opportunity: Opportunity) -> None:
    """Fill an empty message with what may be sold."""
    instant_into(message.opened_at, opportunity.opened_at)
    _money_into(message, opportunity)
    if opportunity.expected_close is not None:
        message.expected_close = opportunity.expected_close.isoformat()


def win_into(message: lifecycle_pb2.Win, win: Win) -> None:
    """Fill an empty message with what was sold."""
    instant_into(message.closed_at, win.closed_at)
    _money_into(message, win)


def _money_into(
    message: lifecycle_pb2.Opportunity | lifecycle_pb2.Win, deal: Opportunity | Win
) -> None:
    message.product = deal.product
    message.currency = deal.currency
    if deal.value is not None:
        message.value = deal.value
