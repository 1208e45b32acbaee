"""The compiled file: what is written is what is read, and what is no gazetteer is refused with advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from stream_app.core.places import Gazetteer, GazetteerError
from stream_app.core.places.gazetteer import COMMON_WORD
from stream_app.gazetteer import default_path, ensure, location
from stream_app.gazetteer.build import compile_file
from stream_app.gazetteer.sources import Row, spellings
from stream_app.hops import open_gazetteer
from stream_app.settings import Settings, SettingsError


def small() -> list[Row]:
    country = Row("g1", 1, "Elbonia", 10.0, 20.0, 1_000_000, "EB", "A", "PCLI")
    state = Row("g2", 2, "Mud", 10.5, 20.5, 500_000, "EB", "A", "ADM1")
    town = Row("g3", 3, "Šlamgrad", 10.25, -20.12345, 9_000, "EB", "P", "PPL", adm1="g2")
    sea = Row("sMud Sea", 0, "Mud Sea", -9.0, 21.0, 0, "", "H", "SEA", type="sea")
    for row in (country, state, town, sea):
        row.call(row.name, alternate=False)
    town.call("Mud", alternate=True)
    return [country, state, town, sea]


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    path = tmp_path / "places.bin"
    path.write_bytes(compile_file(small(), {"mud": COMMON_WORD}, {"mud.example": ["EB", 10.25, -20.1]}))
    return path


def test_an_entry_comes_back_as_it_was_written(compiled: Path) -> None:
    gazetteer = Gazetteer.open(compiled)
    (town,) = gazetteer.lookup("slamgrad")
    assert (town.geonames_id, town.name, town.lat, town.lon) == (3, "Šlamgrad", 10.25, -20.12345)
    assert (town.population, town.country_code, town.feature_class, town.feature_code) == (9_000, "EB", "P", "PPL")
    assert town.adm1 is not None
    assert gazetteer.entry(town.adm1).name == "Mud"


def test_lookup_ignores_case_and_diacritics(compiled: Path) -> None:
    gazetteer = Gazetteer.open(compiled)
    assert gazetteer.lookup("ŠLAMGRAD") == gazetteer.lookup("Slamgrad") != []


def test_namesakes_come_in_order_of_importance_with_alternates_marked(compiled: Path) -> None:
    gazetteer = Gazetteer.open(compiled)
    key = gazetteer.trie["mud"]
    assert [(gazetteer.entry(index).name, alternate) for index, alternate in gazetteer.postings(key)] == [
        ("Mud", False),
        ("Šlamgrad", True),
    ]
    assert gazetteer.flags_of("mud") == COMMON_WORD


def test_what_only_we_know_has_no_geonames_id(compiled: Path) -> None:
    (sea,) = Gazetteer.open(compiled).lookup("Mud Sea")
    assert sea.geonames_id is None
    assert sea.type == "sea"


def test_unknown_names_have_no_entries(compiled: Path) -> None:
    assert Gazetteer.open(compiled).lookup("Nowhere") == []


def test_the_version_is_that_of_the_content(compiled: Path) -> None:
    changed = small()
    changed[0].population += 1
    other = compiled.with_name("other.bin")
    other.write_bytes(compile_file(changed, {}, {}))
    assert Gazetteer.open(compiled).version != Gazetteer.open(other).version


@pytest.mark.parametrize("content", [b"", b"not a gazetteer, but long enough to look at"])
def test_another_file_is_refused_with_advice(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "places.bin"
    path.write_bytes(content)
    with pytest.raises(GazetteerError, match="gazetteer build"):
        Gazetteer.open(path)


def test_an_existing_gazetteer_is_not_built_again(compiled: Path) -> None:
    told: list[Path] = []
    assert ensure(compiled, on_build=told.append) == compiled
    assert told == []


def test_a_missing_gazetteer_is_built_beside_its_place_and_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(location, "build", lambda path, _: path.write_bytes(b"built"))
    target = tmp_path / "cache" / "places.bin"
    told: list[Path] = []
    assert ensure(target, on_build=told.append).read_bytes() == b"built"
    assert told == [target]
    assert list(target.parent.iterdir()) == [target]


def test_a_gazetteer_that_is_asked_for_is_never_made(tmp_path: Path) -> None:
    asked = tmp_path / "mine.bin"
    with pytest.raises(SettingsError, match=r"STREAM_APP_GAZETTEER=.*mine\.bin: no such gazetteer"):
        open_gazetteer(Settings(gazetteer=asked))
    assert list(tmp_path.iterdir()) == []


def test_the_cache_is_where_the_user_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_path().parent == tmp_path / "stream-app"


def test_a_gazetteer_in_the_wheel_needs_neither_cache_nor_packages(
    compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(location, "IN_THE_WHEEL", compiled)
    monkeypatch.setattr(location, "PACKAGES", ("not-installed",))
    assert ensure() == compiled


def test_without_a_gazetteer_the_advice_can_be_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(location, "PACKAGES", ("not-installed",))
    location.data_version.cache_clear()
    with pytest.raises(GazetteerError, match="pip install not-installed"):
        default_path()
    location.data_version.cache_clear()


def test_names_are_stored_under_the_spellings_that_the_press_uses() -> None:
    assert {"saint mary's", "st. mary's", "st mary's", "st marys"} <= spellings("Saint Mary’s")
    assert {"munchen", "muenchen"} <= spellings("München")
    assert spellings("北京") == set()


def test_the_real_gazetteer_is_small_and_knows_its_size(gazetteer: Gazetteer) -> None:
    assert gazetteer.counts["entries"] > 270_000
    assert sum(entry.geonames_id == 706483 for entry in gazetteer.lookup("Kharkov")) == 1
