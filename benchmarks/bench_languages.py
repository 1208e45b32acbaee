"""Articles a second of each language's reader of casualties, the languages in turns.

    python -m benchmarks.bench_languages [--rounds 5]

The articles are the whole ones of tests/cases/languages, some 200 words dense with figures: the slowest kind of news.
Counted is the CPU time of this thread, and the best of the rounds.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import PACKS, pack_reader

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "cases" / "languages"
TIMES = 10


def documents(language: str) -> list[Document]:
    """The articles of a language, as a reader gets them."""
    lines = (FOLDER / f"articles-{language}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Document(Article(id=str(at), title=row["title"], text=row["text"])) for at, row in enumerate(rows * TIMES)]


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    readers = {language: pack_reader(language) for language in PACKS}
    best: dict[str, float] = {}
    size: dict[str, float] = {}
    for _ in range(rounds):
        for language, reader in readers.items():
            read = documents(language)
            started = time.thread_time()
            for document in read:
                reader(document, Tagged())
            spent = (time.thread_time() - started) / len(read)
            best[language] = min(spent, best.get(language, spent))
            size[language] = sum(len(document.article.text) for document in read) / len(read)
    print(
        json.dumps(
            {
                language: {
                    "articles_per_s": round(1 / spent),
                    "characters": round(size[language]),
                    "us_per_thousand_characters": round(spent * 1e9 / size[language]),
                }
                for language, spent in best.items()
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
