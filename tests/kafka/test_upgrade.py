"""From the release before, with all that stands in its topics and tables, to this one: none lost, none twice; and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stream_app.core import hops
from tests.kafka.broker import consume
from tests.kafka.cluster import Cluster
from tests.kafka.stage import articles
from tests.kafka.upgrade import ALONE, NoHistoryError, Upgrade, ids, told_by, tree_before

pytestmark = pytest.mark.kafka

ARTICLES = articles(120, poison_every=0)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, skipping: Callable[[str], None]) -> Path:
    """The tree of the release before."""
    try:
        return tree_before(tmp_path_factory.mktemp("before") / "tree")
    except NoHistoryError as error:
        skipping(str(error))
        raise


@pytest.fixture
def stage(kafka: Cluster, tmp_path: Path) -> Iterator[Upgrade]:
    with Upgrade(kafka, f"upgrade-{tmp_path.name[-12:]}", tmp_path, ALONE) as stage:
        yield stage


def test_the_upgrade_loses_nothing_and_counts_nothing_twice(stage: Upgrade, before: Path) -> None:
    stage.work_before(before, ARTICLES[:60])
    assert set(stage.outcomes()) == ids(ARTICLES[:60])
    stood = stage.standing()
    assert stood
    stage.cut_over()
    stage.work_now(ARTICLES[60:90])
    assert stage.outcomes() == Counter(ids(ARTICLES[:90])), "each article once"
    tolls = stage.standing()
    assert not [article for article, count in told_by(tolls).items() if count > 1], "in two tolls"
    assert set(told_by(stood)) <= set(told_by(tolls)), "what was told before is told"


def test_the_way_back_loses_nothing(stage: Upgrade, before: Path) -> None:
    stage.work_before(before, ARTICLES[:40])
    stage.cut_over()
    stage.work_now(ARTICLES[40:60])
    stage.way_back()
    stage.work_before(before, ARTICLES[60:90])
    assert set(stage.outcomes()) == ids(ARTICLES[:90])
    buried = consume(stage.cluster, stage.prefix + hops.DEAD_LETTER)
    figures = (stage.prefix + hops.FIGURES).encode()
    assert {dict(letter.headers)["__streams.errors.topic"] for letter in buried} <= {figures}, (
        "this release's figures alone: their articles were tagged again"
    )
