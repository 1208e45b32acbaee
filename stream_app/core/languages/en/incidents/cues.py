"""Words that say how a text stands to its news: background, aftermath, a correction, the date of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from stream_app.core.language.any_case import AnyCase
from stream_app.core.languages.en.numerals import read_quantity

_CUMULATIVE = AnyCase(
    r"""\bsince[ ](?:the[ ](?:start|beginning|outbreak|war|invasion|conflict|uprising|revolt|coup) # since the war
    |last[ ](?:year|month)                                                       # since last year
    |(?:early[ ]|late[ ]|mid-)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b # since mid-January
    |(?:19|20)\d\d)                                                              # since 2014
    |\b(?:so[ ]far[ ])?this[ ]year\b                                             # so far this year
    |\bover[ ]the[ ](?:past|last)[ ](?:\w+[ ])?(?:year|month|decade)s?\b         # over the past two years
    |\bto[ ]date\b""",
    verbose=True,
)
_CUMULATIVE_HINTS = ("since", "year", "month", "decade", "to date")
"""One of them, in lower case, stands in all that is cumulative; most sentences have none."""
_BACKGROUND = AnyCase(
    r"""\b(?:war|conflict|insurgency|uprising|unrest|violence|campaign|offensive|rebellion|epidemic)[ ]
        (?:that[ ]|which[ ])?(?:has|have|had)[ ](?:\w+[ ]){0,2}
        (?:killed|cost|claimed|left|displaced|seen|taken)                        # a war that has killed
    |\b(?:toll|number|total|count|figure)s?[ ](?:\w+[ ]){0,4}(?:in|of|from)[ ](?:the|this|that|its|a)[ ]
        (?:[\w-]+[ ]){0,2}(?:war|conflict|insurgency|uprising|rebellion|crisis|campaign)\b # the dead in the conflict
    |\bsince[ ](?:the[ ])?(?:\w+[ ]){0,3}
        (?:war|conflict|insurgency|uprising|invasion|fighting|violence|offensive|ceasefire)\b # since the civil war
    |\b(?:in|over|during)[ ]the[ ](?:past|last|previous)[ ](?:\w+[ ])?
        (?:years?|months?|decades?)\b                                            # in the past ten years
    |\b(?:such|similar|comparable|previous|separate|another)[ ](?:[\w-]+[ ]){0,2}
        (?:attacks?|incidents?|strikes?|accidents?|raids?|cases?|tragedy|tragedies|disasters?)\b # a separate incident
    |\bearlier[ ](?:attacks|incidents|strikes|accidents|raids)\b                  # earlier attacks
    |\b(?:similar|comparable)[ ](?:[\w-]+[ ]){0,2}
        (?:fire|crash|blast|explosion|flood|collapse|shooting|bombing|derailment|quake|sinking)(?:e?s)?\b
    |\b(?:deadliest|worst)\b[^.]{0,60}[ ](?:since|in)\b                           # the deadliest crash since
    |\b(?:many|some|residents|people|locals)[ ]recall(?:ed)?\b|\brecalls[ ]the\b    # many recalled a fire that
    |\bit[ ](?:came|comes|follows|followed)[ ](?:\w+[ ]){0,3}after\b                 # it came after shelling
    |\banniversary\b
    |(?:^|[ ])in[ ](?:january|february|march|april|may|june|july|august|september|october|november|december)
        (?:,|[ ](?:of[ ])?(?:19|20)\d\d\b)                                       # in February, a crash
    |\blast[ ](?:year|month)\b                                                   # last year
    |\b(?:in|of)[ ](?:19|20)\d\d\b                                               # in 2014
    |\b(?:years|months|decades)[ ](?:ago|of[ ](?:war|conflict|fighting))\b       # years ago""",
    verbose=True,
)
_BACKGROUND_HINTS = (
    "year", "month", "decade", " 19", " 20", "another", "earlier", "war", "previous", "worst", "fighting", "similar",
    "separate", "such ", "anniversary", "deadliest", "campaign", "violence", "recall", "conflict", "offensive",
    "it came", "it comes", "it follow", "crisis", "unrest", "uprising", "insurgency", "invasion", "rebellion",
    "epidemic", "ceasefire", "comparable",
    "in january", "in february", "in march", "in april", "in may", "in june", "in july", "in august", "in september",
    "in october", "in november", "in december",
)  # fmt: skip
"""One of them, in lower case, stands in all that is background: they are found in a tenth of the time."""
_CORRECTION = AnyCase(
    r"""\b(?:(?:revis|correct|lower|reduc|scal|cut)\w*[ ](?:down|back|its|the|an?|his|her|their)?\s?(?:\w+[ ]){0,3}
        (?:toll|count|figure|number|estimate|down)                               # revised its death toll
    |down[ ]from                                                                 # to 12, down from 15
    |not[ ]\w+[ ]as[ ](?:first|earlier|previously)[ ](?:reported|said)           # not 15 as first reported
    |(?:toll|count|number|figure)s?[ ](?:\w+[ ]){0,3}(?:was[ ]|were[ ]|has[ ]been[ ]|is[ ])?
        (?:lowered|revised|corrected|reduced)                                    # the toll was lowered
    |(?:corrected|lowered|cut|reduced)[ ](?:from[ ][\w,]+[ ]to|to[ ][\w,]+[ ]from) # cut from 5 to 4
    |counted[ ]twice                                                         # included a person counted twice
    |not[ ](?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=,[ ](?:were|was|had|have|died))
    |revising[ ](?:an[ ])?earlier)\b                                             # revising an earlier report""",
    verbose=True,
)
_CORRECTION_HINTS = ("revis", "correct", "lower", "reduc", "scal", "cut", "down", "not ", "counted twice")
"""One of them, in lower case, stands in every correction."""
_BEFORE = AnyCase(
    r"""\b(?:(?:up|down|risen|rose|raised|lowered|revised|cut|corrected|increased|reduced)[ ](?:\w+[ ]){0,3}?from
    |(?:earlier|previous|initial|first|preliminary)[ ](?:\w+[ ]){0,2}?
        (?:count|toll|figure|number|tally|estimate|report)s?(?:[ ](?:\w+[ ]){0,5}?(?:of|was|at|gave|given|put|said))?
    |(?:earlier|previously|first|initially)[ ](?:\w+[ ])?
        (?:said|reported|spoken[ ]of|given|put[ ](?:it|the[ ]\w+)[ ]at|counted)
    |not|rather[ ]than|instead[ ]of
    |to[ ](?:[\w,]+)(?:[ ]dead)?,?[ ]from)
    [ ](?:at[ ]least[ ]|about[ ]|around[ ]|some[ ]|the[ ])?(?P<number>\d[\d,]*|[a-z]+(?:-[a-z]+)?)\b""",
    verbose=True,
)
_MOST_BEFORE = 3
_FOLLOWING = AnyCase(
    r"""\b(?:death[ ]toll
    |toll[ ](?:\w+[ ]){0,4}(?:rose|rises|risen|climb\w*|reach\w*|stands?|jump\w*) # the toll now stands
    |(?:rose|risen|climbed|rises)[ ]to                                           # rose to
    |days?[ ](?:after|ago|later)|week[ ](?:after|ago|later)                      # two days after
    |last[ ](?:week|mon|tues|wednes|thurs|fri|satur|sun)\w*                      # last Friday
    |now[ ]known|so[ ]far
    |still[ ](?:missing|searching|trapped)|search(?:es|ing)?[ ]for               # still missing
    |rescue(?:rs|d)?[ ](?:teams?|work\w*|end\w*|pulled|found)                    # rescuers pulled
    |recovered|rubble|remains|funeral\w*|buried|mourn\w*|vigil
    |charged|arrest\w*|court|suspect\w*|identified|investigat\w*
    |in[ ]all|aftermath|survivors?
    |died[ ]of[ ](?:his|her|their)[ ](?:wounds|injuries))\b                      # died of her wounds""",
    verbose=True,
)
_REFERENCE = AnyCase(
    r"""\b(?:(?:convicted|guilty|acquitted|sentenced|jailed|imprisoned|executed|hanged # found guilty
        |(?:on|the|a|his|her|their)[ ]trial|trial[ ](?:opens|opened|begins|began|starts|started)|inquest)\b
        [^;]{0,80}?\b(?:of|for|over|into|in)\b                                # of murdering
    |(?:anniversary[ ]of|years?[ ](?:since|after))[ ](?:[\w'’-]+[ ]){0,8}
        (?:attacks?|bombings?|blasts?|massacres?|shootings?|disaster|earthquake|quake|tsunami|crash|fire|floods?|siege)\b
        )[^;]{0,80}$                                                       # the anniversary of the attack in which""",
    verbose=True,
)
_LOOKS_BACK = AnyCase(
    r"""\b(?:courts?|judges?|jury|jurors?|magistrates?|tribunal|trial|verdict|sentenced|convicted|jailed|acquitted
        |charged|accused|indicted|arraigned|extradited|detention|custody|bail|appeal(?:s|ed)?|inquest|inquiry
        |compensation|damages|lawsuit|sued|lawyers?
        |anniversary|memorial|commemorat\w*|remember\w*|marked|marking|marks|wreaths?|flowers|candles|tribute
        |years?[ ](?:since|after|on|later)|months?[ ](?:since|after|on|later))\b            # laid flowers where""",
    verbose=True,
)
_YEARS_AGO = re.compile(
    r"""\b(?:years?|decades?)[ ](?:ago|after|later|earlier|since|on)\b|\banniversary\b # two years ago
    |\b((?:19|20)\d\d)\b                                                     # the 2015 attacks""",
    re.IGNORECASE | re.VERBOSE,
)
_STAMP_CHARS = 300
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_STAMP = re.compile(
    rf"""(?:\b(?:on[ ])?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?[ ]{{1,3}})?  # Sunday,
    \b(?:{_MONTH}[ ]{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?,?[ ]{{1,3}}(?:19|20)\d\d   # March 2nd, 2014
    |\d{{1,2}}(?:st|nd|rd|th)?[ ]{{1,3}}{_MONTH},?[ ]{{1,3}}(?:19|20)\d\d        # 2 March 2014
    |\d{{1,2}}[ ]?[/.][ ]?\d{{1,2}}[ ]?[/.][ ]?(?:19|20)\d\d)                 # 2/3/2014
    (?:,?[ ]{{1,3}}(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)?                # , Sunday""",
    re.IGNORECASE | re.VERBOSE,
)


def is_cumulative(sentence: str) -> bool:
    """Whether a sentence tells of what has added up since some day.

    >>> is_cumulative("Thirty have died since January."), is_cumulative("Thirty died on Monday.")
    (True, False)
    """
    return _hints(_CUMULATIVE_HINTS, sentence) and _CUMULATIVE.search(sentence) is not None


@lru_cache(maxsize=64)  # an article asks of a sentence for each figure and place in it
def is_background(sentence: str) -> bool:
    """Whether a sentence tells of what a war, a year or earlier attacks have cost.

    >>> is_background("The conflict has cost 79,000 lives."), is_background("A bomb killed two in the war zone.")
    (True, False)
    """
    hinted = _hints(_BACKGROUND_HINTS, sentence) and _BACKGROUND.search(sentence) is not None
    return hinted or is_cumulative(sentence)


def corrects(text: str) -> bool:
    """Whether a text says that an earlier count was too high.

    >>> corrects("The toll was lowered to 12, officials said."), corrects("The toll rose to 12.")
    (True, False)
    """
    return _hints(_CORRECTION_HINTS, text) and _CORRECTION.search(text) is not None


def follows(text: str) -> bool:
    """Whether a text tells of the aftermath of an event: a toll that rose, a search, a funeral, an arrest.

    >>> follows("The death toll from Monday's blast rose to 9."), follows("A blast killed 8 on Monday.")
    (True, False)
    """
    return _FOLLOWING.search(text) is not None


def counts_before(text: str) -> list[int]:
    """The numbers that a text says were told before, digits or words.

    >>> counts_before("The toll rose to 63, up from 60."), counts_before("revising down an earlier count of 1,200")
    ([60], [1200])
    >>> counts_before("Officials had earlier spoken of six dead."), counts_before("Trains from Lae ran late.")
    ([6], [])
    """
    found: dict[int, None] = {}
    for match in _BEFORE.finditer(text):
        quantity = read_quantity([match["number"]], 0)
        if quantity is not None and quantity.low == quantity.high and quantity.low > 0:
            found[quantity.low] = None
    return list(found)[:_MOST_BEFORE]


def refers(before: str, sentence: str, year: int) -> bool:
    """Whether a court, or a day of memory, looks back at the victims in a sentence of `year` over years.

    `before` is what the sentence says before them. A trial that names no time may be of last week's event.

    >>> refers("A jury found him guilty of killing ", "A jury found him guilty of killing two people in 2015.", 2019)
    True
    >>> refers("He is on trial for killing ", "He is on trial for killing two people.", 2019)
    False
    """
    ago = (match[1] for match in _YEARS_AGO.finditer(sentence))
    return any(named is None or int(named) < year for named in ago) and _REFERENCE.search(before) is not None


def looks_back(before: str) -> bool:
    """Whether what a sentence says before its victims has any word of courts or memory: no sign of years by itself.

    >>> looks_back("A court freed the owner of the club where "), looks_back("A fire broke out in the club where ")
    (True, False)
    """
    return _LOOKS_BACK.search(before) is not None


def unstamped(text: str) -> str:
    """The text without the dates with a year in its beginning: they are of the page, not of the event.

    >>> unstamped("Sunday, March 2, 2014 Two men died on Saturday.")
    '  Two men died on Saturday.'
    """
    if _YEAR.search(text, 0, _STAMP_CHARS) is None:
        return text
    return _STAMP.sub(" ", text[:_STAMP_CHARS]) + text[_STAMP_CHARS:]


def _hints(hints: Sequence[str], text: str) -> bool:
    """Whether any of the hints stands in a text: a few plain words are found far faster than what may be around them.

    Most texts have none.
    """
    return any(map(text.lower().__contains__, hints))
