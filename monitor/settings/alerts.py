"""Rules and channels of alerts: each is read apart, by its own table, so that a slip in one is told where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from monitor.alerts import rules as kinds
from monitor.alerts.channels import Channel
from monitor.alerts.reading import subject_of
from monitor.alerts.rules import Number, Rule
from monitor.alerts.services import reached
from monitor.alerts.settings import Settings
from monitor.model.campaign import Campaign
from monitor.settings.advice import unknown
from monitor.settings.files import File, Place
from monitor.settings.findings import Findings
from monitor.settings.place import checked
from monitor.settings.secret import Variables, cure, variable, with_secrets

TABLES: Mapping[str, type[Any]] = {
    get_args(table.model_fields["on"].annotation)[0]: table
    for table in (*get_args(kinds.Number), kinds.Poll, kinds.FirstOutlet, kinds.Source, kinds.Budget)
}
"""The table of each kind of rule, by what stands behind `on`."""

APART = ("rules", "channels")
"""What is read here, and not with the rest of [alerts]."""


def whole(settings: Settings, file: File, env: Variables, found: Findings) -> Settings:
    """Return the table [alerts] with its rules and channels; what is wrong is added to `found`."""
    listed = tuple(rules(file, ("alerts", "rules"), found))
    return settings.model_copy(update={"rules": listed, "channels": tuple(_channels(file, env, found))})


def rules(file: File, at: Place, found: Findings, campaign: Campaign | None = None) -> Iterator[Rule]:
    """Yield the rules that stand at a place of a file, those of a campaign only for hashtags that it has."""
    for index, rows in enumerate(_tables(file, at, found)):
        here = (*at, index)
        kind = rows.get("on")
        if not isinstance(kind, str) or kind not in TABLES:
            said = f'"{kind}" {unknown(kind, TABLES)}' if isinstance(kind, str) else "is missing"
            names = ", ".join(f'"{name}"' for name in TABLES)
            found.add(file, (*here, "on"), said if isinstance(kind, str) else f"{said}; write one of {names}")
            continue
        rule = found.attempt(checked, TABLES[kind], rows, file, here)
        if rule and isinstance(rule, Number):
            found.add(file, (*here, "hashtag"), _unlisted(rule, campaign))
        if rule:
            yield rule


def _unlisted(rule: Number, campaign: Campaign | None) -> str | None:
    if rule.hashtag is None:
        return None
    if campaign is None:
        return "belongs to one campaign; write this rule as [[alerts]] in its file"
    return None if subject_of(campaign, rule.hashtag) else "is not listed in hashtags or spellings; add it there"


def _channels(file: File, env: Variables, found: Findings) -> Iterator[Channel]:
    names: dict[str, int] = {}
    for index, rows in enumerate(_tables(file, ("alerts", "channels"), found)):
        here, name = ("alerts", "channels", index), str(rows.get("name", ""))
        filled = with_secrets(Channel, file, env, found, at=here, named=("alerts", name))
        channel = found.attempt(checked, Channel, filled, file, here)
        if channel is None:
            env.unread.add(variable("alerts"))
            continue
        if name in names:
            advice = f'"{name}" is also the name of alerts.channels[{names[name]}]; give one its own'
            found.add(file, (*here, "name"), advice)
        names.setdefault(name, index)
        found.add(file, (*here, "apprise_url"), _not_known(channel))
        found.add(file, (*here, "secret"), _unsigned(channel))
        yield channel


def _not_known(channel: Channel) -> str | None:
    url = channel.apprise_url
    if url is None or reached(url.get_secret_value()) is not None:
        return None
    return "is no address that Apprise knows; its documentation lists them, such as tgram://TOKEN/CHAT"


def _unsigned(channel: Channel) -> str | None:
    if channel.url is None or channel.secret is not None or channel.secret_file is not None:
        return None
    return f"is missing: a webhook is signed with one; {cure(variable('alerts', channel.name, 'secret'), 'secret')}"


def _tables(file: File, at: Place, found: Findings) -> Sequence[dict[str, Any]]:
    """Return the tables of a list; what is none is told."""
    rows: Any = file.content
    for step in at:
        rows = rows.get(step, []) if isinstance(rows, dict) else []
    if isinstance(rows, list) and all(isinstance(one, dict) for one in rows):
        return rows
    found.add(file, at, f"write each as a table of its own below a line [[{'.'.join(map(str, at))}]]")
    return []
