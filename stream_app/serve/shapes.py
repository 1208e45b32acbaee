"""What the API answers, for its description: fields that are always there, with examples. More may come beside them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An object that may have more fields than are named."""

    model_config = ConfigDict(extra="allow")


class Problem(BaseModel):
    """Why there is no answer."""

    detail: Any = Field(examples=["no such incident"])


class Amount(Shape):
    """A number of persons; `high` is null where no text gives a ceiling."""

    low: int | None = Field(examples=[24])
    high: int | None = Field(examples=[None])


class Incident(Shape):
    """The standing toll of one incident, as on `incidents.tolls`; docs/incidents.md describes each field."""

    incident_id: str = Field(examples=["inc-82262c72a7dbf3a825a6df25136f26af"])
    toll: dict[str, Amount]


class Incidents(BaseModel):
    """A page of incidents, the latest told of first; `cursor` asks for the next page and is null on the last."""

    incidents: list[Incident]
    cursor: str | None = Field(examples=[None])


class Feature(Shape):
    """An incident at its place; without one it has no geometry."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class FeatureCollection(BaseModel):
    """GeoJSON, RFC 7946."""

    type: Literal["FeatureCollection"]
    features: list[Feature]
    cursor: str | None


class Revision(Shape):
    """One change of a toll, as on `incidents.revisions`, with its number in this store."""

    seq: int
    revision_id: str
    incident_id: str


class History(BaseModel):
    """Incidents, also those that stand no longer, and each change of their tolls, in the order of the ledger.

    A step is [incident, kind, milliseconds since 1970, low, high], the first two as numbers in the lists; a step
    without a kind ends the incident, one whose `low` and `high` are null takes the kind's number back. As of a time,
    the toll of an incident is what the steps up to that time leave.
    """

    features: list[Feature]
    kinds: list[str]
    steps: list[list[int | None]]


class Whole(BaseModel):
    """One incident with its ledger. `state`: standing, expired (closed; its toll stays true), merged, withdrawn."""

    state: str = Field(examples=["standing"])
    merged_into: str | None
    incident: Incident | None
    revisions: list[Revision]


class Article(Shape):
    """An enriched event, as on `articles.enriched`."""

    article_id: str


class Articles(BaseModel):
    """The articles of an incident, the earliest first, and copies of them, as on `articles.duplicates`."""

    articles: list[Article]
    copies: list[dict[str, Any]]


class Told(BaseModel):
    """An article, the incidents that it reports, and its copies."""

    article: Article
    incidents: list[str]
    copies: list[dict[str, Any]]


class Cluster(BaseModel):
    """One story: its editions, with what each changed (`duplicate.changes`), and its copies."""

    articles: list[Article]
    copies: list[dict[str, Any]]


class Revisions(BaseModel):
    """Entries of the ledger in the order in which they came."""

    revisions: list[Revision]


class Letters(BaseModel):
    """Dead letters: how many of each reason, and the newest."""

    reasons: dict[str, int]
    letters: list[dict[str, Any]]


class Status(BaseModel):
    """How far behind the topics this store is, what it holds and since when."""

    version: str
    trouble: str | None
    lag: dict[str, int] | None
    read: int
    listening: int
    incidents: dict[str, int]
    kept: dict[str, int]
    since: dict[str, str]
