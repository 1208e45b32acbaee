"""Write seeds/: the founding article, what the web makes of it, other stories, and bad input between them.

Run after changing a story here: `make seeds`. A test fails when the files differ from what this makes.
"""

from __future__ import annotations

import json
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"
FOUNDING = "founding"


def founding_text() -> str:
    return (SEEDS / "founding.txt").read_text(encoding="utf-8")


def article(id_: str, published_at: str, source: str, text: str, title: str | None = None) -> dict[str, object]:
    record: dict[str, object] = {"id": id_, "source": source, "published_at": published_at}
    if title:
        record["title"] = title
    return {**record, "text": text}


def syndicated(text: str) -> str:
    """The same story as an aggregator shows it: its own lines before and after, the headline once."""
    body = text.split("\n\n", 2)[2].replace("Source link\n\nLeave a Reply", "").strip()
    head = "WORLD NEWS | Follow us on social media | Subscribe to our newsletter\n\nFirst published elsewhere."
    foot = "Share this article\n\nRead more: Ten things to know this morning\n\nAll rights reserved."
    return f"{head}\n\n{body}\n\n{foot}"


SPUN = {
    "Russian forces have launched a heavy bombardment": "Forces from Russia have begun a massive bombardment",
    "Residents of the city said that they were under": "People living in the city reported that they were under",
    "This is a crime.": "It is a crime.",
    "imposed harsh sanctions on Moscow": "placed severe sanctions on Moscow",
    "As Russia faced growing international isolation": "While Russia faced rising international isolation",
    "failed to reach a breakthrough": "did not reach a breakthrough",
    "A curfew imposed on Saturday was lifted": "A curfew put in place on Saturday was ended",
}


def spun(text: str) -> str:
    """The same story with words swapped, as content farms do to escape a search for copies."""
    for old, new in SPUN.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def revised(text: str) -> str:
    """The same story some hours later, its toll raised."""
    old = "said he received at least 17 people wounded by shelling, and that a 17-year-old girl was killed"
    assert old in text
    return text.replace(
        old, "said he received at least 23 people wounded by shelling, and that a 17-year-old girl was killed"
    )


def family() -> list[dict[str, object]]:
    text = founding_text()
    return [
        article(FOUNDING, "2022-03-01T06:10:00Z", "example-times.example", text),
        article("exact-copy", "2022-03-01T07:02:00Z", "mirror.example", text),
        article("syndicated-copy", "2022-03-01T08:15:00Z", "aggregator.example", syndicated(text)),
        article("spun-copy", "2022-03-01T09:40:00Z", "contentfarm.example", spun(text)),
        article("revision", "2022-03-01T12:30:00Z", "example-times.example", revised(text)),
    ]


def others() -> list[dict[str, object]]:
    return [
        article(
            "ferry", "2022-03-02T05:00:00Z", "harbour-post.example",
            "DHAKA, March 2 - A crowded ferry capsized in heavy wind on Tuesday night, killing at least 31 people and "
            "leaving 12 others missing, police said.\n\nThe vessel was carrying about 150 passengers, more than twice "
            "the number it was built for. Divers recovered the bodies of nine children on Wednesday morning. Nearly "
            "80 people swam ashore.\n\nIn 2014 a similar accident on the same river killed 110 people.",
            "Ferry sinks near Dhaka; dozens feared dead",
        ),
        article(
            "flood", "2022-03-02T09:00:00Z", "relief-desk.example",
            "Floods in southern Mozambique have displaced some 45,000 people since the weekend, the disaster agency "
            "said on Wednesday. Six people drowned in Gaza province and two are missing near Beira.\n\nUp to 200,000 "
            "more could be forced from their homes if the rain goes on, the agency warned. Around 60 percent of the "
            "maize crop is lost.",
            "Floods drive tens of thousands from their homes in Mozambique",
        ),
        article(
            "market-1", "2022-03-03T10:00:00Z", "city-wire.example",
            "A bomb hidden in a cart exploded at a vegetable market in Mosul on Thursday morning, killing 14 people "
            "and wounding 40, hospital officials said. No group claimed responsibility for the blast, which destroyed "
            "eight stalls.",
            "Market bomb kills 14 in Mosul",
        ),
        article(
            "market-1-later", "2022-03-03T18:00:00Z", "northern-observer.example",
            "The death toll from Thursday's explosion at a Mosul market rose to 16 on Thursday evening after two of "
            "the injured died in hospital, the provincial health director said. 38 people remain in care, three of "
            "them children. The bomb had been left in a vegetable cart.",
            "Mosul market death toll rises to 16",
        ),
        article(
            "checkpoint-2", "2022-03-06T15:00:00Z", "city-wire.example",
            "Gunmen in two pickup trucks attacked a police checkpoint at the northern edge of Mosul on Sunday, killing "
            "three policemen and wounding five, an army spokesman said. One of the attackers was shot dead.",
            "Three policemen killed at Mosul checkpoint",
        ),
        article(
            "bus", "2022-03-04T11:00:00Z", "valley-news.example",
            "All 34 passengers escaped unhurt when a bus left the road near Cusco, Peru, on Friday and no one was "
            "killed, the fire brigade said. The driver, 51, was fined 300 soles.",
            "Bus leaves road in Peru, nobody hurt",
        ),
        article(
            "football", "2022-03-05T21:00:00Z", "sports-page.example",
            "Manchester killed off the match with two goals in five minutes on Saturday. The striker, out injured for "
            "six weeks, watched 40,000 fans celebrate from the stands.",
            "Two late goals kill the game",
        ),
        article(
            "kidnap", "2022-03-05T08:00:00Z", "lake-herald.example",
            "Armed men abducted 19 students from a college in Kaduna state, Nigeria, before dawn on Saturday, the "
            "state commissioner said. Four of them were freed by the army hours later. A security guard was killed.",
            "Gunmen seize 19 students in northern Nigeria",
        ),
        article(
            "homicide-a", "2022-03-04T06:00:00Z", "county-courier.example",
            "A 24-year-old man was shot dead on Maple Street late Thursday, police said. Officers were called at 11:40 "
            "p.m. and found Daniel Ortega with a wound to the chest. He died at Mercy Hospital. Anyone with "
            "information is asked to call detectives.",
            "Man, 24, shot dead on Maple Street in Fresno",
        ),
        article(
            "homicide-b", "2022-03-05T06:00:00Z", "county-courier.example",
            "A 31-year-old woman was shot dead on Tulip Avenue late Friday, police said. Officers were called at 9:15 "
            "p.m. and found Renee Walsh with a wound to the neck. She died at Mercy Hospital. Anyone with "
            "information is asked to call detectives.",
            "Woman, 31, shot dead on Tulip Avenue in Fresno",
        ),
    ]  # fmt: skip


def three_languages() -> list[dict[str, object]]:
    """One incident as three outlets tell it, each in its own language; the last raises the toll."""
    return [
        article(
            "blast-english", "2022-03-04T08:00:00Z", "harbour-post.example",
            "ZARAGOZA, March 4 - A gas explosion tore through an apartment block in the Spanish city of Zaragoza early "
            "on Friday, killing seven people and injuring 19, the mayor said.\n\nFirefighters searched the rubble for "
            "hours. Two of the dead were children.",
            "Gas blast in Zaragoza apartment block kills seven",
        ),
        article(
            "blast-spanish", "2022-03-04T10:00:00Z", "diario-norte.example",
            "Siete personas murieron y otras 19 resultaron heridas este viernes en una explosión de gas en un edificio "
            "de viviendas de Zaragoza, informó el alcalde.\n\nLos bomberos buscaron durante horas entre los escombros. "
            "Entre los fallecidos hay dos niños.",
            "Una explosión de gas en Zaragoza deja siete muertos",
        ),
        article(
            "blast-german", "2022-03-04T18:00:00Z", "abendblatt-sued.example",
            "Nach der Gasexplosion in einem Wohnhaus in Saragossa ist die Zahl der Toten auf acht gestiegen, 19 "
            "Menschen wurden verletzt. Das teilte die Polizei der spanischen Stadt am Freitagabend "
            "mit.\n\nEin Bewohner erlag am Nachmittag seinen schweren Verletzungen.",
            "Acht Tote nach Gasexplosion in Saragossa",
        ),
    ]  # fmt: skip


BAD: list[bytes] = [
    b'{"id": "cut-off", "text": "A story that ends in the mid',
    b'["an", "array", "is", "no", "article"]',
    b'{"id": "no-text", "title": "A headline without a story"}',
    b'{"id": "blank-text", "text": "   "}',
    b'{"id": "number-for-text", "text": 42}',
    b'{"id": "yesterday", "text": "Two people died.", "published_at": "yesterday"}',
    b'{"id": "half-a-character", "text": "Two people \\ud83d died."}',
    b'{"id": "", "text": "Two people died."}',
]


def lines() -> list[bytes]:
    """Good and bad input in turn, the good in the order of its time."""
    good = sorted(family() + others() + three_languages(), key=lambda record: str(record["published_at"]))
    mixed: list[bytes] = []
    for number, record in enumerate(good):
        mixed.append(json.dumps(record, ensure_ascii=False).encode())
        if number % 2 == 1 and number // 2 < len(BAD):
            mixed.append(BAD[number // 2])
    return mixed


def files() -> dict[Path, bytes]:
    """Every file under seeds/ that this makes, and what is in it."""
    return {
        SEEDS / "stream.jsonl": b"\n".join(lines()) + b"\n",
        SEEDS / "bad" / "not-utf8.bin": '{"id": "latin-1", "text": "Deux morts à Orléans."}'.encode("latin-1"),
        SEEDS / "bad" / "too-large.bin": json.dumps({"id": "too-large", "text": "Nothing new. " * 2000}).encode(),
    }


if __name__ == "__main__":
    for path, content in files().items():
        path.write_bytes(content)
        print(f"{path.relative_to(SEEDS.parent)}: {len(content)} bytes")
