"""A decision as text for people, in their language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from textwrap import fill
from typing import Any, Final

from avoir.clauses import FAVOURABLE
from avoir.messages import N_, Message, N_n
from avoir.money import Money
from avoir.readers import Reader

MARKS: Final = {"met": "✓", "unmet": "✗", "unknown": "?"}
WIDTH: Final = 96
EDITION = N_("edition {hash}, in force since {date}")
AMOUNT = N_("Amount: {amount}")
RECOMMENDED = N_("A recommendation: it takes effect once a person has ruled.")
PROPOSED = N_("A proposal: nothing is booked before it is paid.")
COMMITTED = N_("A commitment: a person still confirms it.")
WHY = N_("Why")
ALSO_CITED = N_("Also cited")
HELPS = N_("What would help")
OR = N_("or: {remedy}")
BETWEEN = N_("from {earliest} to {latest}")
FROM = N_("from {earliest}")
UNTIL = N_("until {latest}")
MISSING = N_n("This fact is missing", "These facts are missing")
WRONG = N_("What cannot be right")
FIRST = N_("What must come first")
DEADLINES = N_("Deadlines")
BY = N_("{label}: {date} ({clause})")
PROVISIONAL = N_("provisional: the calendar of that year is not published")
POSTINGS = N_("Movements")
READ = N_("{label}: {value}")


def written(document: Mapping[str, Any], reader: Reader) -> str:
    """The document of a decision, as a page of text."""
    return "\n".join(_lines(document, reader))


def _lines(document: Mapping[str, Any], reader: Reader) -> Iterator[str]:
    word, say = reader.word, reader.say
    heading = document["label"]
    state = document["state_label"]
    if state:
        heading = state if state.startswith(heading) else f"{heading} — {state}"
    yield heading[:1].upper() + heading[1:]
    if document["amount"]:
        yield say(Message(AMOUNT, values={"amount": _money(document["amount"], reader)}))
    mode = document["decision_mode"]
    if document["takes_effect"] == "on_ruling":
        yield word(COMMITTED if mode == "commitment" else RECOMMENDED)
    if document["takes_effect"] == "on_payment":
        yield word(PROPOSED)
    yield from _section(word(WRONG), document["errors"])
    if document["missing"]:
        n = len(document["missing"])
        pairs = zip(document["missing"], document["missing_labels"], strict=True)
        yield from _section(
            say(MISSING.counted(n)),
            [path if path == label else f"{label} ({path})" for path, label in pairs],
        )
    yield from _section(word(FIRST), document["missing_preconditions"])
    helps = [*_remedies(document["remedies"], reader), *document["guidance"]]
    yield from _section(word(HELPS), helps)
    yield from _findings(document, reader)
    yield from _section(
        word(DEADLINES),
        [_deadline(deadline, reader) for deadline in document["deadlines"]],
    )
    yield from _section(
        word(POSTINGS),
        [
            f"{posting['source']} → {posting['destination']}: {_money(posting, reader)}"
            for posting in document["postings"]
        ],
    )
    edition = document["edition"]
    since = date.fromisoformat(edition["effective_from"])
    yield ""
    yield f"{edition['policy']}, " + say(
        Message(EDITION, values={"hash": edition["hash"], "date": since})
    )


def _block(text: str, first: str, others: str) -> str:
    """A paragraph under an indent; the ids of clauses keep their hyphens."""
    return fill(text, WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)


def _section(title: str, entries: Sequence[str]) -> Iterator[str]:
    if entries:
        yield ""
        yield title
        for entry in entries:
            yield _block(entry, "  • ", "    ")


def _findings(document: Mapping[str, Any], reader: Reader) -> Iterator[str]:
    shown: set[str] = set()
    cited = set(document["clauses"])
    # what did not come about explains a refusal or a doubt; beside an approval it would only puzzle
    hidden = {"unmet"} if document["outcome"] in FAVOURABLE else set()
    findings = [
        finding
        for finding in document["findings"]
        if finding["clause"]["id"] in cited and finding["status"] not in hidden
    ]
    if findings:
        yield ""
        yield reader.word(WHY)
    for finding in findings:
        clause = finding["clause"]
        shown.add(clause["id"])
        yield f"  {MARKS[finding['status']]} {clause['id']} ({finding['label']})"
        yield _block(clause["text"], "      ", "      ")
        reads = "; ".join(
            reader.say(Message(READ, values={"label": r["label"], "value": r["value"]}))
            for r in finding["reads"]
        )
        if reads:
            yield _block(reads, "      · ", "        ")
    others = [clause for clause in document["cited"] if clause["id"] not in shown]
    if others:
        yield ""
        yield reader.word(ALSO_CITED)
    for clause in others:
        yield f"  {clause['id']}"
        yield _block(clause["text"], "      ", "      ")


def _remedies(remedies: Sequence[Mapping[str, Any]], reader: Reader) -> Iterator[str]:
    for remedy in remedies:
        text = remedy["message"]
        for other in remedy["alternatives"]:
            text += ", " + reader.say(Message(OR, values={"remedy": other["message"]}))
        bounds = _bounds(remedy, reader)
        yield f"{text} ({bounds}, {remedy['clause']})" if bounds else f"{text} ({remedy['clause']})"


def _bounds(remedy: Mapping[str, Any], reader: Reader) -> str:
    values = {
        name: _moment(remedy[name]) for name in ("earliest", "latest") if remedy[name] is not None
    }
    if len(values) == 2:
        return reader.say(Message(BETWEEN, values=values))
    if "earliest" in values:
        return reader.say(Message(FROM, values=values))
    return reader.say(Message(UNTIL, values=values)) if values else ""


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _deadline(deadline: Mapping[str, Any], reader: Reader) -> str:
    text = reader.say(
        Message(
            BY,
            values={
                "label": deadline["label"],
                "date": date.fromisoformat(deadline["date"]),
                "clause": deadline["clause"],
            },
        )
    )
    return f"{text}; {reader.word(PROVISIONAL)}" if deadline["provisional"] else text


def _money(amount: Mapping[str, str], reader: Reader) -> str:
    from avoir.money import AmountError, Unit, currency

    try:
        unit = currency(amount["unit"])
    except AmountError:
        unit = Unit(amount["unit"], len(amount["amount"].partition(".")[2]))
    return reader.money(Money.parse(amount["amount"], unit))


def page(policy: Mapping[str, Any], reader: Reader) -> str:
    """The description of a policy, as a page of text."""
    return "\n".join(_page(policy, reader))


CLAUSES, PARAMETERS, FACTS, ACTIONS, STATES, TABLE = (
    N_("Clauses"),
    N_("Parameters"),
    N_("Facts"),
    N_("Actions"),
    N_("States"),
    N_("Table of {name}, in order of precedence"),
)
CITED = N_("document {document}, lines {lines}")
DEFAULT = N_("default {value}")
IF_ONLY = N_("where {condition}")
OTHERWISE = N_("{condition}; otherwise: {outcome}")


def _page(policy: Mapping[str, Any], reader: Reader) -> Iterator[str]:
    word, say = reader.word, reader.say
    yield f"{policy['title']} ({policy['key']})"
    yield policy["summary"]
    since = date.fromisoformat(policy["edition"]["effective_from"])
    yield say(Message(EDITION, values={"hash": policy["edition"]["hash"], "date": since}))
    yield ""
    yield word(CLAUSES)
    for clause in policy["clauses"]:
        citation = clause["citation"]
        lines = ", ".join(map(str, citation["lines"]))
        where = say(Message(CITED, values={"document": citation["document"], "lines": lines}))
        yield f"  {clause['id']} ({where})"
        yield _block(clause["text"], "      ", "      ")
    for table in policy["tables"]:
        yield ""
        yield say(Message(TABLE, values={"name": table["name"]}))
        for row in table["rows"]:
            if row["condition"] is None:
                continue
            parts = {"condition": row["condition"], "outcome": row["outcome"]}
            rule = f"{parts['condition']} → {parts['outcome']}"
            if row["kind"] == "requirement":
                rule = say(Message(OTHERWISE, values=parts))
            text = f"{row['clause'] or '–'}: {rule}"
            if row["only_if"]:
                text += ", " + say(Message(IF_ONLY, values={"condition": row["only_if"]}))
            yield _block(text, "  ", "      ")
    yield ""
    yield word(PARAMETERS)
    for parameter in policy["parameters"]:
        default = say(Message(DEFAULT, values={"value": str(parameter["default"])}))
        same = parameter["default"] == parameter["value"]
        yield f"  {parameter['name']} = {parameter['shown']}" + ("" if same else f" ({default})")
        yield f"      {parameter['label']}"
    yield ""
    yield word(FACTS)
    for fact in policy["facts"]:
        yield f"  {fact['path']}: {fact['label']} ({fact['source_label']})"
    yield ""
    yield word(ACTIONS)
    for action in policy["actions"]:
        actors = ", ".join(actor["label"] for actor in action["actors"])
        yield f"  {action['name']}: {action['label']} ({actors})"
    yield ""
    yield word(STATES)
    for state in policy["states"]:
        yield f"  {state['name']}: {state['label']}"
