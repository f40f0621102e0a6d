"""The arithmetic of a deal: what is still wanting, the loan, and the partner's share of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from avoir.conditions import pick
from avoir.facts import Fact
from avoir.measures import Measure, Unknown, measure, tolerant_measure
from avoir.messages import N_
from avoir.money import LARGEST, AmountError, Money, Rounding
from avoir_referral_broker.partner.choices import BankDecision
from avoir_referral_broker.partner.facts import F, Tranche
from avoir_referral_broker.partner.kinds import RUB
from avoir_referral_broker.partner.parameters import Base, P

NOTHING: Final = Money(0, RUB)
deal, event = F.deal, F.event
TRANCHES: Final = deal.loan.tranches.path


@measure(deal.completed_steps, label=N_("steps taken"))
def steps_taken(steps: Sequence[int]) -> frozenset[int]:
    """The steps that the records show."""
    return frozenset(steps)


def filled(fact: Fact[str]) -> Measure[bool]:
    """Whether a text says something; a blank one is asked for like one that is not there."""

    @tolerant_measure(fact, label=fact.label)
    def says_something(stated: str | None) -> bool | Unknown:
        return True if stated is not None and stated.strip() else Unknown([fact.path])

    return says_something


@tolerant_measure(deal.contract.sent_at, deal.on_record, label=N_("contract sent"))
def contract_sent(at: datetime | None, on_record: bool | None) -> bool | Unknown:
    """Whether the contract went out; it did not, where all is on record and that is not."""
    if at is None:
        return False if on_record else Unknown([deal.contract.sent_at.path])
    return True


@tolerant_measure(event.actions, label=event.actions.label)
def actions_named(actions: Sequence[str] | None) -> bool | Unknown:
    """Whether the client is told anything to do; where nothing is named, it is asked for."""
    return True if actions else Unknown([event.actions.path])


# -- documents -------------------------------------------------------------------------------


def _plainly(documents: Sequence[str]) -> set[str]:
    """Names of documents as they are compared: case and spaces do not count."""
    return {" ".join(document.casefold().split()) for document in documents}


def not_among(wanted: Sequence[str], named: Sequence[str]) -> tuple[str, ...]:
    """Those wanted that are not among those named."""
    there = _plainly(named)
    return tuple(one for one in dict.fromkeys(wanted) if not _plainly([one]) <= there)


@tolerant_measure(
    event.documents_complete, event.documents, P.required_documents, label=N_("documents complete")
)
def collected(
    complete: bool | None, named: Sequence[str] | None, required: Sequence[str] | None
) -> bool | Unknown:
    """Whether all is there: by the list where the business has one, else by the partner's word."""
    if complete is False:
        return False
    if required:
        return Unknown([event.documents.path]) if named is None else not not_among(required, named)
    return Unknown([event.documents_complete.path]) if complete is None else complete


@tolerant_measure(
    event.documents, P.required_documents, deal.missing_documents, label=N_("documents missing")
)
def documents_to_collect(
    named: Sequence[str] | None, required: Sequence[str] | None, missing: Sequence[str] | None
) -> tuple[str, ...]:
    """The documents that are known to be missing; of a list that was not gone through, none."""
    listed = () if named is None else (required or ())
    return not_among([*listed, *(missing or ())], named or ())


@tolerant_measure(event.documents, deal.missing_documents, label=N_("documents missing"))
def documents_to_supply(
    named: Sequence[str] | None, missing: Sequence[str] | None
) -> tuple[str, ...]:
    """What was asked for and is not among what is named; where nothing is named, nothing."""
    return () if named is None else not_among(missing or (), named)


@tolerant_measure(event.documents_uploaded, documents_to_supply, label=N_("all documents supplied"))
def supplied(uploaded: bool | None, missing: Sequence[str] | None) -> bool | None:
    """Whether all that was asked for has come."""
    return False if missing else uploaded


# -- the preliminary analysis ----------------------------------------------------------------


@measure(event.stop_factors, label=N_("number of stop factors"))
def stop_factors_found(found: Sequence[str]) -> int:
    """How many stop factors the partner found."""
    return len(found)


@measure(deal.preliminary.stop_factors, label=N_("number of stop factors"))
def stop_factors_on_record(found: Sequence[str]) -> int:
    """How many stop factors the partner had found."""
    return len(found)


@tolerant_measure(event.stop_factors, P.stop_factors, label=N_("stop factors to look for"))
def stop_factors_to_look_for(
    found: Sequence[str] | None, listed: Sequence[str] | None
) -> tuple[str, ...]:
    """The business's list, while the partner has not said what was found."""
    return tuple(listed or ()) if found is None else ()


@tolerant_measure(event.stop_factors, P.stop_factors, label=N_("unlisted stop factors"))
def unlisted_stop_factors(
    found: Sequence[str] | None, listed: Sequence[str] | None
) -> tuple[str, ...]:
    """The paths of stop factors that the business does not list, where it has a list."""
    known = _plainly(listed or ())
    return tuple(
        f"{event.stop_factors.path}[{i}]"
        for i, factor in enumerate(found or ())
        if known and not _plainly([factor]) <= known
    )


# -- the range -------------------------------------------------------------------------------


@tolerant_measure(event.range.minimum, event.range.maximum, label=N_("ends of the range wanting"))
def range_ends_wanting(minimum: Money | None, maximum: Money | None) -> tuple[str, ...]:
    """The paths of the ends that nobody named."""
    ends = ((event.range.minimum, minimum), (event.range.maximum, maximum))
    return tuple(fact.path for fact, stated in ends if stated is None)


@measure(event.range.minimum, event.range.maximum, label=N_("range upside down"))
def range_upside_down(minimum: Money, maximum: Money) -> tuple[str, ...]:
    """The path of a range whose lower end is above its upper one."""
    return (event.range.minimum.path.rpartition(".")[0],) if minimum > maximum else ()


# -- the loan --------------------------------------------------------------------------------


def _in_roubles(amount: Decimal | None) -> Money | None:
    """An amount of a tranche; None where it is none that an account could hold."""
    try:
        return None if amount is None else Money.parse(f"{amount:f}", RUB)
    except AmountError:
        return None


def _sum(tranches: Sequence[Tranche]) -> Money:
    """What is known of the tranches, together."""
    known = [money for tranche in tranches if (money := _in_roubles(tranche.amount)) is not None]
    return sum(known, NOTHING)


@tolerant_measure(deal.loan.received_amount, deal.loan.tranches, label=N_("loan received"))
def received(amount: Money | None, tranches: Sequence[Tranche] | None) -> Money | Unknown:
    """The loan as it was received, in one or in tranches."""
    if amount is not None:
        return amount
    if not tranches:
        return Unknown([deal.loan.received_amount.path])
    unsure = [f"{TRANCHES}[{i}].amount" for i, t in enumerate(tranches) if t.amount is None]
    return Unknown(unsure) if unsure else _sum(tranches)


@measure(deal.loan.tranches, label=N_("tranches that cannot be"))
def impossible_tranches(tranches: Sequence[Tranche]) -> tuple[str, ...]:
    """The paths of amounts that are not above zero, or not in kopecks; of all that are too much."""
    wrong = tuple(
        f"{TRANCHES}[{i}].amount"
        for i, tranche in enumerate(tranches)
        if tranche.amount is not None and (_in_roubles(tranche.amount) or NOTHING) <= NOTHING
    )
    return (*wrong, TRANCHES) if _sum(tranches).smallest > LARGEST else wrong


@measure(deal.loan.received_amount, deal.loan.tranches, label=N_("tranches of another sum"))
def tranches_of_another_sum(amount: Money, tranches: Sequence[Tranche]) -> tuple[str, ...]:
    """The path of tranches that do not add up to the loan received."""
    complete = all(tranche.amount is not None for tranche in tranches)
    together = _sum(tranches)
    differ = together != amount if complete else together > amount
    return (TRANCHES,) if tranches and differ else ()


@measure(deal.loan.tranches, event.at, label=N_("tranches still to come"))
def tranches_to_come(tranches: Sequence[Tranche], now: datetime) -> tuple[str, ...]:
    """The paths of tranches that are dated after the act."""
    return tuple(
        f"{TRANCHES}[{i}].received_at"
        for i, tranche in enumerate(tranches)
        if tranche.received_at is not None and tranche.received_at > now
    )


@tolerant_measure(deal.loan.bank_decision, label=N_("loan refused"))
def refused_by_bank(decision: BankDecision | None) -> bool:
    """Whether the lender is known to have refused."""
    return decision is BankDecision.REFUSED


# -- the commission --------------------------------------------------------------------------


@tolerant_measure(
    deal.client_commission.paid, deal.on_record, label=N_("commission paid by the client so far")
)
def paid_by_client(paid: Money | None, on_record: bool | None) -> Money | Unknown:
    """What the client paid; nothing, where all is on record and no payment is."""
    if paid is None:
        return NOTHING if on_record else Unknown([deal.client_commission.paid.path])
    return paid


@tolerant_measure(deal.act.signed_copy_provided, deal.on_record, label=N_("signed act handed in"))
def act_handed_in(provided: bool | None, on_record: bool | None) -> bool | Unknown:
    """Whether the signed act is there; it is not, where all is on record and no act is."""
    if provided is None:
        return False if on_record else Unknown([deal.act.signed_copy_provided.path])
    return provided


@tolerant_measure(
    deal.partner_commission.paid,
    deal.partner_commission.paid_at,
    steps_taken,
    label=N_("partner paid before"),
)
def partner_paid(paid: Money | None, at: datetime | None, steps: frozenset[int] | None) -> bool:
    """Whether the commission of this deal was paid, as far as is known."""
    return at is not None or (paid or NOTHING) > NOTHING or 12 in (steps or ())


share_of = pick(P.base, {Base.RECEIVED: received, Base.APPROVED: deal.loan.approved_amount})


@measure(share_of, P.commission_rate, P.rounding, label=N_("commission of the partner"))
def commission(loan: Money, rate: Decimal, rounding: Rounding) -> Money:
    """The partner's share of the loan, rounded once."""
    return loan.share(rate, rounding)
