"""The tags, outlets and sentences of the demo world: all invented, no real channel or paper is meant."""

from dataclasses import dataclass
from typing import Final

from monitor.demo.plan import ZONE
from monitor.model.campaign import OTHER, Campaign, Family
from monitor.model.outlet import Outlet, Outlets, Region
from monitor.model.words import Phrase

SOAP: Final = "صابون حلب"
"""Aleppo's soap is not what the campaign is about."""

PRESS: Final = Outlets(
    (
        Outlet("rasif.example", "صوت الرصيف", "ar", "EG", Region.ARAB),
        Outlet("harbour.example", "Harbour Courier", "en", "GB", Region.WESTERN),
    )
)
"""The operator's table of outlets: so an article has one name, whether its feed or GDELT brings it."""

CAMPAIGN: Final = Campaign(
    slug="save-aleppo",
    title="Save Aleppo",
    titles={"ar": "أنقذوا حلب"},
    zone=ZONE,
    families=(
        Family("#SaveAleppo", ("savealeppo",)),
        Family("#أنقذوا_حلب", ("أنقذوا_حلب", "انقذوا_حلب", "أنقذوا_حلـــب")),
        Family("#حلب_تحترق", ("حلب_تحترق", "حلب_تحتـرق")),
    ),
    phrases=(Phrase("حلب"), Phrase("Aleppo"), Phrase("SaveAleppo")),
    excluded=(Phrase(SOAP),),
    outlets=PRESS,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A hashtag as somebody types it; `family` and `spelling` say, by hand, whom it has to count for.

    `findable` is False for spellings that the campaign does not list: a platform that compares letters exactly only
    gives such a post when another tag of it is asked for.
    """

    text: str
    family: int
    spelling: str
    weight: int
    findable: bool = True


TYPED: Final = (
    Typed("SaveAleppo", 0, "savealeppo", 30),
    Typed("saveAleppo", 0, "savealeppo", 5),
    Typed("SAVEALEPPO", 0, "savealeppo", 5),
    Typed("أنقذوا_حلب", 1, "أنقذوا_حلب", 28),
    Typed("انقذوا_حلب", 1, "انقذوا_حلب", 16),
    Typed("أنقذوا_حلـــب", 1, "أنقذوا_حلـــب", 4),
    Typed("أنْقِذوا_حلب", 1, OTHER, 3, findable=False),
    Typed("حلب_تحترق", 2, "حلب_تحترق", 12),
    Typed("حلب_تحتـرق", 2, "حلب_تحتـرق", 2),
    Typed("حَلَب_تحترق", 2, OTHER, 2, findable=False),
)
"""Case, missing hamza, tatweel and diacritics: what people really type."""

STRANGERS: Final = ("Syria", "سوريا", "Save_Aleppo", "AleppoSoap", "أخبار")
"""Tags beside the point, near ones too."""

LINES: Final = (
    ("ar", "أوقفوا القصف عن المدينة، في البيوت أطفال"),
    ("ar", "وقفة تضامن مساء اليوم في الساحة"),
    ("ar", "لا ماء ولا كهرباء منذ أيام"),
    ("ar", "صوتوا لاسم الجمعة القادمة"),
    ("en", "The market street is gone. Share this."),
    ("en", "Vigil tonight in front of the city hall."),
    ("en", "Doctors are asking for blood and for quiet."),
    ("en", "We are still here & still counting."),
)

_PASTED = 5
"""One post in so many is a line as it stands; in the others people add words of their own."""


def said(line: tuple[str, str], number: int) -> tuple[str, str]:
    """Return what a post says, and its language."""
    return line if number % _PASTED == 0 else (line[0], f"{line[1]} ({number})")


OUTLETS: Final = {"ar": ("صوت الرصيف", "rasif"), "en": ("Harbour Courier", "harbour")}

HEADLINES: Final = {
    "ar": (
        "قصف على أحياء حلب الشرقية",
        "الأمم المتحدة: الوضع بحلب كارثي",
        "وقفات تضامن لحلب في مدن أوروبية",
        "«أنقذوا حَلَب»: وسم يجتاح الشبكات",
        "هدنة هشة في حلــب لليوم الثاني",
    ),
    "en": (
        "Hospital hit in Aleppo, aid groups say",
        "#SaveAleppo: the hashtag that filled the squares",
        "Truce talks stall as Aleppo burns",
        "What Aleppo's doctors need now",
        "ALEPPO: a city counts its days",
    ),
}

ELSEWHERE: Final = {
    "ar": (
        "أسعار الحليب ترتفع في الأسواق",
        "المنتخب يفوز بثلاثة أهداف",
        "مطلب جديد لعمال الميناء",
        f"معرض {SOAP} يفتح أبوابه",
        "انطلاق مهرجان السينما",
    ),
    "en": (
        "Port workers vote on a new contract",
        "Aleppoan soap recipe wins a prize",
        "Storm closes the northern ferry line",
        "Cup final goes to extra time",
        "Library opens its reading garden",
    ),
}
"""Articles that must not count: milk is not Aleppo, nor is a word that only begins like it, nor the soap."""
