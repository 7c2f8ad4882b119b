"""GDELT's names of countries and languages: FIPS codes in questions, English names in answers; ISO codes with us.

FIPS and ISO share letters and not countries: MU is Oman here and Mauritius in ISO, BA is Bahrain and Bosnia. So no code
ever crosses this file untranslated.
"""

from functools import cache

from babel import Locale

_COUNTRIES = """
AE AE United Arab Emirates
AF AF Afghanistan
AL AL Albania
AM AM Armenia
AR AR Argentina
AT AU Austria
AU AS Australia
AZ AJ Azerbaijan
BA BK Bosnia-Herzegovina
BD BG Bangladesh
BE BE Belgium
BG BU Bulgaria
BH BA Bahrain
BR BR Brazil
BY BO Belarus
CA CA Canada
CH SZ Switzerland
CL CI Chile
CN CH China
CO CO Colombia
CU CU Cuba
CY CY Cyprus
CZ EZ Czech Republic
DE GM Germany
DJ DJ Djibouti
DK DA Denmark
DZ AG Algeria
EE EN Estonia
EG EG Egypt
ER ER Eritrea
ES SP Spain
ET ET Ethiopia
FI FI Finland
FR FR France
GB UK United Kingdom
GE GG Georgia
GH GH Ghana
GR GR Greece
HK HK Hong Kong
HR HR Croatia
HU HU Hungary
ID ID Indonesia
IE EI Ireland
IL IS Israel
IN IN India
IQ IZ Iraq
IR IR Iran
IS IC Iceland
IT IT Italy
JO JO Jordan
JP JA Japan
KE KE Kenya
KG KG Kyrgyzstan
KM CN Comoros
KR KS South Korea
KW KU Kuwait
KZ KZ Kazakhstan
LB LE Lebanon
LK CE Sri Lanka
LT LH Lithuania
LU LU Luxembourg
LV LG Latvia
LY LY Libya
MA MO Morocco
MD MD Moldova
ME MJ Montenegro
MK MK Macedonia
ML ML Mali
MR MR Mauritania
MT MT Malta
MU MP Mauritius
MX MX Mexico
MY MY Malaysia
NE NG Niger
NG NI Nigeria
NL NL Netherlands
NO NO Norway
NP NP Nepal
NZ NZ New Zealand
OM MU Oman
PE PE Peru
PH RP Philippines
PK PK Pakistan
PL PL Poland
PS GZ Gaza Strip
PS WE West Bank
PT PO Portugal
QA QA Qatar
RO RO Romania
RS RI Serbia
RU RS Russia
SA SA Saudi Arabia
SD SU Sudan
SE SW Sweden
SG SN Singapore
SI SI Slovenia
SK LO Slovakia
SN SG Senegal
SO SO Somalia
SS OD South Sudan
SY SY Syria
TD CD Chad
TH TH Thailand
TJ TI Tajikistan
TM TX Turkmenistan
TN TS Tunisia
TR TU Turkey
TW TW Taiwan
TZ TZ Tanzania
UA UP Ukraine
UG UG Uganda
US US United States
UZ UZ Uzbekistan
VE VE Venezuela
VN VM Vietnam
YE YM Yemen
ZA SF South Africa
"""
_ROWS = tuple(tuple(line.split(maxsplit=2)) for line in _COUNTRIES.split("\n") if line)
_OTHER_NAMES = {
    "gaza": "PS", "palestine": "PS", "palestinianterritories": "PS", "turkiye": "TR", "czechia": "CZ", "uae": "AE",
    "bosniaandherzegovina": "BA", "korea,south": "KR", "usa": "US", "russianfederation": "RU",
}  # fmt: skip

COUNTRIES = frozenset(row[0] for row in _ROWS)
"""The countries (ISO 3166) that can be asked for."""


def fips(country: str) -> list[str]:
    """Return the FIPS codes of a country given as ISO; Palestine has two."""
    return [row[1] for row in _ROWS if row[0] == country]


def country(name: object) -> str | None:
    """Return the ISO code of a country that GDELT names in English; None for none and for one nobody listed."""
    return _by_name().get(_bare(name)) if isinstance(name, str) else None


def language(name: object) -> str | None:
    """Return the short code of a language that GDELT names in English."""
    return _languages().get(_bare(name)) if isinstance(name, str) else None


def language_name(code: str) -> str | None:
    """Return the name by which GDELT is asked for a language."""
    return next((name for name, known in _languages().items() if known == code), None)


@cache
def _by_name() -> dict[str, str]:
    return {_bare(row[2]): row[0] for row in _ROWS} | _OTHER_NAMES


@cache
def _languages() -> dict[str, str]:
    """Return the codes of two letters by English name, in one word and small letters."""
    known = Locale("en").languages
    names = {_bare(name): code for code, name in known.items() if len(code) == len("ar")}
    return names | {"farsi": "fa"}


def _bare(name: str) -> str:
    return "".join(name.lower().replace("-", "").split())
