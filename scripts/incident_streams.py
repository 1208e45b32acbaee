"""Streams of invented reports with their gold: wars, disasters, look-alikes, backgrounds; in words of nobody's article.

    python scripts/incident_streams.py war --seed 7 --output war-7.jsonl
    stream-app evaluate incidents --gold war-7.jsonl

Each row is an article with `incident` and `gold` ({killed: {min, max}, injured: ...}), as docs/evaluation.md has it.
Towns are real, events are not. The same kind and seed give the same stream.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]

COUNTRIES = {
    "Ukraine": (
        ("Kharkiv", ""), ("Izium", "Kharkiv region"), ("Sumy", ""), ("Nikopol", "Dnipropetrovsk region"),
        ("Kherson", ""), ("Pokrovsk", "Donetsk region"), ("Kostiantynivka", "Donetsk region"),
        ("Kupiansk", "Kharkiv region"),
        ("Zaporizhzhia", ""), ("Mykolaiv", ""), ("Odesa", ""), ("Chernihiv", ""), ("Kryvyi Rih", ""), ("Orikhiv", ""),
    ),
    "Sudan": (
        ("El Fasher", "North Darfur"), ("Nyala", "South Darfur"), ("El Obeid", "North Kordofan"), ("Omdurman", ""),
        ("Wad Madani", "Gezira"), ("Kadugli", "South Kordofan"), ("Kosti", "White Nile"),
        ("Zalingei", "Central Darfur"),
        ("El Geneina", "West Darfur"), ("Port Sudan", ""), ("Kassala", ""), ("Atbara", ""),
    ),
    "Somalia": (
        ("Mogadishu", ""), ("Baidoa", ""), ("Kismayo", ""), ("Beledweyne", "Hiran"), ("Afgooye", ""), ("Jowhar", ""),
        ("Galkayo", ""), ("Bosaso", ""), ("Garowe", ""), ("Marka", ""), ("Dhusamareb", ""),
    ),
    "Iraq": (
        ("Baghdad", ""), ("Mosul", ""), ("Kirkuk", ""), ("Basra", ""), ("Tikrit", ""), ("Fallujah", "Anbar"),
        ("Ramadi", "Anbar"), ("Samarra", ""), ("Baquba", "Diyala"), ("Tal Afar", ""), ("Hilla", ""), ("Karbala", ""),
    ),
    "Nigeria": (
        ("Maiduguri", "Borno"), ("Gusau", "Zamfara"), ("Kaduna", ""), ("Jos", "Plateau"), ("Makurdi", "Benue"),
        ("Sokoto", ""), ("Katsina", ""), ("Zaria", "Kaduna"), ("Yola", "Adamawa"), ("Damaturu", "Yobe"),
        ("Minna", "Niger"), ("Lafia", "Nasarawa"), ("Bauchi", ""), ("Gombe", ""),
    ),
    "Colombia": (
        ("Cali", ""), ("Popayan", "Cauca"), ("Pasto", "Narino"), ("Cucuta", ""), ("Tumaco", "Narino"),
        ("Quibdo", "Choco"),
        ("Arauca", ""), ("Villavicencio", ""), ("Neiva", ""), ("Ibague", ""), ("Monteria", ""), ("Buenaventura", ""),
    ),
    "Pakistan": (
        ("Quetta", "Balochistan"), ("Peshawar", ""), ("Bannu", ""), ("Turbat", "Balochistan"), ("Swabi", ""),
        ("Karachi", ""), ("Lahore", ""), ("Multan", ""), ("Sukkur", "Sindh"), ("Khuzdar", "Balochistan"), ("Kohat", ""),
        ("Mardan", ""), ("Hyderabad", "Sindh"), ("Gwadar", "Balochistan"),
    ),
}  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
OUTLETS = ("daily", "wire", "post", "herald", "radio", "news")
SPOTS = (
    "a petrol station", "a bus stop", "a row of shops", "a school yard", "the central market", "a grain store",
    "a police post", "a block of flats", "a bridge", "a clinic", "a bakery", "a bus depot", "a water tower",
    "a wedding hall",
)  # fmt: skip
WAR = {
    "shelling": (
        "Shells fell on {spot} in {town} {when}, killing {killed}{and_injured}, {who} said.",
        "{Killed} died{and_hurt} when artillery hit {spot} in {town} {when}, according to {who}.",
    ),
    "drone": (
        "A drone struck {spot} in {town} {when} and killed {killed}{and_injured}, {who} said.",
        "{Killed} died{and_hurt} in a drone strike on {spot} in {town} {when}, {who} reported.",
    ),
    "bombing": (
        "A bomb went off near {spot} in {town} {when}, killing {killed}{and_injured}, {who} said.",
        "{Killed} died{and_hurt} when a bomb exploded at {spot} in {town} {when}, according to {who}.",
    ),
    "shooting": (
        "Gunmen opened fire at {spot} in {town} {when}, killing {killed}{and_injured}, {who} said.",
        "{Killed} died{and_hurt} when armed men attacked {spot} in {town} {when}, {who} reported.",
    ),
}
WAR_TITLES = {
    "shelling": ("Shelling of {town} kills {n}", "{n} dead as shells hit {town}", "{town} shelled"),
    "drone": ("Drone strike on {town} kills {n}", "{n} dead in {town} drone attack", "Drone hits {spot} in {town}"),
    "bombing": ("Bomb in {town} kills {n}", "{n} dead in {town} blast", "Explosion rocks {town}"),
    "shooting": ("Gunmen kill {n} in {town}", "{n} shot dead in {town}", "Attack in {town} leaves {n} dead"),
}
COMMUNIQUE = (
    "The general staff said in its daily statement that hostile forces had carried out a treacherous attack on the "
    "peaceful population of {town} {when}. {Killed} were killed{and_injured}. The perpetrators would not go "
    "unpunished, the statement said, and the armed forces were in full control of the situation."
)
BACKGROUND = (
    "More than {total} people have been killed since the war began in {month}.",
    "The conflict has cost at least {total} lives and displaced {displaced} people, according to the United Nations.",
    "Over the past year {total} civilians have died in such attacks.",
    "Talks between the two sides broke down last month.",
    "An attack in {other} last year left {past} people dead.",
)
RISES = (
    "The death toll from {weekday}'s attack in {town} rose to {n} after {more} of the wounded died, {who} said.",
    "The number of dead in {weekday}'s attack on {spot} in {town} has risen to {n}, {who} said.",
)
WHO = ("officials", "police", "the mayor", "rescuers", "a hospital official", "the regional governor", "witnesses")

DISASTERS = {
    "flood": (
        ("Floods in {town} kill {n}", "{town} under water, {n} dead", "{town} floods: toll at {n}"),
        ("Floods swept through {town}{province} {when} and killed at least {n} people, {who} said.",
         "At least {n} people have died in the floods in {town}{province}, {who} said {today}.",
         "The floods in {town} have killed {n} people, according to {who}. Water still stands in the streets."),
    ),
    "earthquake": (
        ("Earthquake hits {town}, {n} dead", "Quake near {town} kills {n}", "{town} earthquake toll {n}"),
        ("A strong earthquake shook {town}{province} {when}, killing at least {n} people, {who} said.",
         "{n} people are known to have died in the earthquake that struck {town}{province}, {who} said {today}.",
         "Rescuers in {town} pulled more bodies from the rubble of the quake; the toll stands at {n}, {who} said."),
    ),
    "collapse": (
        ("Building collapses in {town}, {n} dead", "{town} collapse kills {n}", "{town}: {n} dead under rubble"),
        ("A block of flats collapsed in {town}{province} {when}, killing at least {n} people, {who} said.",
         "The number of dead in the collapse of a building in {town}{province} has reached {n}, {who} said {today}.",
         "Rescue teams searching the collapsed building in {town} have found {n} bodies, {who} said."),
    ),
    "ferry": (
        ("Ferry sinks off {town}, {n} dead", "{n} drown near {town}", "{town} ferry disaster: {n} dead"),
        ("A ferry sank off {town}{province} {when}, and at least {n} people drowned, {who} said.",
         "Divers have recovered {n} bodies from the ferry that went down off {town}{province}, {who} said {today}.",
         "At least {n} people died when an overloaded ferry capsized near {town}, according to {who}."),
    ),
}  # fmt: skip
LOOKALIKES = {
    "bus": ("Bus falls into ravine near {town}",
            "A bus fell into a ravine near {town} {when}, killing {killed} and injuring {injured}, {who} said."),
    "fire": ("Fire at {town} market",
             "A fire tore through a market in {town} {when}, killing {killed} and injuring {injured}, {who} said."),
    "bomb": ("Blast in {town}",
             "A bomb exploded at a court in {town} {when}, killing {killed} and wounding {injured}, {who} said."),
    "shoot": ("Shooting at {town} bar",
              "A gunman fired in a bar in {town} {when}, killing {killed} and wounding {injured}, {who} said."),
}  # fmt: skip


@dataclass
class Stream:
    """A stream under way: its randomness, its rows, and the country that it is set in."""

    kind: str
    seed: int
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.kind} {self.seed}")
        self.country = self.rng.choice(sorted(COUNTRIES))
        self.begin = datetime(2023, 1, 2, tzinfo=UTC) + timedelta(days=self.rng.randrange(700))

    def town(self) -> tuple[str, str]:
        towns = COUNTRIES[self.country]
        return self.rng.choices(towns, [1 / (rank + 2) for rank in range(len(towns))])[0]

    def tell(self, incident: str, at: datetime, title: str, text: str, gold: Row) -> None:
        number = len(self.rows)
        self.rows.append(
            {
                "id": f"{self.kind}-{self.seed}-{number}",
                "source": f"{self.rng.choice(OUTLETS)}{number % 23}.example",
                "published_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "title": title,
                "text": text,
                "incident": f"{self.kind}-{self.seed}-{incident}",
                "gold": gold,
            }
        )

    def people(self, n: int) -> str:
        said = NUMBERS[n] if n < len(NUMBERS) and self.rng.random() < 0.7 else str(n)
        return f"{said} {'person' if n == 1 else 'people'}"

    def day(self, event: datetime, told: datetime) -> str:
        """The day of the event as an article of `told` names it, or not."""
        days = (told.date() - event.date()).days
        name = WEEKDAYS[event.weekday()]
        if self.rng.random() < 0.15:
            return "overnight" if days == 0 else ""
        return f"on {name}" if days < 6 else f"on {event.strftime('%B')} {event.day}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _squeezed(text: str) -> str:
    return " ".join(text.split()).replace(" ,", ",").replace(" .", ".")


def war(stream: Stream, incidents: int = 95, days: int = 14) -> None:
    """Attacks in one country within weeks; each told one to five times, half of the texts with the war's total."""
    rng = stream.rng
    for number in range(incidents):
        town, province = stream.town()
        event = stream.begin + timedelta(minutes=rng.randrange(days * 1440))
        cause, spot = rng.choice(sorted(WAR)), rng.choice(SPOTS)
        killed, injured = min(60, int(rng.paretovariate(0.9))), rng.choice((0, 0, *range(1, 30)))
        reports = rng.choices((1, 2, 3, 5), (50, 30, 15, 5))[0]
        final = killed + (rng.randrange(1, 4) if reports > 2 and rng.random() < 0.5 else 0)
        gold = {"killed": {"min": final, "max": final}, "injured": {"min": 0, "max": 1_000_000}}
        for turn in range(reports):
            told = event + timedelta(hours=rng.uniform(0.5, 10) + turn * rng.uniform(1, 14))
            _attack(
                stream,
                str(number),
                told,
                event,
                (town, province, spot, cause),
                (killed, final if turn == reports - 1 else killed, injured),
                gold,
            )


def _attack(
    stream: Stream, incident: str, told: datetime, event: datetime, what: tuple[str, str, str, str],
    victims: tuple[int, int, int], gold: Row,
) -> None:  # fmt: skip
    rng = stream.rng
    (town, province, spot, cause), (killed, n, injured) = what, victims
    words = {
        "town": f"{town}, {province}," if province and rng.random() < 0.4 else town,
        "spot": spot, "when": stream.day(event, told), "killed": stream.people(n), "Killed": _capital(stream.people(n)),
        "and_injured": f" and wounding {injured}" if injured else "",
        "and_hurt": f" and {injured} were wounded" if injured else "",
        "who": rng.choice(WHO), "n": str(n), "weekday": WEEKDAYS[event.weekday()], "more": str(max(1, n - killed)),
    }  # fmt: skip
    title = rng.choice(WAR_TITLES[cause]).format(**{**words, "town": town})
    if n > killed and (told - event).days < 6:
        body = rng.choice(RISES).format(**{**words, "town": town})
    elif rng.random() < 0.25:
        body = COMMUNIQUE.format(**words)
        title = rng.choice(("General staff: attack on {town}", title)).format(town=town)
    else:
        body = rng.choice(WAR[cause]).format(**words)
    if rng.random() < 0.5:
        other, _ = stream.town()
        body += " " + rng.choice(BACKGROUND).format(
            total=f"{rng.randrange(3, 90)},{rng.randrange(1000):03d}", displaced=f"{rng.randrange(2, 9)} million",
            month=rng.choice(("April", "February", "October")), other=other, past=rng.randrange(5, 80),
        )  # fmt: skip
    stream.tell(incident, told, title, _squeezed(body), gold)


def disasters(stream: Stream, incidents: int = 24) -> None:
    """Disasters told for up to ten days while their tolls move, one in six down at the end."""
    rng = stream.rng
    for number in range(incidents):
        stream.country = rng.choice(sorted(COUNTRIES))
        town, province = stream.town()
        kind = rng.choice(sorted(DISASTERS))
        titles, texts = DISASTERS[kind]
        event = stream.begin + timedelta(minutes=rng.randrange(40 * 1440))
        n, falls = rng.randrange(3, 40), rng.random() < 1 / 6
        told, path = event + timedelta(hours=2), []
        for _ in range(rng.randrange(3, 9)):
            path.append((told, n))
            told += timedelta(hours=rng.uniform(3, 30))
            n = n if rng.random() < 0.3 else int(n * rng.uniform(1.05, 1.9)) + 1
        last = int(path[-1][1] * 0.6) + 1 if falls else path[-1][1]
        gold = {"killed": {"min": last, "max": last}, "injured": {"min": 0, "max": 1_000_000}}
        for turn, (at, dead) in enumerate(path):
            words = {
                "town": town, "province": f" in {province or stream.country}" if rng.random() < 0.6 else "",
                "n": f"{dead:,}",
                "when": stream.day(event, at), "today": f"on {WEEKDAYS[at.weekday()]}", "who": rng.choice(WHO),
            }  # fmt: skip
            text = texts[0] if turn == 0 else rng.choice(texts[1:])
            stream.tell(str(number), at, rng.choice(titles).format(**words), _squeezed(text.format(**words)), gold)
        if falls:
            for source in range(2):
                at = told + timedelta(hours=4 * source)
                text = f"At least {last} people died in the {kind} in {town}, the government said, revising down an "
                text += f"earlier count of {path[-1][1]}."
                stream.tell(str(number), at, f"{town} {kind} toll lowered", text, gold)


def lookalikes(stream: Stream, incidents: int = 60) -> None:
    """Events told in one wording: two towns on one day, or one town a few days later."""
    rng = stream.rng
    for number in range(0, incidents, 2):
        stream.country = rng.choice(sorted(COUNTRIES))
        title, text = LOOKALIKES[rng.choice(sorted(LOOKALIKES))]
        first = stream.begin + timedelta(minutes=rng.randrange(30 * 1440))
        towns = [stream.town() for _ in range(2)]
        apart = rng.random() < 0.6
        while apart and towns[0] == towns[1]:
            towns[1] = stream.town()
        if not apart:
            towns[1] = towns[0]
        events = [first, first + timedelta(hours=rng.uniform(0, 8) if apart else rng.uniform(60, 150))]
        for twin in range(2):
            killed, injured = rng.randrange(2, 25), rng.randrange(2, 40)
            gold = {"killed": {"min": killed, "max": killed}, "injured": {"min": 0, "max": 1_000_000}}
            for _ in range(rng.randrange(1, 4)):
                told = events[twin] + timedelta(hours=rng.uniform(1, 20))
                words = {
                    "town": towns[twin][0], "when": stream.day(events[twin], told), "killed": stream.people(killed),
                    "injured": str(injured), "who": rng.choice(WHO),
                }  # fmt: skip
                stream.tell(str(number + twin), told, title.format(**words), _squeezed(text.format(**words)), gold)


def backgrounds(stream: Stream, incidents: int = 50) -> None:
    """Attacks of several countries, each text with the totals of a war, a year or another attack behind it."""
    rng = stream.rng
    for number in range(incidents):
        stream.country = rng.choice(sorted(COUNTRIES))
        town, province = stream.town()
        event = stream.begin + timedelta(minutes=rng.randrange(25 * 1440))
        cause, spot, killed = rng.choice(sorted(WAR)), rng.choice(SPOTS), rng.randrange(1, 30)
        gold = {"killed": {"min": killed, "max": killed}, "injured": {"min": 0, "max": 1_000_000}}
        for _ in range(rng.randrange(1, 5)):
            told = event + timedelta(hours=rng.uniform(1, 40))
            before = len(stream.rows)
            _attack(stream, str(number), told, event, (town, province, spot, cause), (killed, killed, 0), gold)
            other, _ = stream.town()
            stream.rows[before]["text"] += " " + rng.choice(BACKGROUND[:3]).format(
                total=f"{rng.randrange(3, 90)},{rng.randrange(1000):03d}",
                displaced="3 million",
                month="May",
                other=other,
                past=9,
            )


KINDS = {"war": war, "disasters": disasters, "lookalikes": lookalikes, "backgrounds": backgrounds}


def rows_of(kind: str, seed: int) -> list[Row]:
    """The stream of a kind and seed, in order of publication."""
    stream = Stream(kind, seed)
    KINDS[kind](stream)
    return sorted(stream.rows, key=lambda row: (row["published_at"], row["id"]))


def lines_of(kind: str, seed: int) -> Iterator[str]:
    for row in rows_of(kind, seed):
        yield json.dumps(row, ensure_ascii=False) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.output.write_text("".join(lines_of(chosen.kind, chosen.seed)), encoding="utf-8")


if __name__ == "__main__":
    main()
