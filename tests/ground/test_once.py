"""Idempotency: the double click acts once, whatever the timing."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from icargos.ground.models import Once
from icargos.ground.once import once
from icargos.ground.tenancy import acting
from icargos.kit.errors import Conflict, Forbidden
from tests.cast import NOW, Cast


def ask(cast: Cast, act: Callable[[], Any], *, who: str = "bilal", key: str = "k1", fingerprint: str = "f") -> Any:
    actor = cast.actor(who)
    with acting(actor):
        return once(actor, "book", key, fingerprint, act, now=NOW)


def refuse() -> None:
    raise AssertionError("acted a second time")


def in_threads(*tasks: Callable[[], Any]) -> list[Any]:
    """Run the tasks at once, each on its own connection; what each returned or raised."""
    results: list[Any] = [None] * len(tasks)

    def run(place: int) -> None:
        try:
            results[place] = tasks[place]()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive()
    return results


def test_a_replay_gets_the_first_answer_and_does_nothing(cast: Cast) -> None:
    answer = {"cn": "IC473124829", "n": [1, None, "سندھ"]}
    assert ask(cast, lambda: answer) == (answer, False)
    assert ask(cast, refuse) == (answer, True)


@pytest.mark.parametrize("answer", [None, 7, "x", [], {"a": 1}])
def test_any_plain_answer_is_kept(cast: Cast, answer: Any) -> None:
    assert ask(cast, lambda: answer) == (answer, False)
    assert ask(cast, refuse) == (answer, True)


def test_the_same_key_with_other_contents_is_refused(cast: Cast) -> None:
    ask(cast, lambda: 1)
    with pytest.raises(Conflict):
        ask(cast, refuse, fingerprint="other")
    assert ask(cast, refuse) == (1, True)


def test_two_shippers_may_use_the_same_key(cast: Cast) -> None:
    assert ask(cast, lambda: "a") == ("a", False)
    assert ask(cast, lambda: "b", who="zara", fingerprint="g") == ("b", False)
    assert ask(cast, refuse) == ("a", True)


def test_a_failed_request_leaves_the_key_free(cast: Cast) -> None:
    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask(cast, fail)
    assert ask(cast, lambda: "now") == ("now", False)


def test_two_requests_at_once_act_once(cast: Cast) -> None:
    acted: list[int] = []
    inside = threading.Event()

    def act() -> str:
        acted.append(1)
        inside.set()
        threading.Event().wait(0.3)  # the second request arrives and waits for this transaction
        return "done"

    def second() -> Any:
        assert inside.wait(10)
        return ask(cast, act)

    results = in_threads(lambda: ask(cast, act), second)
    assert results == [("done", False), ("done", True)]
    assert len(acted) == 1


def test_a_waiting_request_with_other_contents_is_refused(cast: Cast) -> None:
    inside = threading.Event()

    def act() -> str:
        inside.set()
        threading.Event().wait(0.3)
        return "done"

    def second() -> Any:
        assert inside.wait(10)
        return ask(cast, refuse, fingerprint="other")

    first, other = in_threads(lambda: ask(cast, act), second)
    assert first == ("done", False)
    assert isinstance(other, Conflict)


def test_when_the_first_fails_the_waiting_one_acts(cast: Cast) -> None:
    inside = threading.Event()

    def fail() -> None:
        inside.set()
        threading.Event().wait(0.3)
        raise RuntimeError

    def second() -> Any:
        assert inside.wait(10)
        return ask(cast, lambda: "second")

    first, other = in_threads(lambda: ask(cast, fail), second)
    assert isinstance(first, RuntimeError)
    assert other == ("second", False)
    with acting(cast.actor("bilal")):
        assert Once.objects.count() == 1


def test_eight_requests_at_once_act_once(cast: Cast) -> None:
    acted: list[int] = []
    together = threading.Barrier(8, timeout=20)

    def act() -> int:
        acted.append(1)
        return len(acted)

    def one() -> Any:
        together.wait()
        return ask(cast, act)

    results = in_threads(*[one] * 8)
    assert sorted(results) == [(1, False)] + [(1, True)] * 7
    assert acted == [1]


def test_the_courier_has_no_replay_keys(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        ask(cast, refuse, who="dawood")


def test_a_shipper_reads_no_others_answers(cast: Cast) -> None:
    ask(cast, lambda: "secret")
    with acting(cast.actor("zara")):
        assert not Once.objects.exists()
    with acting(cast.actor("dawood")), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Once.objects.exists()
