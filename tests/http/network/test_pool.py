"""What the pool does with idle connections that are no longer fit for use."""

from __future__ import annotations

import httpcore

from pywats.http.network.exchange import Exchange
from pywats.http.network.pool import Lease, Pool
from pywats.http.network.route import Route
from tests.http.network.test_pool_machine import ROUTE, FakeLink


def used(pool: Pool[FakeLink], link: FakeLink) -> Lease[FakeLink]:
    """Return the lease of an exchange that is over and used the connection."""
    lease: Lease[FakeLink] = Lease(Exchange(None), link.route)
    pool.enter(lease, lambda: None)
    lease.link = link
    return lease


def test_idle_connections_that_expired_are_put_out_when_another_comes_back() -> None:
    pool: Pool[FakeLink] = Pool(4, 4)
    old, older, fresh, last = FakeLink(), FakeLink(), FakeLink(), FakeLink()
    for link in (older, old, fresh):
        lease = used(pool, link)
        pool.give_back(lease, fit=True)
        pool.leave(lease)
        assert lease.unwanted == []
    older.fit = old.fit = False

    lease = used(pool, last)
    pool.give_back(lease, fit=True)

    assert lease.unwanted == [older, old]
    assert pool.drain() == [fresh, last]


def test_an_expired_connection_is_not_handed_out() -> None:
    pool: Pool[FakeLink] = Pool(2, 2)
    first, second = FakeLink(), FakeLink()
    leases = [used(pool, link) for link in (first, second)]
    for lease in leases:
        pool.give_back(lease, fit=True)
        pool.leave(lease)
    second.fit = False

    lease = Lease[FakeLink](Exchange(None), ROUTE)
    pool.enter(lease, lambda: None)
    pool.take_idle(lease)

    assert lease.link is first
    assert lease.unwanted == [second]


def test_an_idle_connection_serves_its_own_route_only() -> None:
    elsewhere = Route(httpcore.Origin(b"http", b"other", 80), None, None, None)
    pool: Pool[FakeLink] = Pool(2, 2)
    here, there = FakeLink(), FakeLink(elsewhere)
    leases = [used(pool, link) for link in (here, there)]
    for lease in leases:
        pool.give_back(lease, fit=True)
        pool.leave(lease)

    lease = Lease[FakeLink](Exchange(None), ROUTE)
    pool.enter(lease, lambda: None)
    pool.take_idle(lease)

    assert lease.link is here
    assert pool.drain() == [there]
