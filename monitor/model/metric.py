"""What is counted: metrics, the classes that are never added together, and the subjects they are counted for."""

from enum import StrEnum


class MetricClass(StrEnum):
    """Who tells a number; two classes are never added together."""

    MEASURED = "measured"
    POTENTIAL = "potential"
    ENGAGEMENT = "engagement"
    VOLUME = "volume"
    COVERAGE = "coverage"
    HEALTH = "health"


class Metric(StrEnum):
    """A stored series' quantity; `class_of` tells its class, docs/methods.md its definition and version."""

    POSTS = "posts"
    MEASURED_POSTS = "measured_posts"  # posts whose impressions the platform told: the coverage of IMPRESSIONS
    IMPRESSIONS = "impressions"
    LIKES = "likes"
    REPOSTS = "reposts"
    REPLIES = "replies"
    QUOTES = "quotes"
    ROUNDING = "rounding"  # width of the last digit shown of IMPRESSIONS, summed over the posts
    POTENTIAL_LOW = "potential_low"  # largest single audience of a day
    POTENTIAL_HIGH = "potential_high"  # sum of followers over the distinct authors of a day
    ARTICLES = "articles"
    REPORTED_POSTS = "reported_posts"  # as the platform itself counts them, read by us or not
    REPORTED_ARTICLES = "reported_articles"  # the same of an index of the press
    ALL_ARTICLES = "all_articles"  # everything that index held then: REPORTED_ARTICLES over it is the attention share
    UP = "up"

    @property
    def class_of(self) -> MetricClass:
        return _CLASSES[self]


COUNTERS = (
    Metric.IMPRESSIONS, Metric.LIKES, Metric.REPOSTS, Metric.REPLIES, Metric.QUOTES, Metric.ROUNDING,
)  # fmt: skip
"""What is known of a post and only rises, in the order in which `Counts` and the store keep it."""

ENGAGEMENT = (Metric.LIKES, Metric.REPOSTS, Metric.REPLIES, Metric.QUOTES)
"""The parts of engagement; their sum never appears without them."""


def stored(number: str) -> tuple[Metric, ...]:
    """Return the stored series that a number is the sum of."""
    return ENGAGEMENT if number == "engagement" else (Metric(number),)


REPORTED = (Metric.REPORTED_POSTS, Metric.REPORTED_ARTICLES, Metric.ALL_ARTICLES)
"""What others count; a value told later replaces the one told before."""

VERSIONS = {
    "posts": 1, "authors": 1, "impressions": 1, "engagement": 1, "potential_reach": 1, "articles": 1, "stories": 1,
    "outlets": 1, "reported": 1,
}  # fmt: skip
"""The version of each printed definition; docs/methods.md tells what changed when one rises."""

_CLASSES = {
    Metric.POSTS: MetricClass.VOLUME,
    Metric.MEASURED_POSTS: MetricClass.VOLUME,
    Metric.IMPRESSIONS: MetricClass.MEASURED,
    Metric.ROUNDING: MetricClass.MEASURED,
    **dict.fromkeys(ENGAGEMENT, MetricClass.ENGAGEMENT),
    Metric.POTENTIAL_LOW: MetricClass.POTENTIAL,
    Metric.POTENTIAL_HIGH: MetricClass.POTENTIAL,
    Metric.ARTICLES: MetricClass.COVERAGE,
    Metric.REPORTED_POSTS: MetricClass.VOLUME,
    Metric.REPORTED_ARTICLES: MetricClass.COVERAGE,
    Metric.ALL_ARTICLES: MetricClass.COVERAGE,
    Metric.UP: MetricClass.HEALTH,
}

WHOLE = "*"
"""The subject of a whole campaign; the others are built by the functions below."""


def family_subject(family: str) -> str:
    return f"tag/{family}"


def tag_of(subject: str) -> str | None:
    """Return the key of the family that a subject is; None of any other subject."""
    kind, _, family = subject.partition("/")
    return family if kind == "tag" and "/" not in family else None


def spelling_subject(family: str, spelling: str) -> str:
    return f"tag/{family}/{spelling}"


def outlet_subject(outlet: str) -> str:
    return f"outlet/{outlet}"


def language_subject(language: str) -> str:
    return f"language/{language}"


def region_subject(region: str) -> str:
    return f"region/{region}"


def country_subject(country: str) -> str:
    return f"country/{country}"


def index_subject(index: str, query: str = "") -> str:
    """Name what an index of the press counted itself; each of its questions apart, because they overlap."""
    return f"index/{index}/{query}" if query else f"index/{index}"
