"""Words that tell a place from a person or an organisation, by class.

General knowledge of English, not of any corpus; a word stands once in a class.
"""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


def _by_word(classes: dict[str, str]) -> dict[str, str]:
    """Each word's class; the first class that lists a word keeps it."""
    found: dict[str, str] = {}
    for name, words in classes.items():
        for word in words.split():
            found.setdefault(word, name)
    return found


BEFORE = _by_word(
    {
        "in": "in",
        "at": "at inside outside within",
        "near": """
            near around throughout across along beyond toward towards into onto off via through
            amid outside over
        """,
        "from": "from",
        "to": "to",
        "of": "of",
        "for": "for",
        "by": "by with about against on under like as upon",
        "between": "between among",
        "and": "and or & nor",
        "but": "but than that while where when because since until after before whether if",
        "the": "the",
        "a": "a an",
        "this": "this that these those his her its their our my your",
        "compass": """
            north south east west northern southern eastern western northeast northwest southeast
            southwest northeastern northwestern southeastern southwestern central nearby
            neighbouring neighboring upper lower downtown mid rural greater inner outer
        """,
        "settlement": """
            city town village hamlet port suburb capital district province region state county
            oblast municipality settlement community neighbourhood neighborhood borough island
            peninsula area camp republic country territory prefecture governorate township
            stronghold enclave
        """,
        "move": """
            visit visited visiting entered entering left leave leaving reached reach reaching
            toured touring invade invaded invading attacked attacking hit struck shelled bombed
            bombing captured seized retook controls hitting striking fled flee fleeing departed
            crossed bordering borders surrounding serving serves
        """,
        "live": """
            living born lives lived based located residing arrived arriving raised headquartered
            buried died killed held staying stationed moved returned traveled travelled traveling
        """,
        "say": """
            said says told asked added warned argued urged accused called thanked replied met
            joined named married quoted elected appointed including
        """,
        "is": "is was are were be been has have had will would could can may might should must did does do",
        "people": """
            officials police residents troops forces soldiers government authorities people
            families farmers president minister spokesman leader leaders champion champions team
            players fans
        """,
        "date": """
            monday tuesday wednesday thursday friday saturday sunday january february march april
            june july august september october november december
        """,
    }
)

COMPASS = words_of("north south east west northern southern eastern western central")

TITLES = words_of(
    """
    mr mrs ms miss dr sir lord lady prof professor president vice minister premier chancellor king queen
    prince princess pope bishop archbishop cardinal rev reverend fr father sister brother imam sheikh
    sheik ayatollah rabbi gen general col colonel maj major capt captain lt lieutenant sgt sergeant cpl
    corporal pvt private admiral commander officer detective det inspector deputy sheriff chief constable
    marshal sen senator rep representative gov governor mayor councilman councilwoman councillor
    councilmember commissioner judge justice attorney secretary ambassador congressman congresswoman
    director chairman chairwoman chairperson coach manager spokesman spokeswoman spokesperson
    superintendent principal dean superstar actor actress singer author writer reporter correspondent
    editor founder ceo cfo quarterback pitcher striker guard forward midfielder defender coordinator
    analyst economist historian architect agent pastor jr sr hon
    """
)

AFTER = _by_word(
    {
        "say": """
            said says told asked added warned announced denied insisted claimed accused urged
            vowed wrote replied argued explained recalled noted agreed declared rejected demanded
            condemned threatened signed
        """,
        "is": "is was are were be has have had will would could can may might should must did does do",
        "people": """
            officials police residents troops forces soldiers government authorities people
            families farmers president prime minister ministers spokesman leader leaders army
            military navy border parliament embassy citizens nationals diplomats lawmakers voters
            native resident man woman men women mother father teenager boy girl couple mayor
            governor court judge lawyer rebels militants insurgents jets warplanes rights media
            press economy economic state capital public foreign defense defence health school
            schools students university regime authority administration official immigrants
            migrants refugees businessman company firm team side
        """,
        "area": """
            area region city province state district county suburb metropolitan village town
            neighborhood neighbourhood side coast river valley island islands peninsula airport
            border mountains community communities campus countryside outskirts governorate oblast
            prefecture municipality township camp
        """,
        "prep": """
            in at near from to of for by with on into over under against during through towards
            toward since until after before as when where while because that who which whose if
            than
        """,
        "and": "and or & but nor",
        "verb": """
            came went took made got gave became began left won lost beat scored played hit ran led
            finished turned returned moved joined met knew thought felt saw looked tried wanted
            needed hopes wants plans says believes thinks faces died lives works grew graduated
            started served received
        """,
        "adv": """
            also now still never always recently once already later then today yesterday tonight
            this last next itself alone
        """,
        "based": "based led born backed area wide style bound controlled occupied funded run trained educated",
        "date": """
            monday tuesday wednesday thursday friday saturday sunday january february march april
            june july august september october november december
        """,
    }
)

ADMIN = words_of(
    """
    county counties parish province provinces oblast krai kray raion rayon region governorate prefecture
    district state territory republic voivodeship canton municipality township borough shire department
    division emirate state's voblast okrug wilaya muhafazah commune regency subdistrict co co. cos twp
    twp. city town
    """
)

WATER = words_of(
    """
    river rivers lake lakes creek bay sea ocean gulf strait straits canal reservoir harbor harbour falls
    springs pond lagoon delta brook fork bayou sound inlet channel basin dam estuary stream
    """
)

LAND = words_of(
    """
    island islands isle isles mountain mountains mount hills hill peak valley canyon desert forest
    peninsula coast beach plateau cape park wilderness refuge gardens heights plains ridge bluff pass
    point prairie swamp marsh glacier volcano reef cliffs woods trail
    """
)

STREETS = words_of(
    """
    street st st. avenue ave ave. road rd rd. boulevard blvd blvd. drive dr dr. lane ln ln. highway hwy
    hwy. parkway pkwy route way court ct place plaza square terrace turnpike expressway freeway bridge
    tunnel pike circle crossing alley crescent close grove trafficway interstate loop
    """
)

FACILITIES = words_of(
    """
    airport station hospital stadium arena prison jail cemetery barracks base airfield port terminal mall
    market mine refinery plant dam checkpoint crossing camp fort church mosque temple cathedral abbey
    castle palace tower museum theater theatre hotel school library zoo farm ranch quarry field center
    centre hall house
    """
)

ORGANISATIONS = words_of(
    """
    university college institute school academy police department ministry council commission committee
    court parliament senate assembly congress association federation union league club fc united inc inc.
    corp corp. co ltd ltd. llc plc company group bank holdings industries partners agency bureau office
    service services authority board army navy guard corps brigade regiment battalion times post herald
    tribune journal news gazette press daily telegraph star chronicle observer review magazine media
    television tv radio network airlines airways foundation trust society fund party movement front
    brigades organization organisation international national chamber commerce festival cup open
    championship championships games series conference tournament award awards prize act law bill treaty
    accord accords agreement summit declaration convention protocol state's band orchestra symphony ballet
    opera church ministries systems technologies solutions energy power motors motor insurance
    entertainment records pictures studios
    """
)

SPORTS = words_of(
    """
    tigers lions bears eagles hawks wildcats bulldogs panthers cardinals warriors knights raiders rangers
    rockets spurs giants dodgers yankees mets cubs braves reds pirates jets patriots cowboys redskins
    steelers browns bengals ravens broncos chiefs chargers packers vikings saints falcons buccaneers
    titans colts jaguars texans lakers celtics bulls pistons heat magic suns kings clippers nuggets jazz
    wolves thunder rovers wanderers athletic county's city's rams hornets bobcats cougars huskies trojans
    spartans bruins gators seminoles hurricanes longhorns sooners aggies blazers devils flames oilers
    canucks leafs senators flyers penguins sabres
    """
)

BEFORE_NAME = words_of(
    """
    lake mount mt mt. fort ft ft. camp port cape river isle gulf bay sea strait university college
    republic kingdom county city town village state province district islands saint st st. point glen bank
    bishop church
    """
)

ABBREVIATED = words_of(
    """
    st ave rd blvd dr ln hwy pkwy ct co twp mt ft
    """
)
"""Generic nouns that are abbreviations, so that the dot after them is theirs."""

ROADS = words_of(
    """
    interstate highway hwy route rt road i us u.s fm sr cr m a ky
    """
)
"""What a numbered road's name ends in before the number."""

LINKS = words_of(
    """
    of de la al el and the du des am an der den die sur upon in on le les do da dos das di del della y e
    en im bei ob ul ar as ash ad at az ed er es esh et ez abu bin ibn ben op aan zum zur unter van von
    """
)
"""Words in lower case that stand inside names: "Isle of Wight", "Rio de Janeiro"."""

ARTICLES = words_of("al el as ash ad an ar at az ed en er es esh et ez")
"""Arabic articles as English writes them in lower case, bound to the name by a hyphen: "al-Hol"."""

NEVER = words_of(
    """
    i he she it we they you his her its our their my your this that these those the a an and or but if so
    as at by for in into of on off to from with without about after before during since until while when
    where who whom whose what which why how there here then than though although because not no yes all
    any both each every few many much most some such other another one two three four five six seven eight
    nine ten first second third last next new old is are was were be been being am do does did has have
    had having can could may might must shall should will would monday tuesday wednesday thursday friday
    saturday sunday mon tue tues wed thu thur thurs fri sat sun january february march april june july
    august september october november december jan feb mar apr jun jul aug sep sept oct nov dec mr mrs ms
    dr sir rev gen col lt sgt capt maj sen rep gov prof jr sr north south east west northern southern
    eastern western northeast northwest southeast southwest central christmas easter ramadan hanukkah
    thanksgiving god allah jesus christ lord internet google facebook twitter however meanwhile moreover
    also still only even just once again according despite nearly almost perhaps maybe republican
    republicans democrat democrats democratic christian christians muslim muslims islamic jewish jews
    catholic catholics sunni shia shiite shiites hindu hindus buddhist protestant nazi nazis communist
    """
)
"""Words that are capitalised for other reasons and never taken, alone, for a place."""
