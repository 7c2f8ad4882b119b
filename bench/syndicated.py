"""Planted syndication: stories of agencies in Arabic and English, what newsrooms make of them, and near misses."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.model.figure import Headline

START = datetime(2016, 4, 24, 21, tzinfo=UTC)

PLACES = {
    "en": ["Aleppo", "Homs", "Idlib", "Hama", "Daraya", "Raqqa", "Damascus", "Latakia", "Deraa", "Palmyra"],
    "ar": ["حلب", "حمص", "إدلب", "حماة", "داريا", "الرقة", "دمشق", "اللاذقية", "درعا", "تدمر"],
}
WHO = {
    "en": ["doctors", "activists", "rescue workers", "residents", "aid groups", "witnesses", "officials"],
    "ar": ["أطباء", "ناشطون", "مسعفون", "سكان", "منظمات إغاثة", "شهود عيان", "مسؤولون"],
}
WHAT = {
    "en": ["hospital", "market", "school", "bakery", "bus station", "water plant", "refugee camp", "mosque"],
    "ar": ["مستشفى", "سوقا", "مدرسة", "مخبزا", "محطة حافلات", "محطة مياه", "مخيما للنازحين", "مسجدا"],
}
LINES = {
    "en": [
        "Air strike hits {what} in {place}, killing at least {n}, {who} say",
        "Thousands march in {place} as truce enters day {n}",
        "{n} trucks of aid reach besieged {place} after weeks of waiting",
        "Hashtag for {place} trends worldwide after {what} is hit, {n} dead",
        "{who} in {place} warn that only {n} days of fuel are left for {what}",
        "UN envoy urges new truce in {place} after {n} die in {what} attack",
        "Rebels and army trade fire near {what} of {place}, {n} wounded",
    ],
    "ar": [
        "غارة جوية تستهدف {what} في {place} وتقتل {n} شخصا على الأقل بحسب {who}",
        "آلاف يتظاهرون في {place} مع دخول الهدنة يومها {n}",
        "وصول {n} شاحنة مساعدات إلى {place} المحاصرة بعد أسابيع من الانتظار",
        "وسم {place} يتصدر عالميا بعد قصف {what} ومقتل {n} أشخاص",
        "{who} في {place} يحذرون من نفاد الوقود خلال {n} أيام",
        "المبعوث الأممي يدعو إلى هدنة جديدة في {place} بعد مقتل {n} في هجوم على {what}",
        "تبادل لإطلاق النار قرب {what} في {place} وإصابة {n} بجروح",
    ],
}
OUTLETS = {
    "en": ["Northern Herald", "Isles Post", "The Daily Courier", "World Service", "Harbour Times"],
    "ar": ["حلب برس", "الشاهد", "صحيفة الميناء", "قناة الفرات", "شبكة الشام"],
}
SWAPS = {"en": ("say", "report"), "ar": ("بحسب", "وفق")}

Edit = Callable[[str, str, random.Random], str]


@dataclass(frozen=True)
class Told:
    """One way of saying a story: its language, its line, and what stands in it."""

    language: str
    line: int
    place: int
    what: int
    who: int
    n: int

    @property
    def title(self) -> str:
        """The headline as the agency writes it."""
        return LINES[self.language][self.line].format(
            place=PLACES[self.language][self.place],
            what=WHAT[self.language][self.what],
            who=WHO[self.language][self.who],
            n=self.n,
        )


def story(dice: random.Random) -> Told:
    """Draw a story."""
    language = dice.choice(["en", "ar"])
    lines, places = LINES[language], PLACES[language]
    parts = (len(lines), len(places), len(WHAT[language]), len(WHO[language]))
    line, place, what, who = (dice.randrange(size) for size in parts)
    return Told(language, line, place, what, who, dice.randint(2, 90))


def _marked(title: str, _: str, dice: random.Random) -> str:
    """Return the headline with diacritics and tatweel, as careful typesetters leave them."""
    marks = ["\u064e", "\u064f", "\u0650", "\u0651", "\u0640"]
    return "".join(c + (dice.choice(marks) if "\u0620" <= c <= "\u064a" and dice.random() < 0.4 else "") for c in title)


def _folded(title: str, *_: object) -> str:
    """Return the headline as it is typed in haste: no hamza, heh for teh marbuta, Arabic digits, capitals."""
    letters = str.maketrans("أإآةى0123456789", "اااهي٠١٢٣٤٥٦٧٨٩")
    return title.translate(letters).upper()


def _cut(title: str, _: str, dice: random.Random) -> str:
    words = title.split()
    return " ".join(words[: max(5, round(len(words) * dice.uniform(0.6, 0.85)))]) + " …"


EDITS: dict[str, Edit] = {
    "as it is": lambda title, *_: title,
    "urgency in front": lambda title, lang, dice: (
        dice.choice({"en": ["BREAKING: ", "Breaking | ", "LIVE - "], "ar": ["عاجل | ", "عاجل.. ", "بالفيديو: "]}[lang])
        + title
    ),
    "agency behind": lambda title, lang, dice: (
        title
        + dice.choice({"en": [" (AFP)", " - Reuters", " | AP"], "ar": [" (أ ف ب)", " - رويترز", " | وكالات"]}[lang])
    ),
    "outlet behind": lambda title, lang, dice: f"{title} {dice.choice('-|–')} {dice.choice(OUTLETS[lang])}",
    "other punctuation": lambda title, _, dice: (
        title.replace(",", dice.choice([";", " –", ":"])).replace(" في ", " فى ") + dice.choice(["", ".", "!", "…"])
    ),
    "diacritics and tatweel": _marked,
    "typed in haste": _folded,
    "cut at the end": _cut,
    "words added behind": lambda title, lang, _: (
        title + {"en": " as talks resume in Geneva", "ar": " قبيل محادثات جنيف"}[lang]
    ),
}
BEYOND: dict[str, Edit] = {
    "an editor's synonym": lambda title, lang, _: (
        title.replace(*SWAPS[lang]).replace("killing", "leaving dead").replace("مقتل", "سقوط")
    ),
    "the first two words behind the others": lambda title, *_: " ".join([*title.split()[2:], *title.split()[:2]]),
}
"""What makes a second story of a copy: told apart on purpose, because near misses look the same."""

MISSES: dict[str, Callable[[Told, random.Random], Told]] = {
    "another place": lambda told, dice: replace(told, place=(told.place + dice.randint(1, 9)) % 10),
    "another number": lambda told, dice: replace(told, n=told.n + dice.randint(1, 9)),
    "another target": lambda told, dice: replace(told, what=(told.what + dice.randint(1, 7)) % 8),
    "another event": lambda told, dice: replace(told, line=(told.line + dice.randint(1, 6)) % 7),
}


def headline(title: str, outlet: str, at: datetime) -> Headline:
    return Headline(title=title, outlet=outlet, link=None, at=at)


def stream(size: int, seed: int) -> tuple[list[Headline], list[int]]:
    """Return so many headlines of four weeks, and for each the number of its story: a few agencies' texts go round."""
    dice = random.Random(seed)
    found: list[tuple[Headline, int]] = []
    number = 0
    while len(found) < size:
        told, begun = story(dice), START + timedelta(hours=dice.uniform(0, 28 * 24))
        for _ in range(min(1 + int(dice.expovariate(0.5)), 40)):
            edit = dice.choice([*EDITS.values()])
            at = begun + timedelta(hours=dice.expovariate(1 / 8))
            title = edit(told.title, told.language, dice)
            found.append(
                (headline(title, dice.choice(OUTLETS[told.language]), min(at, begun + timedelta(days=3))), number)
            )
        number += 1
    kept = found[:size]
    return [one for one, _ in kept], [each for _, each in kept]
