"""The core's thread: calls are whole, in order, and none follows one that failed."""

import asyncio

import pytest

from streams.core_thread import LONGEST_CALL_S, CoreThread
from tests.unit.gate import Gate


async def test_after_a_call_that_failed_none_is_made_even_where_nobody_waited_for_it() -> None:
    gate = Gate()
    core, called = CoreThread(), []

    def fail() -> None:
        gate.pass_through()
        raise ValueError("half done")

    with gate.held():
        call = asyncio.create_task(core.call(fail))
        await gate.somebody()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    with pytest.raises(ValueError, match="half done"):
        await core.call(lambda: called.append("work"))
    assert called == []
    assert not core.busy
    await core.close()


async def test_what_the_loop_makes_of_a_result_comes_before_the_next_call() -> None:
    core, diary = CoreThread(), []
    await asyncio.gather(
        *(core.call(lambda n=n: diary.append(("work", n)), lambda _, n=n: diary.append(("then", n))) for n in range(20))  # type: ignore[misc]
    )
    assert diary == [(part, n) for n in range(20) for part in ("work", "then")]
    await core.close()


async def test_a_call_that_never_ends_is_not_taken_for_work() -> None:
    gate = Gate()
    now = [0.0]
    core = CoreThread(clock=lambda: now[0])
    with gate.held():
        call = asyncio.create_task(core.call(gate.pass_through))
        await gate.somebody()
        assert (core.busy, core.computing) == (True, True)
        now[0] += LONGEST_CALL_S
        assert (core.busy, core.computing) == (True, False)
    await call
    await core.close()


async def test_closing_waits_for_the_call_under_way() -> None:
    gate = Gate()
    core = CoreThread()
    with gate.held():
        call = asyncio.create_task(core.call(gate.pass_through))
        await gate.somebody()
        closing = asyncio.create_task(core.close())
        await asyncio.to_thread(lambda: None)
        assert not closing.done()
    await closing
    assert call.done()
