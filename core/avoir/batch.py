"""Batches: many documents decided one after another, or by several processes at once.

Answers come in the order of the documents, and no more of them are held than are worked on.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import Any, Final, TypeVar

import msgspec

from avoir.cases import evaluate, evaluate_json
from avoir.clauses import Outcome
from avoir.messages import Language
from avoir.policies import Edition
from avoir.readers import Catalogs, Reader
from avoir.scribes import Scribe

W = TypeVar("W")
R = TypeVar("R")

AHEAD: Final = 3
"""Portions of work that wait for each process, so that none of them waits for work."""

PORTION: Final = 250
"""Documents in a portion of work."""

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What is raised for bytes that are no JSON of the form that is wanted."""


def evaluate_all(
    edition: Edition,
    documents: Iterable[bytes | Mapping[str, Any]],
    *,
    action: str | None = None,
    reader: Reader | None = None,
    workers: int | None = None,
) -> Iterator[dict[str, Any]]:
    """What an action would come to on each of many facts documents, in their order.

    A document is plain data, or JSON in bytes. An answer is the document of a decision without what
    explains it; its few words are for ``reader``, who reads English by default. There are as many
    ``workers`` as processors, unless fewer documents than a portion need none. They are processes
    forked from this one: a program with threads of its own had better have 1. Raises
    ``UsageError`` for an action that the policy does not have.
    """
    policy = edition.policy
    english = Reader(Language.ENGLISH, policy.time_zone, Catalogs(()), policy.domain, policy.labels)
    scribe = Scribe(reader or english)

    def answer(document: bytes | Mapping[str, Any]) -> bytes:
        try:
            if isinstance(document, bytes):
                decision = evaluate_json(edition, action, document)
            else:
                decision = evaluate(edition, action, document)
        except UNREADABLE as fault:
            return msgspec.json.encode(unreadable(str(fault)))
        return scribe.decided(decision, edition)

    def answers(portion: Sequence[bytes | Mapping[str, Any]]) -> Sequence[bytes]:
        return [answer(document) for document in portion]

    for contents in spread(_portions(documents), answers, workers):
        yield from map(msgspec.json.decode, contents)


def unreadable(*errors: str) -> dict[str, Any]:
    """The answer to what is no document."""
    return {"outcome": Outcome.INVALID.value, "errors": list(errors)}


def _portions(documents: Iterable[W]) -> Iterator[Sequence[W]]:
    remaining = iter(documents)
    while portion := list(islice(remaining, PORTION)):
        yield portion


def spread(
    portions: Iterable[W], work: Callable[[W], R], workers: int | None = None
) -> Generator[R, None, None]:
    """Portions worked on by so many processes, in their order; a single one needs none."""
    remaining = iter(portions)
    first = list(islice(remaining, 2))
    every = chain(first, remaining)
    number = processors() if workers is None else workers
    if len(first) < 2 or number < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, every)
        return
    pool = ProcessPoolExecutor(
        number, multiprocessing.get_context("fork"), initializer=_begin, initargs=(work,)
    )
    waiting: deque[Future[R]] = deque()
    try:
        for portion in every:
            if len(waiting) >= AHEAD * number:
                yield waiting.popleft().result()
            waiting.append(pool.submit(_do, portion))
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def processors() -> int:
    """How many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_work: Callable[[Any], Any]
"""What this process does, where it is one that works."""


def _begin(work: Callable[[Any], Any]) -> None:
    """Begin to work in a process of its own."""
    global _work
    _work = work
    # whoever interrupts a program interrupts all its processes: the first of them ends the others
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # what was loaded stays, and nothing that is made for an answer refers back to itself
    gc.freeze()
    gc.set_threshold(100_000)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(portion: Any) -> Any:
    return _work(portion)
