"""News of commits: heard in the event loop, told from any thread, kept by nobody who left."""

import asyncio
from threading import Thread

from scoring_service.store.news import News


def _told_elsewhere(news: News) -> None:
    """Tell from another thread, as the writer does."""
    thread = Thread(target=news.tell)
    thread.start()
    thread.join()


async def test_everybody_who_listens_hears_and_hears_again() -> None:
    news = News()
    with news.heard() as first, news.heard() as second:
        for _ in range(2):
            _told_elsewhere(news)
            await asyncio.wait_for(asyncio.gather(first.wait(), second.wait()), 10)
            first.clear()
            second.clear()


async def test_who_left_is_told_nothing_and_the_others_are() -> None:
    news = News()
    with news.heard() as stays:
        with news.heard() as left:
            pass
        _told_elsewhere(news)
        await asyncio.wait_for(stays.wait(), 10)
        assert not left.is_set()


async def test_nobody_needs_to_listen() -> None:
    _told_elsewhere(News())
