"""The bookkeeping of the pool under any order of events, interrupted ones included."""

from __future__ import annotations

import httpcore
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pywats.http.network.exchange import Exchange
from pywats.http.network.pool import Lease, Pool
from pywats.http.network.route import Route

SIZE, KEEP = 2, 1
ROUTE = Route(httpcore.Origin(b"http", b"server", 80), None, None, None)


class FakeLink:
    def __init__(self, route: Route = ROUTE) -> None:
        self.route = route
        self.fit = True
        self.closed = False

    def is_reusable(self) -> bool:
        return self.fit and not self.closed


class Asking:
    def __init__(self) -> None:
        self.lease: Lease[FakeLink] = Lease(Exchange(None), ROUTE)
        self.woken = False

    def wake(self) -> None:
        self.woken = True


def close(lease: Lease[FakeLink]) -> None:
    for link in lease.unwanted:
        link.closed = True
    lease.unwanted.clear()


class PoolMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.pool: Pool[FakeLink] = Pool(SIZE, KEEP)
        self.exchanges: list[Asking] = []
        self.links: list[FakeLink] = []

    @property
    def admitted(self) -> list[Asking]:
        return [each for each in self.exchanges if each.woken]

    @rule()
    def enter(self) -> None:
        exchange = Asking()
        self.exchanges.append(exchange)
        self.pool.enter(exchange.lease, exchange.wake)

    @precondition(lambda self: self.admitted)
    @rule(data=st.data())
    def connect(self, data: st.DataObject) -> None:
        lease = data.draw(st.sampled_from(self.admitted)).lease
        if lease.link is not None:
            return
        self.pool.take_idle(lease)
        close(lease)
        if lease.link is None:
            lease.link = FakeLink()
            self.links.append(lease.link)
        assert lease.link.is_reusable()

    @precondition(lambda self: self.links)
    @rule(data=st.data())
    def server_closes(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.links)).fit = False

    @precondition(lambda self: self.exchanges)
    @rule(data=st.data(), fit=st.booleans(), times=st.integers(1, 2))
    def end(self, data: st.DataObject, fit: bool, times: int) -> None:  # noqa: FBT001 - drawn
        exchange = data.draw(st.sampled_from(self.exchanges))
        # Interrupted after any of its steps, the whole is done again.
        for _ in range(times):
            self.pool.give_back(exchange.lease, fit=fit)
        close(exchange.lease)
        for _ in range(times):
            self.pool.leave(exchange.lease)
        self.exchanges.remove(exchange)

    @precondition(lambda self: self.exchanges)
    @rule(data=st.data())
    def server_had_closed_unseen(self, data: st.DataObject) -> None:
        lease = data.draw(st.sampled_from(self.exchanges)).lease
        self.pool.discard(lease)
        close(lease)

    @invariant()
    def places_are_given_in_order_and_never_too_many(self) -> None:
        assert self.admitted == self.exchanges[:SIZE]

    @invariant()
    def each_open_connection_has_one_owner(self) -> None:
        owned = self.pool.links()
        assert len(owned) == len(set(owned))
        assert {link for link in self.links if not link.closed} == set(owned)
        idle = len(owned) - sum(each.lease.link is not None for each in self.exchanges)
        assert idle <= KEEP


TestPool = PoolMachine.TestCase
TestPool.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
