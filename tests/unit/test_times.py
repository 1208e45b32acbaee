"""Times as producers write them: one moment, or a refusal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_app.core.poison import PoisonError, caught
from stream_app.core.wire.times import read_time

TEN = "2024-03-01T10:00:00Z"
MIDNIGHT = "2024-03-01T00:00:00Z"
READ: dict[str, list[Any]] = {
    TEN: [
        "2024-03-01T10:00:00Z", "2024-03-01t11:00:00+01:00", "2024-03-01T10:00:00+0000", "2024-03-01T10:00:00-00:00",
        "2024-03-01 10:00:00", "2024-03-01T10:00:00", "2024-03-01T10:00Z", "2024-03-01T10:00", "2024-03-01 10:00 UTC",
        "2024-03-01 10:00:00 +00:00", "2024-03-01 05:00:00-05", "2024-03-01T15:30:00+05:30", "20240301T100000Z",
        "20240301100000", "202403011000", " 2024-03-01T10:00:00Z ", "2024/03/01 10:00:00", "2024-03-01 11:00:00 CET",
        "2024-03-01T10:00:00.000Z", "2024-03-01T10:00:00,0Z",
        "Fri, 01 Mar 2024 10:00:00 GMT", "Fri, 1 Mar 2024 10:00:00 +0000", "01 Mar 2024 10:00:00 UT",
        "Fri, 01 Mar 24 10:00:00 GMT", "Fri, 01 Mar 2024 05:00:00 EST", "Fri, 01 Mar 2024 02:00:00 PST",
        "Fri, 01 Mar 2024 10:00 GMT", "Fri, 01 Mar 2024 10:00:00 +0000 (UTC)", "Fri,  1 Mar  2024 10:00:00 -0000",
        "Fri Mar  1 10:00:00 2024", "Fri Mar 01 10:00:00 +0000 2024", "Fri Mar 1 10:00:00 UTC 2024",
        "Fri Mar 01 2024 11:00:00 GMT+0100 (Central European Standard Time)",
        "1 March 2024 10:00 GMT", "1 March 2024, 10:00", "March 1, 2024 10:00 AM", "March 1, 2024 at 10:00 a.m. GMT",
        "Mar 1, 2024, 10:00:00 AM", "Friday, March 1st, 2024 10:00", "1st of March 2024 at 10:00", "10:00 GMT, 1 March 2024",
        "March 1, 2024 | 10:00 AM", "1 March 2024 - 10:00", "March 1, 2024 10am", "01-Mar-2024 10:00:00", "1.3.2024 10:00",
        "01.03.2024 10:00:00", 1709287200, 1709287200.0, "1709287200", "1709287200.0", 1709287200000, "1709287200000",
        1709287200000000, 1709287200000000000, 20240301100000,
    ],
    MIDNIGHT: [
        "2024-03-01", "2024/3/1", "20240301", 20240301, "1 March 2024", "1 Mar 2024", "01-Mar-2024", "March 1, 2024",
        "Mar. 1, 2024", "MARCH 1 2024", "Friday, 1 March 2024", "1.3.2024", "March 1, 2024 12:00 am",
    ],
    "2024-04-13T00:00:00Z": ["13/04/2024", "04/13/2024", "13-04-2024", "13.04.2024"],
    "2024-04-04T00:00:00Z": ["04/04/2024", "4/4/2024"],
    "2024-03-01T12:00:00Z": ["March 1, 2024 12:00 pm", "1 March 2024 12:00"],
    "2024-03-01T10:00:00.123456Z": ["2024-03-01T10:00:00.123456Z", "2024-03-01T10:00:00.123456789Z", 1709287200123456],
    "2024-03-01T10:00:00.500000Z": [1709287200500, 1709287200.5, "1709287200.5", "2024-03-01 10:00:00.5"],
    "2017-01-01T00:00:00Z": ["2016-12-31T23:59:60Z"],
    "1969-07-21T02:56:15Z": ["1969-07-21T02:56:15Z", "Mon, 21 Jul 69 02:56:15 GMT"],
    "1912-04-15T00:00:00Z": ["15 April 1912"],
}  # fmt: skip
REFUSED: list[Any] = [
    "03/04/2024", "3-4-2024", "03/04/24", "yesterday", "March 2024", "2024", 2024, "2024-13-01", "2024-02-30", "30 Feb 2024",
    "13/13/2024", "0/4/2024", "2024-03-01T25:00:00Z", "2024-03-01T10:61:00Z", "2024-03-01 10", "13:00 pm 1 March 2024",
    "1 March 2024 13:00 pm", "2024-03-01T10:00:00+25:00", "2024-03-01 10:00:00 BST", "2024-03-01 10:00:00 IST",
    "1 Floreal 2024", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1066-10-14",
    "3024-03-01", 0, 1, -1, -1709287200, 253402300800, 1e17, 1e300, 5, "5", "12", "1" * 30, "1" * 5000, "2024-03-01 " * 5000,
    "٢٠٢٤-٠٣-٠١", "Fri, 01 Mar 2024 10:00:00 GMT and more",
]  # fmt: skip


@pytest.mark.parametrize(("value", "moment"), [(value, moment) for moment, values in READ.items() for value in values])
def test_a_common_form_is_read_as_the_moment_that_it_means(value: Any, moment: str) -> None:
    assert read_time(value) == moment


@pytest.mark.parametrize("value", REFUSED, ids=lambda value: repr(value)[:40])
def test_what_means_no_one_moment_is_refused(value: Any) -> None:
    with pytest.raises(PoisonError) as refused:
        read_time(value)
    assert refused.value.reason == "bad_time"
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("value", [True, [], {}])
def test_a_time_is_a_string_or_a_number(value: Any) -> None:
    with pytest.raises(PoisonError) as refused:
        read_time(value)
    assert refused.value.reason == "wrong_type"


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_time_that_is_not_given_is_none(value: Any) -> None:
    assert read_time(value) is None


MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


@given(MOMENTS)
def test_every_form_of_one_moment_says_the_same(moment: datetime) -> None:
    forms = (
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%d %H:%M:%S",
        "%a, %d %b %Y %H:%M:%S GMT",
        "%B %d, %Y %I:%M:%S %p",
        "%Y%m%d%H%M%S",
    )
    numbers = (int(moment.timestamp()), int(moment.timestamp()) * 1000)
    assert {read_time(moment.strftime(form)) for form in forms} | {read_time(number) for number in numbers} == {
        moment.isoformat().replace("+00:00", "Z")
    }


@given(MOMENTS.map(lambda moment: read_time(moment.isoformat())))
def test_what_was_read_is_read_again_as_it_stands(written: str | None) -> None:
    assert read_time(written) == written


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.from_regex(r"[0-9/:. TZ+-]{1,30}")))
def test_whatever_is_given_for_a_time_is_read_or_refused(value: Any) -> None:
    found = caught(read_time, value)
    assert not isinstance(found, PoisonError) or found.reason == "bad_time"
