"""Who speaks: an agency's name in a text is no voice of the agency's, and adds no independent one."""

from __future__ import annotations

from dataclasses import replace

from stream_app.core.incidents.standing import independent
from tests.incident_builders import article, records, report_from


def test_a_text_that_names_an_agency_does_not_speak_for_it() -> None:
    told = [article(name, "2022-03-01T08:00:00Z", "A blast in Kharkiv killed 12 people.") for name in ("a", "b")]
    plain = [replace(report_from(records(one, {"killed": 12})), wire=None) for one in told]
    wired = [replace(report, wire="apnews.com") for report in plain]
    assert wired[0].voice != wired[1].voice
    assert (independent(plain), independent(wired)) == (2, 1)
