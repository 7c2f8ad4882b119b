"""The promise of the store, against a model of a few lines: every total is the sum of the peaks, whatever happens."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from monitor.model.metric import COUNTERS, WHOLE, Metric
from monitor.model.metric import ENGAGEMENT as METRICS
from monitor.model.rise import ENGAGEMENT, GAINS, IMPRESSIONS
from monitor.model.sighting import Batch
from monitor.model.window import Resolution, bucket
from monitor.store import causes, ingest
from monitor.store.store import Store
from tests.people import ALEPPO
from tests.store.batches import DAY, HOUR, NOW, TAG, batch, dump_series, sighting, window

SUBJECTS = (WHOLE, TAG, "tag/savealeppo/savealeppo", "tag/حلب")
COUNTS = ("impressions", "likes", "reposts", "replies", "quotes", "rounding")


def expected(batches: list[Batch]) -> Counter[tuple[str, Metric, Resolution, int]]:
    """Return what must be stored: by subject, metric, resolution and cell."""
    booked: Counter[tuple[str, Metric, Resolution, int]] = Counter()
    peaks: dict[str, dict[Metric, int]] = {}
    credited: dict[str, set[str]] = {}

    def book(subject: str, metric: Metric, at: int, value: int) -> None:
        for resolution in Resolution:
            booked[subject, metric, resolution, bucket(at, resolution, ALEPPO.zone)] += value

    for one in (seen for sent in batches for seen in [(sent.observed, s) for s in sent.sightings]):
        observed, s = one
        known, had = peaks.setdefault(s.id, {}), credited.setdefault(s.id, set())
        told = {m: v for m, name in zip(COUNTERS, COUNTS, strict=True) if (v := getattr(s.counts, name)) is not None}
        for subject in had:
            for metric, value in told.items():
                rise = max(value - known.get(metric, 0), 0)
                book(subject, metric, observed if metric in known else s.created, rise)
            if Metric.IMPRESSIONS in told and Metric.IMPRESSIONS not in known:
                book(subject, Metric.MEASURED_POSTS, s.created, 1)
        known.update({metric: max(value, known.get(metric, 0)) for metric, value in told.items()})
        for subject in set(s.subjects) - had:
            book(subject, Metric.POSTS, s.created, 1)
            book(subject, Metric.MEASURED_POSTS, s.created, int(Metric.IMPRESSIONS in known))
            for metric, value in known.items():
                book(subject, metric, s.created, value)
        had.update(s.subjects)
    return +booked


def gained(booked: Counter[tuple[str, Metric, Resolution, int]]) -> dict[str, Counter[int]]:
    """Return what all posts gained in each hour: no hour has more of them than are kept."""
    parts = {IMPRESSIONS: (Metric.IMPRESSIONS,), ENGAGEMENT: METRICS}
    told = {name: Counter[int]() for name in parts}
    for name, metrics in parts.items():
        for (subject, metric, resolution, cell), value in booked.items():
            if subject == WHOLE and metric in metrics and resolution is Resolution.HOUR:
                told[name][cell] += value
    return told


async def kept_as_largest(store: Store) -> dict[str, Counter[int]]:
    rises = await causes.largest(store, ALEPPO.slug, window(NOW - DAY, NOW + 3 * DAY))
    told = {name: Counter[int]() for name in GAINS}
    for at, name, more in rises[["at", "metric", "gained"]].itertuples(index=False):
        told[name][int(at.timestamp())] += int(more)
    return told


async def emptied(store: Store) -> Store:
    names = await store.redis.keys(f"{store.keys.prefix}:*")
    if names:
        await store.redis.unlink(*names)
    return store


counts = some.one_of(some.none(), some.integers(0, 30), some.sampled_from([2**40, 2**47]))
sightings = some.builds(
    lambda number, subjects, told: sighting(
        number,
        created=NOW - number * 5 * HOUR,
        subjects=(WHOLE, *sorted(subjects - {WHOLE})),
        **dict(zip(COUNTS, told, strict=True)),
    ),
    some.integers(0, 4),
    some.sets(some.sampled_from(SUBJECTS), min_size=1),
    some.tuples(*[counts] * 6),
)
batches = some.lists(
    some.builds(
        lambda later, ones: batch(*ones, observed=NOW + later), some.integers(0, 2 * DAY), some.lists(sightings)
    ),
    min_size=1,
    max_size=5,
)


@given(sent=batches, again=some.lists(some.integers(0, 4), max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_every_cell_holds_what_the_peaks_say_under_stale_repeated_and_reordered_writes(store, sent, again):
    store = await emptied(store)
    history = [*sent, *(sent[index % len(sent)] for index in again)]
    for one in history:
        await ingest.write(store, one)
    assert await dump_series(store) == expected(history)
    assert await kept_as_largest(store) == gained(expected(history))


@given(sent=batches, order=some.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_totals_do_not_depend_on_the_order_of_writes(store, sent, order):
    totals = []
    for history in (sent, order.sample(sent, len(sent))):
        store = await emptied(store)
        for one in history:
            await ingest.write(store, one)
        cells: Counter[tuple[str, Metric]] = Counter()
        for (subject, metric, resolution, _), value in (await dump_series(store)).items():
            cells[subject, metric] += value if resolution is Resolution.DAY else 0
        totals.append(cells)
    assert totals[0] == totals[1]
