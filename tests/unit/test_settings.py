"""Settings: defaults, forms, and errors that name their variable."""

from __future__ import annotations

import dataclasses

import pytest

from stream_app.settings import Settings, SettingsError

WRONG = {
    "STREAM_APP_BROKERS": "localhost",
    "STREAM_APP_HOPS": "read,write",
    "STREAM_APP_PARTITIONS": "0",
    "STREAM_APP_PREFIX": "a b",
    "STREAM_APP_WINDOW_H": "long",
    "STREAM_APP_CONVENTION": "guess",
    "STREAM_APP_OUTLET_PRIOR": "perhaps",
    "STREAM_APP_WEB_PORT": "70000",
    "STREAM_APP_SECURITY_PROTOCOL": "TELNET",
    "STREAM_APP_MIN_CONFIDENCE": "2",
}


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_a_wrong_value_names_its_variable_and_the_expected_form(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}='{value}': expected "):
        Settings.from_env({name: value})


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="STREAM_APP_PARTITION: no such setting"):
        Settings.from_env({"STREAM_APP_PARTITION": "4"})


def test_a_wrong_password_is_never_shown() -> None:
    row = next(row for row in dataclasses.fields(Settings) if row.name == "sasl_password")
    assert row.metadata["parse"]("secret") == "secret"
    assert "secret" not in repr(Settings(sasl_password="secret"))


def test_more_replicas_in_sync_than_replicas_are_refused() -> None:
    with pytest.raises(SettingsError, match="STREAM_APP_MIN_INSYNC=2"):
        Settings.from_env({"STREAM_APP_REPLICATION": "1"})


def test_hops_come_in_the_order_of_the_flow() -> None:
    assert Settings.from_env({"STREAM_APP_HOPS": "tag, read"}).hops == ("read", "tag")


def test_every_setting_says_what_it_is_for() -> None:
    for row in dataclasses.fields(Settings):
        assert row.metadata["help"]
        assert row.metadata["form"]


def test_other_variables_are_none_of_ours() -> None:
    assert Settings.from_env({"HOME": "/", "STREAM": "x"}) == Settings()
