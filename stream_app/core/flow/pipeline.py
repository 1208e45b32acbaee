"""The four hops: what the service, `batch` and `demo` all run.

A hop knows no broker. It is given one record and the state of that record's partition, and says what to publish and
which table rows to change. The same records in the same order give the same bytes, so redelivery repeats itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from stream_app.core import wire
from stream_app.core.dedup import Considered, Matcher
from stream_app.core.dedup.matcher import cluster_id_of
from stream_app.core.dedup.signature import Signature, sign_all
from stream_app.core.events import Article, Duplicate, Tagged
from stream_app.core.flow.quarantine import UnchangedError
from stream_app.core.hops import (
    DUPLICATES,
    DUPLICATES_SCHEMA,
    ENRICHED,
    ENRICHED_SCHEMA,
    FIGURES,
    FIGURES_SCHEMA,
    MEMBERS,
    MEMBERS_SCHEMA,
    RAW,
    REPORTS,
    REPORTS_SCHEMA,
    REVISIONS,
    REVISIONS_SCHEMA,
    SIGNED,
    SIGNED_SCHEMA,
    TOLLS,
    TOLLS_SCHEMA,
    UNIQUE,
    UNIQUE_SCHEMA,
    Decision,
    Effects,
    Fact,
    Output,
    Record,
    only,
)
from stream_app.core.incidents import Counted, Counter
from stream_app.core.incidents.telling import FlatFigure, Pairs, told_by
from stream_app.core.incidents.wording import Wordings
from stream_app.core.language import limits
from stream_app.core.language.document import Document
from stream_app.core.poison import PoisonError, caught
from stream_app.core.sources import Sources, builtin
from stream_app.core.tagging import Tagger, tag_all
from stream_app.core.wire.times import rfc3339


@dataclass(frozen=True, slots=True)
class Read:
    """Decode, validate and sign a raw article; stateless."""

    limits: wire.Limits = wire.LIMITS
    name: str = "read"
    source: str = RAW
    stateful: bool = False

    def new_state(self) -> None:
        """Nothing to keep."""

    def __call__(self, record: Record, _: object = None) -> Effects:
        """The signed article.

        Raises:
            PoisonError: the record is no article.
        """
        return only(self.each([record]))

    def each(self, records: Sequence[Record]) -> list[Decision]:
        """The signed articles, or why a record is none."""
        read = [caught(self._article, record) for record in records]
        articles = [article for article in read if not isinstance(article, PoisonError)]
        return _in_place(read, map(_signed, articles, sign_all(articles)))

    def _article(self, record: Record) -> Article:
        if record.value is None and record.key:
            return wire.taken_back(record.key, record.source)
        return wire.decode_article(record.value, self.limits)


def _in_place(read: Sequence[object], effects: Iterator[Effects]) -> list[Decision]:
    """What was read, each refusal in its place, and for all else the effects, in order."""
    return [one if isinstance(one, PoisonError) else next(effects) for one in read]


def _signed(article: Article, signature: Signature) -> Effects:
    value = wire.encode({"article": article, "signature": signature.to_wire()})
    return Effects([Output(SIGNED, article.id.encode(), value, content_id(SIGNED, article), SIGNED_SCHEMA)])


@dataclass(frozen=True, slots=True)
class Match:
    """Judge a signed article against those of the window: unique, revision, or a copy.

    `once`: as `Matcher` has it, for input that no broker delivers again.
    """

    window_s: float = 72 * 3600.0
    max_rows: int = 3_000_000
    sources: Sources = field(default_factory=builtin)
    once: bool = False
    name: str = "match"
    source: str = SIGNED
    stateful: bool = True

    def new_state(self) -> Matcher:
        """A matcher that has seen nothing."""
        return Matcher(self.window_s, self.max_rows, self.sources, once=self.once)

    def __call__(self, record: Record, state: Matcher) -> Effects:
        """The article passed on, or what it repeats.

        Raises:
            PoisonError: the record is not one that `Read` made.
            UnchangedError: our own fault, before anything was remembered.
        """
        try:
            fields = wire.decode_record(record.value, "article", "signature")
            article = wire.article_of(fields["article"])
            signature = _signature(fields["signature"])
            received_s = record.timestamp_ms / 1000
            considered = state.consider(article, signature, received_s)
            output = _matched(article, considered, received_s)
        except PoisonError:
            raise
        except Exception as error:
            raise UnchangedError from error
        rows = [(row_id.encode(), row) for row_id, row in state.remember(considered).rows]
        return Effects([output], rows, _outcome(considered.duplicate))


def _signature(text: str) -> Signature:
    try:
        return Signature.from_wire(text)
    except (ValueError, TypeError) as error:
        raise PoisonError("bad_record", f"no signature: {error}") from None


def _matched(claimed: Article, considered: Considered, received_s: float) -> Output:
    """The article passed on, or what it repeats, under the id that it goes by.

    A withdrawal says when it was made, and from when on it stands before what was told.
    """
    duplicate = considered.duplicate
    article = claimed if considered.article_id == claimed.id else replace(claimed, id=considered.article_id)
    claimed_id = None if article is claimed else claimed.id
    key = article.id.encode()
    if duplicate.verdict in ("unique", "revision"):
        fields = {"article": article, "duplicate": passed_on(duplicate, claimed_id)}
        if considered.withdrawn_s is not None:
            at = article.published_at or rfc3339(received_s)
            fields["withdrawn"] = {"by": article.source, "at": at, "told_at": rfc3339(considered.withdrawn_s)}
        event_id = content_id(UNIQUE, article, *_named(duplicate.version))
        return Output(UNIQUE, key, wire.encode(fields), event_id, UNIQUE_SCHEMA)
    event_id = content_id(DUPLICATES, article)
    event = {
        "event_id": event_id,
        "schema": DUPLICATES_SCHEMA,
        "article_id": article.id,
        "claimed_id": claimed_id,
        "url": article.url,
        "source": article.source,
        "published_at": article.published_at,
        "verdict": duplicate.verdict,
        "of": duplicate.of,
        "cluster_id": duplicate.cluster_id,
        "similarity": duplicate.similarity,
        "why": duplicate.why,
    }
    return Output(DUPLICATES, key, wire.encode(event), event_id, DUPLICATES_SCHEMA)


def _named(version: int) -> tuple[str, ...]:
    """What tells the events of a version from those of the same words told before."""
    return (str(version),) if version else ()


def _outcome(duplicate: Duplicate) -> list[Fact]:
    if duplicate.verdict in ("unique", "revision"):
        return [("articles", duplicate.verdict)]
    return [("articles", "duplicate"), ("duplicates", duplicate.verdict), ("double_counts_avoided", "copy")]


def passed_on(duplicate: Duplicate, claimed_id: str | None = None) -> dict[str, Any]:
    """The `duplicate` of an enriched event; `claimed_id` is the id that was given, where that is another source's."""
    return {
        "verdict": duplicate.verdict,
        "cluster_id": duplicate.cluster_id,
        "revision_of": duplicate.of,
        "story_id": duplicate.story_id or duplicate.cluster_id,
        "version": duplicate.version,
        "alters": duplicate.alters,
        "claimed_id": claimed_id,
        "similarity": duplicate.similarity,
        "changes": duplicate.changes,
    }


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What decides the outcome of tagging, named in every event: the same names, the same event for an article."""

    version: str
    gazetteer: str
    rules: str
    convention: str

    @property
    def names(self) -> tuple[str, ...]:
        """All four, in this order."""
        return self.version, self.gazetteer, self.rules, self.convention


@dataclass(frozen=True, slots=True)
class Tag:
    """Tag a unique article or revision with places, casualties and toll; stateless."""

    taggers: Sequence[Tagger]
    pipeline: Pipeline
    sources: Sources = field(default_factory=builtin)
    wordings: Wordings = field(default_factory=Wordings)
    name: str = "tag"
    source: str = UNIQUE
    stateful: bool = False

    def new_state(self) -> None:
        """Nothing to keep."""

    def __call__(self, record: Record, _: object = None) -> Effects:
        """The enriched event, its figures one by one under the country of their place, and its reports for the count.

        Raises:
            PoisonError: the record is not one that `Match` made.
        """
        return only(self.each([record]))

    def each(self, records: Sequence[Record]) -> list[Decision]:
        """The enriched events, figures and reports, or why a record is not one that `Match` made."""
        read = [caught(_unique, record) for record in records]
        unique = [passed for passed in read if not isinstance(passed, PoisonError)]
        documents = [Document(one.article) for one in unique]
        read_on = [document for document in documents if not document.article.is_withdrawn]
        told_of = iter(tag_all(read_on, self.taggers))
        tagged = [Tagged() if document.article.is_withdrawn else next(told_of) for document in documents]
        events = [
            self.enriched(document.article, one.duplicate, document.as_sent(found), one.withdrawn)
            for document, one, found in zip(documents, unique, tagged, strict=True)
        ]
        told = [
            told_by(one.as_told(document), one.duplicate, found, event["event_id"], self.wordings, self.sources)
            for document, one, found, event in zip(documents, unique, tagged, events, strict=True)
        ]
        return _in_place(read, map(_enriched, events, told, tagged))

    def alone(self, article: Article) -> dict[str, Any]:
        """The `duplicate` of an article that is tagged without being compared with any other."""
        return passed_on(Duplicate("unique", None, cluster_id_of(article.id), 0.0, (), "not compared"))

    def enriched(
        self, article: Article, duplicate: Mapping[str, Any], tagged: Tagged, withdrawn: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The enriched event as a mapping whose leaves orjson can write."""
        said = {"casualties": tagged.casualties, "rejected": tagged.rejected, "places": tagged.places}
        full = limits.full(said, len(article.title or "") + len(article.text))
        return {
            "event_id": content_id(ENRICHED, article, *self.pipeline.names, *_named(duplicate.get("version", 0))),
            "schema": ENRICHED_SCHEMA,
            "article_id": article.id,
            "url": article.url,
            "title": article.title,
            "text": article.text,
            "source": article.source,
            "published_at": article.published_at,
            "language": article.language,
            "language_found": tagged.language_found,
            "metadata": article.metadata,
            "duplicate": duplicate,
            "withdrawn": withdrawn and {"by": withdrawn["by"], "at": withdrawn["at"]},
            "cause": tagged.cause,
            **said,
            "toll": tagged.toll,
            "pipeline": self.pipeline,
            **({"full": full} if full else {}),
        }


class Unique(NamedTuple):
    """An article that is no copy, the `duplicate` of its event, and by whom and when it was `withdrawn`, if it was."""

    article: Article
    duplicate: Mapping[str, Any]
    withdrawn: Mapping[str, Any] | None

    def as_told(self, document: Document) -> Document:
        """The document as reports date it: a withdrawal is of the time of what it takes back."""
        told_at = self.withdrawn and self.withdrawn["told_at"]
        return Document(replace(self.article, published_at=told_at)) if told_at else document


def _unique(record: Record) -> Unique:
    fields = wire.decode_record(record.value, "article", "duplicate")
    article = wire.article_of(fields["article"])
    withdrawn = fields.get("withdrawn")
    if withdrawn is None and article.is_withdrawn:  # of before it was told
        withdrawn = {"by": article.source, "at": article.published_at, "told_at": article.published_at}
    return Unique(article, fields["duplicate"], withdrawn)


def _enriched(event: Mapping[str, Any], told: tuple[Pairs, list[FlatFigure]], tagged: Tagged) -> Effects:
    """The event, its figures one by one under the country of their place, and its reports under its own id."""
    figures, reports = told
    key = event["article_id"].encode()
    outputs = [Output(ENRICHED, key, wire.encode(event), event["event_id"], ENRICHED_SCHEMA)]
    outputs.extend(
        Output(FIGURES, country.encode(), wire.encode(figure), figure["figure_id"], FIGURES_SCHEMA)
        for country, figure in figures
    )
    outputs.extend(Output(REPORTS, key, wire.encode(report), report["report_id"], REPORTS_SCHEMA) for report in reports)
    return Effects(outputs, facts=_annotations(tagged))


def _annotations(tagged: Tagged) -> list[Fact]:
    figures = tagged.casualties
    facts: list[Fact] = [("figures", figure.kind, figure.assertion) for figure in figures]
    facts.extend(("figures_vague",) for figure in figures if figure.qualifier == "vague")
    facts.extend(("figures_unattributed",) for figure in figures if figure.attribution is None)
    facts.extend(("figures_rejected", rejected.reason) for rejected in tagged.rejected)
    facts.extend(("places", place.unresolved or "resolved") for place in tagged.places)
    return facts


@dataclass(frozen=True, slots=True)
class Count:
    """Keep one toll per incident, and tell every change of it; `timed` as `Counter` has it."""

    window_s: float = 168 * 3600.0
    most_open: int = 1_000_000
    timed: bool = True
    name: str = "count"
    source: str = REPORTS
    stateful: bool = True

    def new_state(self) -> Counter:
        """A counter without incidents."""
        return Counter(self.window_s, self.most_open, timed=self.timed)

    def __call__(self, record: Record, state: Counter) -> Effects:
        """The tolls that this report changes, their revisions, and where it and others belong.

        Raises:
            PoisonError: the record is not one that `Tag` made.
        """
        report = wire.decode_record(record.value, "report_id", "article_id", "event_id")
        counted = state.count(report, record.timestamp_ms / 1000)
        cause = str(report["report_id"])
        outputs = [_toll(incident_id, toll, cause) for incident_id, toll in counted.tolls]
        outputs.extend(
            Output(REVISIONS, incident_id.encode(), wire.encode(revision), revision["revision_id"], REVISIONS_SCHEMA)
            for incident_id, revision in counted.revisions
        )
        outputs.extend(_member(report_id, member, cause) for report_id, member in counted.members)
        outputs.extend(
            replace(_toll(incident_id, None, cause), gone=why, merged_into=into)
            for incident_id, why, into in counted.gone
        )
        rows = [(row_id.encode(), row) for row_id, row in counted.rows]
        return Effects(outputs, rows, _incident_facts(counted))


def _member(report_id: str, member: Mapping[str, Any] | None, cause: str) -> Output:
    """Which incident a report belongs to, or the tombstone of one that nobody needs to look up any more."""
    value = None if member is None else wire.encode(member)
    event_id = wire.digest(MEMBERS, report_id, cause, "" if value is None else value.decode())
    return Output(MEMBERS, report_id.encode(), value, event_id, MEMBERS_SCHEMA, None if member else "expired")


def _incident_facts(counted: Counted) -> list[Fact]:
    """What the count hop learnt: a toll that is told from several articles has not been added up from them."""
    facts: list[Fact] = [("revisions", line["why"]) for _, line in counted.revisions]
    facts.extend(("contradictions", line["kind"]) for _, line in counted.revisions if line["why"] == "contradicted")
    facts.extend(("double_counts_avoided", "same_incident") for _, toll in counted.tolls if toll["articles_total"] > 1)
    return [*facts, ("late_reports",)] if counted.late else facts


def _toll(incident_id: str, toll: Mapping[str, Any] | None, cause: str) -> Output:
    """A standing toll, or the tombstone of an incident that is no more.

    Its id derives from what it says and from the figure that moved it: a toll that returns to an earlier value is news.
    """
    value = None if toll is None else wire.encode(toll)
    event_id = wire.digest(TOLLS, incident_id, cause, "" if value is None else value.decode())
    return Output(TOLLS, incident_id.encode(), value, event_id, TOLLS_SCHEMA)


def content_id(topic: str, article: Article, *more: str) -> str:
    """The id of what `topic` says of this article: the same content, the same id, whenever it is processed."""
    return wire.digest(topic, *more, wire.encode(article).decode())
