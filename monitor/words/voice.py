"""How one reader is spoken to: language, month names, digits, time zone; foreign text is isolated and harmless.

Messages are English; a language is a folder `locales/<language>/monitor.po`, read into memory at run time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from monitor.model.spelling import visible

LOCALES = Path(__file__).parent / "locales"
USUAL_REGION = {"en": "en_GB", "ar": "ar_SY"}
"""Where a language without a region is spoken to from: the day before the month, and نيسان for April."""

Digits = Literal["western", "arabic"]
ARABIC_INDIC = str.maketrans("0123456789,.%", "٠١٢٣٤٥٦٧٨٩٬٫٪")

ISOLATE, END_ISOLATE = "\u2068", "\u2069"  # FSI and PDI: what stands between can not turn the line around it
RIGHT_TO_LEFT_ISOLATE = "\u2067"  # RLI: what stands between runs from right to left, signs of numbers included
RIGHT_TO_LEFT_MARK = "\u200f"
_NO_ISOLATES = str.maketrans("", "", ISOLATE + RIGHT_TO_LEFT_ISOLATE + END_ISOLATE)
LONGEST_FOREIGN = 300  # characters of a headline or hashtag; longer ones are noise or an attack
LARGEST = 2**53  # series are exact up to here, so nothing true is larger; Babel raises above 10^24
SMALL = 10  # below it a number of times keeps one decimal


@dataclass(frozen=True)
class Voice:
    """One reader's language, locale, digits and clock."""

    locale: Locale
    zone: tzinfo
    catalogue: NullTranslations
    digits: Digits = "western"

    @property
    def language(self) -> str:
        return self.locale.language

    @property
    def is_rtl(self) -> bool:
        return self.locale.character_order == "right-to-left"

    def say(self, message: str, **values: str) -> str:
        """Return the translated message with its values filled in."""
        return self.catalogue.gettext(message).format(**values)

    def count(self, one: str, many: str, number: float) -> str:
        """Return `{n} posts` in the right one of the language's plural forms."""
        whole = round(min(number, LARGEST))
        return self.catalogue.ngettext(one, many, whole).format(n=self.number(whole))

    def number(self, value: float) -> str:
        return self._decimal(round(min(value, LARGEST)))

    def error(self, value: float) -> str:
        """Return how far a number may be off to both sides, such as `± 50`."""
        return self._apart(f"±\u00a0{self.number(value)}")

    def times(self, ratio: float) -> str:
        """Return how many times something is, with one decimal while that matters."""
        rounded = round(ratio, 1) if ratio < SMALL else round(min(ratio, LARGEST))
        return self._decimal(rounded)

    def compact(self, value: float) -> str:
        """Return a number in two digits or three, such as `1.2M`."""
        text = numbers.format_compact_decimal(
            round(min(value, LARGEST)), fraction_digits=1, locale=self.locale, numbering_system="latn"
        )
        return self._digits(text)

    def points(self, share: float) -> str:
        """Return by how many percentage points a share moved, with its sign."""
        whole = round(share * 100) + 0
        return self._apart(self._digits(f"{whole:+d}" if whole else "0"))

    def percent(self, ratio: float, *, signed: bool = False, fine: bool = False) -> str:
        """Return a whole percentage; a `fine` one has a decimal, for margins."""
        whole = round(min(ratio, LARGEST), 3 if fine else 2) + 0.0  # no -0%
        pattern = "+#,##0%;-#,##0%" if signed and whole else "#,##0.#%" if fine else "#,##0%"
        text = numbers.format_percent(whole, format=pattern, locale=self.locale, numbering_system="latn")
        return self._apart(self._digits(text))

    def day(self, moment: datetime, zone: str) -> str:
        """Return the day as `Friday 29 April`, in the zone whose day it is."""
        return self.dated("EEEE d MMMM", moment, zone)

    def dated(self, pattern: str, moment: datetime, zone: str) -> str:
        """Return a moment as a pattern of Unicode writes it (`d MMM`), in the zone whose day it is."""
        return self._date(pattern, moment.astimezone(ZoneInfo(zone)))

    def month(self, moment: datetime, zone: str) -> str:
        return self.dated("LLLL", moment, zone)

    def weekday(self, moment: datetime, zone: str) -> str:
        return self.dated("EEEE", moment, zone)

    def lasting(self, length: timedelta) -> str:
        """Return how long something lasts, such as `3 hours`; two units would be more than anybody plans by."""
        told = dates.format_timedelta(length, granularity="minute", threshold=1.5, locale=self.locale)
        return self._digits(told)

    def clock(self, moment: datetime) -> str:
        """Return the time of day on the reader's clock."""
        return self._digits(moment.astimezone(self.zone).strftime("%H:%M"))

    def moment(self, moment: datetime) -> str:
        """Return day and time on the reader's clock."""
        return f"{self._date('EEE d MMM', moment.astimezone(self.zone))} {self.clock(moment)}"

    def zone_name(self) -> str:
        """Return the reader's clock as people call it: by its country, or as it is written where it has none (UTC)."""
        told = dates.get_timezone_location(self.zone, locale=self.locale)
        return self.foreign(str(self.zone)) if self.locale.territories["ZZ"] in told else told

    def language_name(self, code: str) -> str:
        """Return a language's name as the reader calls it; an unknown code stays as it is."""
        known: str | None = self.locale.languages.get(code.split("-", maxsplit=1)[0].lower())
        return known or self.foreign(code)

    def listed(self, parts: list[str]) -> str:
        """Join by the commas of the language."""
        return ("، " if self.is_rtl else ", ").join(parts)

    def strung(self, parts: Iterable[str]) -> str:
        """Join by the semicolons of the language."""
        return ("؛ " if self.is_rtl else "; ").join(parts)

    def foreign(self, text: str) -> str:
        """Return somebody else's text on one line, without control and bidi characters, isolated where needed."""
        line = harmless(text)
        return line if line.isascii() and not self.is_rtl else f"{ISOLATE}{line}{END_ISOLATE}"

    def _decimal(self, value: float) -> str:
        return self._digits(numbers.format_decimal(value, locale=self.locale, numbering_system="latn"))

    def _date(self, pattern: str, local: datetime) -> str:
        return self._digits(dates.format_datetime(local, pattern, tzinfo=local.tzinfo, locale=self.locale))

    def _digits(self, text: str) -> str:
        return text.translate(ARABIC_INDIC) if self.digits == "arabic" else text

    def _apart(self, text: str) -> str:
        """Keep a sign beside its number: in a right-to-left line it would wander to the other end.

        What is read first stands first, by CLDR: +72% from the left, and with Arabic digits from the right.
        """
        if not self.is_rtl:
            return text
        return f"{RIGHT_TO_LEFT_ISOLATE if self.digits == 'arabic' else ISOLATE}{text}{END_ISOLATE}"


def bare(text: str) -> str:
    """Return a line of ours without isolates, for subjects: old mail programs show them as boxes."""
    return " ".join(text.translate(_NO_ISOLATES).split())


def harmless(text: str) -> str:
    """Return text of unknown origin on one line, at a bearable length, nothing invisible left in it."""
    line = " ".join(visible(text, kept="\u200c").split())
    return line if len(line) <= LONGEST_FOREIGN else line[: LONGEST_FOREIGN - 1] + "…"


def voice(language: str, zone: str = "UTC", digits: Digits = "western", *, locales: Path = LOCALES) -> Voice:
    """Return the voice for a language such as `en`, `ar`, or `ar-EG` where another region's months are wanted."""
    locale = Locale.parse(USUAL_REGION.get(language, language.replace("-", "_")))
    return Voice(locale, dates.get_timezone(zone), catalogue(locale.language, locales), digits)


@lru_cache
def languages(locales: Path = LOCALES) -> tuple[str, ...]:
    """Return the languages that can be spoken: English and every folder of `locales`."""
    return ("en", *sorted(path.parent.name for path in locales.glob("*/monitor.po")))


@lru_cache
def catalogue(language: str, locales: Path = LOCALES) -> NullTranslations:
    """Return a language's messages; the English ones are the messages themselves."""
    path = locales / language / "monitor.po"
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def message(text: str) -> str:
    """Mark a message for the catalogues that is said later, from a table."""
    return text


def plural(one: str, many: str) -> tuple[str, str]:
    """Mark a message with plural forms for the catalogues that is said later, from a table."""
    return one, many
