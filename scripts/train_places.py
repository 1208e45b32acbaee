"""Learn the weights of the place tagger from annotated corpora; writes numbers only.

    python scripts/train_places.py --gazetteer places.bin CORPUS.jsonl ...

A corpus holds an article a line: {"id", "text", "title", "source", "url", "toponyms": [{"start", "end", "lat", "lon",
"geonameid", "subtype"}]}. Figures printed are cross-validated: by document (--by document) or with each corpus left
out in turn (--by corpus). The weights written are those of all corpora together. Three models, one after another, each
trained on what the one before it says of documents that it has not seen:

1. recognition: is this candidate a toponym, by its slots; then again with the other mentions of its name;
2. resolution: which option of a name, by its static features and its context in the article;
3. calibration: how often an option of this probability is right.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from stream_app.core.events import Article
from stream_app.core.places import Gazetteer
from stream_app.core.places.geometry import distance_km
from stream_app.core.places.hints import give_hints
from stream_app.core.places.outlet import Home, Outlets
from stream_app.core.places.page import Page, Vocabulary
from stream_app.core.places.persons import surnames
from stream_app.core.places.place_tagger import logit
from stream_app.core.places.recognise import AGREEMENT, FLOOR, agreement_values, choose
from stream_app.core.places.resolve import (
    CONTEXT,
    Context,
    Name,
    Resolver,
    static_features,
)
from stream_app.core.places.scorer import TEMPLATES, Scorer, reader
from stream_app.core.places.spotting import Spotted, Spotter

WEIGHTS = Path(__file__).parent.parent / "stream_app" / "core" / "places"
L2_RECOGNITION, L2_RESOLUTION = 3.0, 1.0
SEED, FOLDS = 7, 5
RIGHT_KM = 161.0


@dataclass
class Doc:
    """One article with its candidates and what the gold says of each: 1, 0, or -1 for what is not judged."""

    corpus: str
    page: Page
    toponyms: list[dict[str, Any]]
    home: Home | None
    spotted: list[Spotted]
    labels: list[int]
    rows: list[list[int]] = field(default_factory=list)
    scores: np.ndarray = field(default_factory=lambda: np.zeros(0))


# --- reading -------------------------------------------------------------------------------------------------------


def read_corpora(paths: Sequence[Path], gazetteer: Gazetteer) -> list[Doc]:
    spotter, vocabulary, outlets = Spotter(gazetteer, Scorer(0.0, {})), Vocabulary(gazetteer), Outlets(gazetteer)
    docs = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            article = Article(id=row["id"], text=row["text"], source=row.get("source"), url=row.get("url"))
            page = Page("text", row["text"], vocabulary)
            spotted = spotter.spot(page, surnames(page), -1.0)
            labels = label(spotted, row["toponyms"])
            docs.append(Doc(path.stem, page, row["toponyms"], outlets.home(article), spotted, labels))
    return docs


def neutral(toponym: dict[str, Any]) -> bool:
    return toponym.get("subtype") in ("Demonym", "Language")


def label(spotted: Sequence[Spotted], toponyms: Sequence[dict[str, Any]]) -> list[int]:
    """1 where the span is a gold toponym; -1 for demonyms and languages, which the score does not ask for."""
    gold = {(t["start"], t["end"]) for t in toponyms if not neutral(t)}
    unasked = [(t["start"], t["end"]) for t in toponyms if neutral(t)]
    found = []
    for mention in spotted:
        if (mention.start, mention.end) in gold:
            found.append(1)
        elif mention.kind == "demonym" or any(a < mention.end and mention.start < b for a, b in unasked):
            found.append(-1)
        else:
            found.append(0)
    return found


# --- recognition ---------------------------------------------------------------------------------------------------


class Features:
    """Numbers for (template, classes)."""

    def __init__(self) -> None:
        self.index: dict[tuple[int, Any], int] = {}
        self._readers = [reader(template) for template in TEMPLATES]

    def row(self, mention: Spotted) -> list[int]:
        return [
            self.index.setdefault((number, read(mention.slots)), len(self.index))
            for number, read in enumerate(self._readers)
        ]


def fit_sparse(rows: np.ndarray, labels: np.ndarray, size: int, l2: float) -> tuple[np.ndarray, float]:
    """Logistic regression on rows of feature numbers, by Adam; deterministic."""
    weights, bias = np.zeros(size), -2.0
    moment, variance, bias_moment, bias_variance = np.zeros(size), np.zeros(size), 0.0, 0.0
    for step in range(1, 301):
        error = 1 / (1 + np.exp(-(weights[rows].sum(1) + bias))) - labels
        gradient = np.bincount(rows.ravel(), weights=np.repeat(error, rows.shape[1]), minlength=size) + l2 * weights
        moment = 0.9 * moment + 0.1 * gradient
        variance = 0.999 * variance + 0.001 * gradient**2
        rate = 0.05 if step < 180 else 0.015
        weights -= rate * (moment / (1 - 0.9**step)) / (np.sqrt(variance / (1 - 0.999**step)) + 1e-8)
        bias_moment = 0.9 * bias_moment + 0.1 * error.sum()
        bias_variance = 0.999 * bias_variance + 0.001 * error.sum() ** 2
        bias -= rate * (bias_moment / (1 - 0.9**step)) / (np.sqrt(bias_variance / (1 - 0.999**step)) + 1e-8)
    return weights, bias


def fit_dense(values: np.ndarray, labels: np.ndarray, l2: float = 1.0) -> np.ndarray:
    """Logistic regression with a bias in the last place, by Newton's method."""
    table = np.c_[values, np.ones(len(values))]
    weights = np.zeros(table.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        gradient = table.T @ (p - labels) + l2 * weights
        hessian = (table * (p * (1 - p))[:, None]).T @ table + l2 * np.eye(len(weights))
        weights -= np.linalg.solve(hessian, gradient)
    return weights


class Recognition:
    """The two recognition models, trained on some documents."""

    def __init__(self, docs: Sequence[Doc], size: int, folds: int = 4) -> None:
        self.size = size
        self.weights, self.bias = self._sparse(docs)
        parts = np.random.default_rng(SEED).integers(0, folds, len(docs))
        inner = []
        for part in range(folds):
            weights, bias = self._sparse([doc for doc, p in zip(docs, parts, strict=True) if p != part])
            for doc, p in zip(docs, parts, strict=True):
                if p == part:
                    inner.append((doc, self._opinion(doc, weights, bias)))
        values = np.concatenate([opinion for _, opinion in inner])
        labels = np.concatenate([doc.labels for doc, _ in inner])
        self.agreement = fit_dense(values[labels >= 0], labels[labels >= 0])

    def _sparse(self, docs: Sequence[Doc]) -> tuple[np.ndarray, float]:
        rows = np.array([row for doc in docs for row in doc.rows])
        labels = np.concatenate([doc.labels for doc in docs])
        return fit_sparse(rows[labels >= 0], labels[labels >= 0].astype(float), self.size, L2_RECOGNITION)

    @staticmethod
    def _opinion(doc: Doc, weights: np.ndarray, bias: float) -> np.ndarray:
        for mention, row in zip(doc.spotted, doc.rows, strict=True):
            mention.score = float(weights[row].sum() + bias)
        kept = [mention for mention in doc.spotted if mention.score > FLOOR]
        values = {id(mention): value for mention, value in agreement_values(kept)}
        none = (0.0,) * (len(AGREEMENT) - 1)
        return np.array([(m.score, *values.get(id(m), none)) for m in doc.spotted]).reshape(-1, len(AGREEMENT))

    def score(self, doc: Doc) -> np.ndarray:
        values = self._opinion(doc, self.weights, self.bias)
        scores: np.ndarray = np.c_[values, np.ones(len(values))] @ self.agreement
        return scores


def span_counts(doc: Doc, threshold: float) -> tuple[int, int, int]:
    """True and false positives, false negatives, as the scorer of the corpora counts them."""
    for mention, score in zip(doc.spotted, doc.scores, strict=True):
        mention.score = float(score)
    gold = {(t["start"], t["end"]) for t in doc.toponyms if not neutral(t)}
    unasked = [(t["start"], t["end"]) for t in doc.toponyms if neutral(t)]
    spans = set()
    for mention in choose(doc.spotted, threshold):
        over = any(a < mention.end and mention.start < b for a, b in gold)
        if over or not (mention.kind == "demonym" or any(a < mention.end and mention.start < b for a, b in unasked)):
            spans.add((mention.start, mention.end))
    return len(spans & gold), len(spans - gold), len(gold - spans)


def f1(counts: Sequence[tuple[int, int, int]]) -> float:
    hit, wrong, missed = np.array(counts).sum(0)
    return float(2 * hit / (2 * hit + wrong + missed))


# --- resolution ----------------------------------------------------------------------------------------------------


@dataclass
class Choice:
    """One name: the options' static and context features, and which of them are right."""

    corpus: str
    static: list[list[tuple[str, float]]]
    context: np.ndarray
    right: np.ndarray
    weight: float


def resolved_names(doc: Doc, resolver: Resolver, mentions: list[Spotted], *, outlet: bool) -> list[Name]:
    names = resolver.names(mentions)
    give_hints(doc.page, mentions, names)
    resolver.resolve(list(names.values()), doc.home if outlet else None)
    return list(names.values())


def gold_mentions(doc: Doc) -> list[Spotted]:
    """The candidates that are gold toponyms, demonyms included, as a perfect recogniser would choose."""
    spans = {(t["start"], t["end"]) for t in doc.toponyms}
    return sorted((m for m in doc.spotted if (m.start, m.end) in spans), key=lambda m: m.start)


def gold_of(doc: Doc) -> dict[tuple[int, int], dict[str, Any]]:
    return {(t["start"], t["end"]): t for t in doc.toponyms if t.get("lat") is not None}


def right_options(name: Name, toponym: dict[str, Any]) -> np.ndarray:
    """Which options are the gold entry: by id where one is, else within 161 km."""
    by_id = np.array([float(option.entry.geonames_id == toponym.get("geonameid")) for option in name.options])
    if by_id.any():
        return by_id
    near = [distance_km(option.entry.lat, option.entry.lon, toponym["lat"], toponym["lon"]) for option in name.options]
    return np.array([float(km <= RIGHT_KM) for km in near])


def choices(docs: Sequence[Doc], resolver: Resolver, *, outlet: bool) -> Iterator[Choice]:
    for doc in docs:
        gold = gold_of(doc)
        names = resolved_names(doc, resolver, gold_mentions(doc), outlet=outlet)
        home = doc.home if outlet else None
        context = Context(names)
        for name in names:
            targets = [gold[m.start, m.end] for m in name.mentions if (m.start, m.end) in gold]
            if len(name.options) < 2 or not targets:
                continue
            right = np.mean([right_options(name, target) for target in targets], axis=0)
            if right.sum() == 0:
                continue
            kept = {option.entry.index for option in name.options}
            static = [
                static_features(entry, alternate=flag, rank=rank)
                for rank, (entry, flag) in enumerate(resolver.entries(name.key, name.mentions[0].kind))
                if entry.index in kept
            ]
            rows = resolver.context_values(name, context, home)
            values = np.array([[*row, *[0.0] * (len(CONTEXT) - len(row))] for row in rows])
            yield Choice(doc.corpus, static, values, right / right.sum(), min(3.0, len(targets)) ** 0.5)


def fit_resolution(docs: Sequence[Doc], gazetteer: Gazetteer, *, rounds: int = 3) -> dict[str, float]:
    """Weights that make the right option probable, with and without the outlet; contexts are redone each round."""
    weights: dict[str, float] = dict(START)
    for _ in range(rounds):
        resolver = Resolver(gazetteer, weights)
        found = [*choices(docs, resolver, outlet=False), *choices(docs, resolver, outlet=True)]
        weights = fit_choices(found)
    return weights


START = {"magnitude:P": 1.0, "magnitude:A": 0.7, "magnitude:L": 0.6, "class:PCL": 4.0, "alternate": -2.0}


def fit_choices(found: Sequence[Choice]) -> dict[str, float]:
    """Softmax regression by Adam; deterministic."""
    columns = sorted({name for choice in found for option in choice.static for name, _ in option}) + list(CONTEXT)
    position = {name: number for number, name in enumerate(columns)}
    tables = []
    for choice in found:
        table = np.zeros((len(choice.static), len(columns)))
        for row, option in zip(table, choice.static, strict=True):
            for name, value in option:
                row[position[name]] += value
        table[:, len(columns) - len(CONTEXT) :] = choice.context
        tables.append(table)
    starts = np.cumsum([0, *(len(table) for table in tables)])[:-1]
    stacked = np.concatenate(tables)
    right = np.concatenate([choice.right for choice in found])
    weight = np.repeat([choice.weight for choice in found], [len(table) for table in tables])
    lengths = [len(table) for table in tables]
    weights, moment, variance = np.zeros(len(columns)), np.zeros(len(columns)), np.zeros(len(columns))
    for step in range(1, 501):
        scores = stacked @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), lengths)
        powers = np.exp(scores)
        probability = powers / np.repeat(np.add.reduceat(powers, starts), lengths)
        posterior = probability * (right > 0)
        posterior /= np.repeat(np.add.reduceat(posterior, starts), lengths) + 1e-12
        gradient = stacked.T @ ((probability - posterior) * weight) + L2_RESOLUTION * weights
        moment = 0.9 * moment + 0.1 * gradient
        variance = 0.999 * variance + 0.001 * gradient**2
        rate = 0.05 if step < 350 else 0.01
        weights -= rate * (moment / (1 - 0.9**step)) / (np.sqrt(variance / (1 - 0.999**step)) + 1e-8)
    return {name: round(float(value), 3) for name, value in zip(columns, weights, strict=True)}


@dataclass
class Outcome:
    """What end-to-end scoring counts in one document, and the pairs that calibration is fitted on."""

    corpus: str
    found: int = 0
    right: int = 0
    right_country: int = 0
    predicted: int = 0
    wanted: int = 0
    pairs: list[tuple[float, float, bool]] = field(default_factory=list)


def outcome(doc: Doc, resolver: Resolver, threshold: float, *, outlet: bool) -> Outcome:
    for mention, score in zip(doc.spotted, doc.scores, strict=True):
        mention.score = float(score)
    names = resolved_names(doc, resolver, choose(doc.spotted, threshold), outlet=outlet)
    gold, spans = gold_of(doc), [(t["start"], t["end"]) for t in doc.toponyms if not neutral(t)]
    result = Outcome(doc.corpus, wanted=sum(not neutral(t) and t.get("lat") is not None for t in doc.toponyms))
    unscored = {(t["start"], t["end"]) for t in doc.toponyms if t.get("lat") is None}
    for name in names:
        for mention in name.mentions:
            over = any(a < mention.end and mention.start < b for a, b in spans)
            if (mention.kind == "demonym" and not over) or (mention.start, mention.end) in unscored:
                continue
            result.predicted += 1
            target = gold.get((mention.start, mention.end))
            if target is None or neutral(target):
                continue
            result.found += 1
            if not name.options:
                continue
            entry = name.options[name.best].entry
            km = distance_km(entry.lat, entry.lon, target["lat"], target["lon"])
            credit = km <= RIGHT_KM or (entry.feature_code.startswith("PCL") and km <= 1500)
            result.right += km <= RIGHT_KM
            result.right_country += credit
            result.pairs.append((logit(name.weights[name.best]), mention.score, credit))
    return result


def report(title: str, outcomes: Sequence[Outcome]) -> None:
    for corpus in [*sorted({o.corpus for o in outcomes}), "pooled"]:
        some = [o for o in outcomes if corpus in (o.corpus, "pooled")]
        found, right, country, predicted, wanted = (
            sum(getattr(o, name) for o in some) for name in ("found", "right", "right_country", "predicted", "wanted")
        )
        print(
            f"{title:16} {corpus:12} acc161 {right / found:.4f}  with country {country / found:.4f}  "
            f"e2e_f1 {2 * right / (predicted + wanted):.4f}"
        )


def calibration_error(pairs: Sequence[tuple[float, float, bool]], weights: np.ndarray) -> float:
    """Expected calibration error over ten equal bins."""
    values = np.array([pair[:2] for pair in pairs])
    right = np.array([pair[2] for pair in pairs], float)
    p = 1 / (1 + np.exp(-(np.c_[values, np.ones(len(values))] @ weights)))
    bins = np.minimum((p * 10).astype(int), 9)
    return float(sum(abs(p[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins)))


# --- putting it together -------------------------------------------------------------------------------------------


def groups_of(docs: Sequence[Doc], by: str) -> np.ndarray:
    if by == "corpus":
        corpora = sorted({doc.corpus for doc in docs})
        return np.array([corpora.index(doc.corpus) for doc in docs])
    return np.random.default_rng(SEED).integers(0, FOLDS, len(docs))


def cross_validate(docs: Sequence[Doc], size: int, gazetteer: Gazetteer, by: str) -> tuple[float, np.ndarray]:
    """Print cross-validated figures; the best threshold and the calibration."""
    groups = groups_of(docs, by)
    resolvers = {}
    for group in set(groups.tolist()):
        seen = [doc for doc, g in zip(docs, groups, strict=True) if g != group]
        model = Recognition(seen, size)
        resolvers[group] = Resolver(gazetteer, fit_resolution(seen, gazetteer))
        for doc, g in zip(docs, groups, strict=True):
            if g == group:
                doc.scores = model.score(doc)
    thresholds = np.arange(-1.5, 0.6, 0.1)
    best = max(thresholds, key=lambda t: f1([span_counts(doc, t) for doc in docs]))
    for corpus in [*sorted({doc.corpus for doc in docs}), "pooled"]:
        counts = [span_counts(doc, best) for doc in docs if corpus in (doc.corpus, "pooled")]
        hit, wrong, missed = np.array(counts).sum(0)
        print(
            f"{'spans':16} {corpus:12} f1 {f1(counts):.4f}  p {hit / (hit + wrong):.4f}  r {hit / (hit + missed):.4f}"
        )
    pairs = []
    for outlet in (False, True):
        outcomes = [
            outcome(doc, resolvers[group], best, outlet=outlet)
            for doc, group in zip(docs, groups.tolist(), strict=True)
        ]
        report("with outlet" if outlet else "without outlet", outcomes)
        pairs += [pair for result in outcomes for pair in result.pairs]
    values, right = np.array([pair[:2] for pair in pairs]), np.array([pair[2] for pair in pairs], float)
    calibration = fit_dense(values, right)
    print(f"threshold {best:.1f}; calibration error {calibration_error(pairs, calibration):.4f}")
    return float(best), calibration


def write_recognition(docs: Sequence[Doc], features: Features, threshold: float) -> None:
    model = Recognition(docs, len(features.index))
    counts = np.bincount(np.array([row for doc in docs for row in doc.rows]).ravel(), minlength=len(features.index))
    weights: dict[str, dict[str, float]] = {}
    for (template, classes), number in features.index.items():
        if counts[number] >= 3 and abs(model.weights[number]) >= 0.02:
            key = classes if isinstance(classes, str) else "|".join(classes)
            weights.setdefault("*".join(TEMPLATES[template]), {})[key] = round(float(model.weights[number]), 3)
    agreement = dict(zip([*AGREEMENT, "bias"], np.round(model.agreement, 3).tolist(), strict=True))
    content = {
        "bias": round(model.bias, 3),
        "threshold": round(threshold, 2),
        "agreement": agreement,
        "weights": weights,
    }
    write("recognition.json", content)


def write(name: str, content: dict[str, Any]) -> None:
    (WEIGHTS / name).write_text(json.dumps(content, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--gazetteer", required=True, type=Path)
    parser.add_argument("--by", choices=("document", "corpus"), default="document")
    parser.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")
    args = parser.parse_args()
    gazetteer = Gazetteer.open(args.gazetteer)
    docs = read_corpora(args.corpora, gazetteer)
    features = Features()
    for doc in docs:
        doc.rows = [features.row(mention) for mention in doc.spotted]
    threshold, calibration = cross_validate(docs, len(features.index), gazetteer, args.by)
    if not args.dry_run:
        write_recognition(docs, features, threshold)
        names = ("resolution", "recognition", "bias")
        numbers = dict(zip(names, np.round(calibration, 3).tolist(), strict=True))
        write("resolution.json", {"weights": fit_resolution(docs, gazetteer), "calibration": numbers})


if __name__ == "__main__":
    main()
