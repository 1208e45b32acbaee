"""Words for casualties that mean something else: cameras capture, prices hurt, robots displace, players are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final

from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.phrases import Chunk

_SCORING: Final = frozenset({
    "lost", "won", "beat", "beaten", "beating", "drew", "lead", "led", "leading", "win", "wins", "victory", "defeat",
    "draw", "loss", "down", "up", "ahead", "trailed", "trailing",
})  # fmt: skip
_REACH: Final = 6
_AROUND: Final = 5

Sets = Mapping[str, frozenset[str]]


_SCORE: Final = 2
_SAFE: Final = frozenset({
    ("walked", "out"), ("turned", "up"), ("showed", "up"), ("own", "way"), ("in", "danger"), ("hiked", "out"),
    ("emerged", "from"), ("checked", "in"), ("way", "home"),
})  # fmt: skip
_RUNAWAYS: Final = frozenset(
    {"inmates", "prisoners", "detainees", "convicts", "suspects", "robbers", "thieves", "raiders"}
)
_CRAFT: Final = frozenset({"ferry", "liner", "vessel", "catamaran", "aircraft", "airliner", "plane"})
_GONE_HOME: Final = frozenset({
    ("back", "to"), ("allowed", "home"), ("moved", "back"), ("moved", "into"),
    ("returned", "home"), ("gone", "home"), ("went", "home"), ("return", "home"), ("back", "home"), ("back", "in"),
})  # fmt: skip
_NOT_HOME: Final = frozenset({"not", "n't", "cannot", "unable", "yet", "until", "before", "wait", "waiting",
                              "hope", "hoping", "some", "could", "will", "may"})  # fmt: skip
_HOLDING: Final = frozenset({"hold", "holds", "store", "stores", "accommodate", "accommodates", "keep", "take", "treat",
                             "carry", "handle", "evacuate", "transport", "admit"})  # fmt: skip
_ROOM: Final = frozenset({
    ("room", "for"), ("space", "for"), ("built", "for"), ("designed", "for"), ("meant", "for"), ("capacity", "of"),
    ("capacity", "for"), ("places", "for"), ("beds", "for"), ("equipped", "for"), ("bays", "for"), ("berths", "for"),
})  # fmt: skip
_ABLE: Final = frozenset({"can", "could", "to", "designed", "built", "will"})
_ABLE_TO: Final = frozenset({"able", "fit", "designed", "built", "equipped", "can", "could", "will", "capacity"})
_BACK_AHEAD: Final = 9
_AHEAD: Final = 24
_DASHES: Final = frozenset({"-", "–"})
_BACK_TO: Final = 12
_COUNTED_THINGS: Final = frozenset({"animal", "not_people"})
_NO_DOERS: Final = frozenset({"tweet", "joke", "algorithm", "email", "e-mail", "update", "software", "app", "review",
                              "speech", "headline", "merger", "quip", "one-liner", "spreadsheet", "memo", "punchline",
                              "reshuffle", "column", "song", "editorial"})  # fmt: skip
_FIGURATIVE: Final = frozenset({"laughter", "wickets"})
_ON_THEIR_FEET: Final = ["on", "their", "feet"]
_DISPUTES: Final = frozenset({"strike", "walkout", "dispute", "stoppage", "lockout"})
_DYING: Final = frozenset({"die", "died", "dies", "dying"})
_THINGS: Final = frozenset({"strike", "fog", "weather", "snow", "traffic", "rents", "prices", "feud", "dispute",
                            "delays", "debt", "debts", "politics", "bureaucracy", "fear", "storm", "shutdown",
                            "walkout", "ice", "filibuster", "markets", "lobby", "drought", "blackout"})  # fmt: skip


class Senses:
    """Says of a mention whether its sentence means harm by its cue."""

    def __init__(self, sets: Sets, units: Mapping[str, str]) -> None:
        self._sets = sets
        self._things = frozenset(word for word, reason in units.items() if reason in _COUNTED_THINGS)
        names = (
            "moneyed",
            "camera",
            "returned",
            "register",
            "absent",
            "economy",
            "sport",
            "players",
            "vehicle",
            "building",
            "well",
            "visitors",
            "joking",
            "polling",
        )
        self._marks = frozenset().union(
            *(sets[name] for name in names),
            {
                "off",
                "laughter",
                "bodies",
                *_NO_DOERS,
                "deaths",
                "hostage",
                "captive",
                "accounted",
                *_HOLDING,
                "beds",
                "equipped",
                "bays",
                "berths",
                "wickets",
                "feet",
                "home",
                "homes",
                "hours",
                "hiked",
                "showed",
                "danger",
                "way",
                "checked",
                *_RUNAWAYS,
            },
        )

    def __call__(self, mentions: list[Mention], chunks: Sequence[Chunk], words: Sequence[str]) -> list[Mention]:
        """The mentions that mean harm; nearly every sentence has no word that might say otherwise."""
        mentions = [
            one
            for one in mentions
            if not (_is_decimal(words, one.people.start) or _is_of_things(one, chunks, self._things))
        ]
        if not _DASHES.isdisjoint(words):
            mentions = [mention for mention in mentions if not _is_score(words, mention.people.start)]
        if self._marks.isdisjoint(words) and _DASHES.isdisjoint(words):
            return mentions
        return [mention for mention in mentions if not self._is_other(mention, chunks, words)]

    def _is_other(self, mention: Mention, chunks: Sequence[Chunk], words: Sequence[str]) -> bool:
        after = [chunk.word for chunk in chunks[mention.cue + 1 : mention.cue + 1 + _REACH]]
        if self._is_idiom(mention, chunks, after, words):
            return True
        if mention.kind == "captured":
            return not self._sets["camera"].isdisjoint(words)
        if mention.kind == "missing":
            away = after[:1] in (["from"], ["at"], ["out"]) and not self._sets["absent"].isdisjoint(after)
            back = self._is_back(mention, chunks) or _are_all_found(words, mention.people.start)
            back = back or _is_safe(words[mention.people.start :][:_AHEAD])
            mention.part = mention.part or back  # told, and in no toll
            return away or self._is_play(mention, chunks, words)
        if mention.kind == "displaced":
            return self._is_no_displacement(mention, chunks, after, words)
        beaten = mention.rule == "passive_subject" and _is_beaten(words, mention.people.end)
        return beaten or self._is_play(mention, chunks, words) or self._is_registered(mention, words)

    def _is_idiom(self, mention: Mention, chunks: Sequence[Chunk], after: Sequence[str], words: Sequence[str]) -> bool:
        """As in "killed off", "died on their feet", "died a thousand deaths", "held hostage by the strike"."""
        killed_off = after[:1] == ["off"] and (mention.rule == "active_object" or chunks[mention.cue].word == "killed")
        if killed_off or not _FIGURATIVE.isdisjoint(after) or after[:3] == _ON_THEIR_FEET:
            return True
        if mention.kind == "abducted":
            return _is_by_thing(after) or _is_strike(words)
        if _is_by_words(mention, chunks, after):
            return True
        start = mention.people.start
        if mention.rule == "counted_noun" and not _DYING.isdisjoint(words[max(0, start - 1) : start + 1]):
            return True
        counted = mention.rule in {"counted_noun", "participle_modifier"}
        return self._is_joke(mention, words) or (counted and _is_capacity(words, start))

    def _is_play(self, mention: Mention, chunks: Sequence[Chunk], words: Sequence[str]) -> bool:
        """As in "two players were injured", "inflation hurts": sport and money."""
        if mention.kind not in {"injured", "killed", "missing"} or not self._sets["physical"].isdisjoint(words):
            return False
        return self._is_sport(mention, words) or self._is_money(mention, chunks)

    def _is_joke(self, mention: Mention, words: Sequence[str]) -> bool:
        """As in "the comedian killed a crowd of 2,000", "she slaughtered three rivals in the debate"."""
        if mention.rule != "active_object":
            return False
        beaten = mention.people.noun is not None and words[mention.people.head] in self._sets["rivals"]
        debating = beaten and not self._sets["polling"].isdisjoint(words) and self._sets["physical"].isdisjoint(words)
        return debating or not self._sets["joking"].isdisjoint(words)

    def _is_registered(self, mention: Mention, words: Sequence[str]) -> bool:
        """As in "4,000 dead people were on the voters' roll"."""
        dead = mention.kind == "killed" and mention.rule == "participle_modifier" and "dead" in words
        return dead and not self._sets["register"].isdisjoint(words)

    def _is_back(self, mention: Mention, chunks: Sequence[Chunk]) -> bool:
        """As in "boys who had been missing were found safe", "of the nine missing six have come home"."""
        returned, well = self._sets["returned"], self._sets["well"]
        others = False
        for chunk in chunks[max(mention.cue, mention.at) + 1 :]:
            if chunk.tag in {";", "."} or chunk.word in {"but", "while"}:
                return False
            if chunk.people is not None and chunk.people.quantity is not None:
                others = True
                if mention.at == 0 or chunks[mention.at - 1].tag != "of":
                    return False
            if chunk.tag == "be" and _after(chunks, chunk).word in well:  # "all 18 are alive"
                return True
            if chunk.word in returned:
                following = {other.word for other in chunks[chunks.index(chunk) : chunks.index(chunk) + 12]}
                return others or not well.isdisjoint(following)
        return False

    def _is_sport(self, mention: Mention, words: Sequence[str]) -> bool:
        if mention.kind == "killed":
            return _has_score(words)
        return not self._sets["players"].isdisjoint(words) or _has_score(words)

    def _is_money(self, mention: Mention, chunks: Sequence[Chunk]) -> bool:
        """As in "inflation hurt 40 million households", "traders were killed by a 12 percent fall"."""
        if mention.kind == "missing" or mention.rule not in {"active_object", "passive_subject"}:
            return False
        start = max(0, mention.cue - _AROUND)
        end = max(mention.cue, mention.at) + _AROUND if mention.rule == "passive_subject" else mention.cue
        who, economy, moneyed = chunks[mention.at].word, self._sets["economy"], self._sets["moneyed"]
        near = (economy | moneyed).intersection([chunk.word for chunk in chunks[start:end]])
        others = (chunk.word for chunk in chunks if chunk.people is not mention.people)
        if who in near and economy.isdisjoint(others):
            near -= {who}  # "traders were killed" where nothing else is of the economy
        if mention.rule == "active_object":
            near |= {who} & moneyed
        owned = [chunk.word for chunk in chunks[mention.at + 1 : mention.at + 3]]  # "hurt 30,000 commuters' wallets"
        return bool(near) or (owned[:1] in (["'"], ["’"]) and owned[1:2] != [] and owned[1] in economy)

    def _is_no_displacement(
        self, mention: Mention, chunks: Sequence[Chunk], after: Sequence[str], words: Sequence[str]
    ) -> bool:
        """As in "the robot displaced 300 workers", "fled the mall", "migrants fleeing Eritrea were picked up"."""
        if mention.rule in {"active_object", "passive_subject"} and not self._sets["jobs"].isdisjoint(words):
            return self._sets["hazard"].isdisjoint(words)
        people = words[mention.people.start : mention.people.end]
        off = not _CRAFT.isdisjoint(after) or _is_home(mention, chunks)
        brief = "hours" in words and "for" in words and self._sets["far"].isdisjoint(words)
        if off or brief or not _RUNAWAYS.isdisjoint(people):
            return True
        adrift = not self._sets["vehicle"].isdisjoint(words) and not self._sets["refugee"].isdisjoint(words)
        if adrift and mention.rule in {"intransitive_subject", "counted_noun"}:
            return True
        if after[:1] == ["to"] and mention.rule == "passive_subject":  # "evacuated to a sports hall"
            return False
        if mention.people.head >= 0 and not self._sets["visitors"].isdisjoint(people):  # they live elsewhere
            return self._sets["far"].isdisjoint(words)
        owner = [chunk.word for chunk in chunks[mention.at + 1 : mention.cue]] if mention.at < mention.cue else []
        said = after.index("according") if "according" in after else len(after)  # "according to the UN office"
        inside = not self._sets["building"].isdisjoint(
            [*after[:said], *owner]
        )  # "residents of the tower were evacuated"
        return inside and self._sets["far"].isdisjoint(words)


def _is_home(mention: Mention, chunks: Sequence[Chunk]) -> bool:
    """As in "all 1,400 people evacuated from Keremeos have been allowed to return home"."""
    ahead: list[str] = []
    for chunk in chunks[max(mention.cue, mention.at) + 1 :][:_BACK_AHEAD]:
        if chunk.tag in {";", ".", ","} or chunk.word in {"and", "but", "while"}:
            break
        ahead.append(chunk.word)
    return not _GONE_HOME.isdisjoint(pairwise(ahead)) and _NOT_HOME.isdisjoint(ahead)


def _is_capacity(words: Sequence[str], at: int) -> bool:
    """As in "the mortuary can hold 90 bodies", "a morgue with room for 40 bodies"."""
    near = words[max(0, at - 4) : at]
    if not _ROOM.isdisjoint(pairwise(near)):
        return True
    wide = words[max(0, at - 7) : at]
    return any(word in _HOLDING and before in _ABLE and (before != "to" or not _ABLE_TO.isdisjoint(wide))
               for before, word in pairwise(near))  # fmt: skip


def _is_safe(words: Sequence[str]) -> bool:
    """As in "six walkers missing since Friday walked out of the forest", "were never in danger"."""
    return not _SAFE.isdisjoint(pairwise(words)) and {"body", "bodies", "dead"}.isdisjoint(words)


def _after(chunks: Sequence[Chunk], chunk: Chunk) -> Chunk:
    """The chunk after another; itself at the end of the sentence."""
    at = next(k for k, other in enumerate(chunks) if other is chunk)
    return chunks[min(at + 1, len(chunks) - 1)]


def _is_beaten(words: Sequence[str], at: int) -> bool:
    """As in "The visitors were massacred 52-3": a score right behind the verb."""
    ahead = words[at : at + 6]
    for k in range(1, len(ahead) - 2):
        first, dash, second = ahead[k : k + 3]
        if dash in _DASHES and first.isdecimal() and second.isdecimal() and int(first) > int(second):
            return len(first) <= _SCORE
    return False


def _is_of_things(mention: Mention, chunks: Sequence[Chunk], things: AbstractSet[str]) -> bool:
    """As in "Three dolphins died and 12 were injured": a bare number goes on counting what the one before it did.

    So does one of what no list knows in a list with things: "five paintings and 12 vases". Not "Raiders stole 200
    cattle and killed three".
    """
    people = mention.people
    if people.noun is not None or (people.quantity is None and not people.ordinal) or not mention.at:
        return False
    if people.form == "unknown":
        before = chunks[mention.at - 2] if mention.at > 1 else None
        listed = before is not None and before.tag == "number" and before.word in things
        return listed and chunks[mention.at - 1].tag in {"and", ","}
    for k in range(mention.at - 1, max(-1, mention.at - _BACK_TO), -1):
        chunk = chunks[k]
        if chunk.people is not None:
            return False
        if chunk.tag == "number":
            between = (j for j in range(max(0, k - 1), mention.at) if j != mention.cue)
            return chunk.word in things and any(chunks[j].tag == "cue" for j in between)
    return False


def _is_by_words(mention: Mention, chunks: Sequence[Chunk], after: Sequence[str]) -> bool:
    """As in "Her tweet murdered three ministers", "4,000 managers were killed by a single email"."""
    if mention.rule == "active_object":
        return mention.group > 0 and chunks[mention.group - 1].word in _NO_DOERS
    by = after.index("by") if mention.rule == "passive_subject" and "by" in after else len(after)
    return not _NO_DOERS.isdisjoint(after[by : by + 4])


def _is_by_thing(after: Sequence[str]) -> bool:
    """As in "held hostage by the rail strike": what holds them is nobody."""
    by = after.index("by") if "by" in after else len(after)
    return not _THINGS.isdisjoint(after[by:])


def _is_strike(words: Sequence[str]) -> bool:
    """As in "A strike by 300 signal workers is holding 80,000 commuters hostage"."""
    return "hostage" in words and not _DISPUTES.isdisjoint(words[:3]) and "workers" in words


def _are_all_found(words: Sequence[str], at: int) -> bool:
    """As in "All seven people who were missing have been found, five of them dead"."""
    clause = words[at:][:_AHEAD]
    found = next((k for k in range(1, len(clause)) if clause[k] in {"found", "accounted"}), None)
    return (
        found is not None
        and "all" in [*words[max(0, at - 1) : at + 1], *clause[max(0, found - 3) : found]]
        and (clause[found - 1] in {"been", "were"})
    )


def _is_decimal(words: Sequence[str], at: int) -> bool:
    """As in "3.7 people were killed per mine": an average."""
    before = words[at - 1] if at else ""
    return "." in before and before.replace(".", "", 1).isdecimal()


def _is_score(words: Sequence[str], at: int) -> bool:
    """As in "butchered the Bulls 51-13": the second number at `at` is the smaller, so that they are no range."""
    if at < _SCORE or words[at - 1] not in _DASHES:
        return False
    first, second = words[at - 2], words[at]
    return first.isdecimal() and second.isdecimal() and len(first) <= _SCORE and int(first) > int(second)


def _has_score(words: Sequence[str]) -> bool:
    """As in "lost 3-1", "a 2-0 win"; "10-15 were hurt" is none."""
    if "-" not in words and "–" not in words:
        return False
    for k in range(1, len(words) - 1):
        if words[k] in {"-", "–"} and words[k - 1].isdecimal() and words[k + 1].isdecimal():
            around = {*words[max(0, k - 3) : k - 1], *words[k + 2 : k + 4]}
            if len(words[k - 1]) < 4 and not around.isdisjoint(_SCORING):
                return True
    return False
