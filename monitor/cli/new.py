"""`monitor new`: a first file for a campaign, to be looked through and kept."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import chain, count
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import CONFIG, Config
from monitor.errors import Problem, SettingsError
from monitor.model.outlet import Outlets
from monitor.model.spelling import capitalised, proposals
from monitor.model.zone import checked_zone
from monitor.settings.campaigns import slug_of
from monitor.settings.files import parsed, refused
from monitor.settings.findings import Findings
from monitor.settings.hashtag import checked_hashtag, fault
from monitor.settings.load import described
from monitor.settings.outlets import FILE as OUTLETS
from monitor.settings.secret import Variables
from monitor.sources.feeds import called


@dataclass(frozen=True)
class Draft:
    """What the operator said about a new campaign."""

    slug: str
    title: str
    zone: str
    hashtags: Sequence[str]
    words: Sequence[str]
    servers: Sequence[str]
    feeds: Sequence[str]
    channels: Sequence[str]
    open_doors: Sequence[str] = ()  # platforms that need no key and no accepted terms


def new(
    slug: Annotated[str | None, typer.Argument(help="Short name, such as save-aleppo; made from the title.")] = None,
    *,
    title: Annotated[str | None, typer.Option(help="What people call the campaign.")] = None,
    hashtag: Annotated[list[str] | None, typer.Option(help="A hashtag to watch; may be repeated.")] = None,
    word: Annotated[list[str] | None, typer.Option(help="A word to look for in the press; may be repeated.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Where its days begin, such as Asia/Damascus.")] = None,
    mastodon: Annotated[list[str] | None, typer.Option(metavar="SERVER", help="A server to ask.")] = None,
    feed: Annotated[list[str] | None, typer.Option(metavar="OUTLET=URL", help="A feed of the press to read.")] = None,
    telegram: Annotated[list[str] | None, typer.Option(metavar="CHANNEL", help="A channel, off at first.")] = None,
    jetstream: Annotated[bool, typer.Option("--jetstream", help="Listen to Bluesky; needs no key.")] = False,
    gdelt: Annotated[bool, typer.Option("--gdelt", help="Search the world's press; needs no key.")] = False,
    config: Config = CONFIG,
) -> None:
    """Write a new campaign file from flags, or from a few questions. No file is ever overwritten."""
    if title or hashtag or word:
        named = [list(each or ()) for each in (hashtag, word, mastodon, feed, telegram)]
        tags = [tag.lstrip("#") for tag in (*named[0], *named[1])]
        short = next(filter(None, map(slug_of, (title or "", *tags))), "")
        named.append(_doors(jetstream=jetstream, gdelt=gdelt))
        draft = Draft(slug or short, title or slug or tags[0], timezone or "UTC", *named)
    else:
        draft = _asked(slug, timezone)
    path = config / "campaigns" / f"{draft.slug}.toml"
    _write(path, draft)
    typer.echo(f"Wrote {path}. Look it through, then: monitor check")


def text_of(draft: Draft) -> str:
    """Return the campaign's file, with proposals and examples as comments."""
    return "\n".join([*_head(draft), *_spellings(draft.hashtags), *_sources(draft)]) + "\n"


def _asked(slug: str | None, zone: str | None) -> Draft:
    if not sys.stdin.isatty():
        advice = "say what to watch: --title, and --hashtag or --word (or start it in a terminal)"
        raise SettingsError([Problem("", "", advice)])
    title = typer.prompt("What is the campaign called?")
    slug = slug or slug_of(title) or typer.prompt("A short name for it, in small Latin letters, such as save-aleppo")
    hashtags = _answer(
        "Its hashtags, with blanks between them", lambda tags: " ".join(map(checked_hashtag, tags.split()))
    )
    words = typer.prompt("Words to find it by in the press, with commas between them", default="", show_default=False)
    zone = _answer("The time zone its days begin in (nothing: UTC)", lambda name: checked_zone(name or zone or "UTC"))
    server = _answer("A Mastodon server to ask (none: leave empty)", _checked_server)
    named = [word.strip() for word in words.replace("،", ",").split(",") if word.strip()]
    bluesky = typer.confirm("Listen to Bluesky, which needs no key?", default=True)
    gdelt = typer.confirm("Search the world's press with GDELT, which needs no key?", default=True)
    doors = _doors(jetstream=bluesky, gdelt=gdelt)
    return Draft(str(slug), title, zone, hashtags.split(), named, server.split(), [], [], doors)


def _doors(**wanted: bool) -> list[str]:
    return [platform for platform, is_wanted in wanted.items() if is_wanted]


def _checked_server(name: str) -> str:
    """Return the address of a server; raises ValueError, in words, where it can be none."""
    server = name.strip()
    if server and not re.fullmatch(r"(https?://)?[\w-]+(\.[\w-]+)+(:\d{1,5})?/?", server):
        raise ValueError("write one server's address, such as mastodon.social")
    return server


def _answer(question: str, check: Callable[[str], str]) -> str:
    """Ask until the answer is one that `check` lets through."""

    def checked(answer: str) -> str:
        try:
            return check(answer)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error

    return str(typer.prompt(question, default="", show_default=False, value_proc=checked))


def _write(path: Path, draft: Draft) -> None:
    if not draft.slug:
        advice = "the title has no Latin letters to name a file by; give one: monitor new SLUG"
        raise refused(path.parent, f"{advice}, such as monitor new save-aleppo for save-aleppo.toml")
    text = text_of(draft)
    found = Findings()
    described(parsed(path, text), Variables({}), found, Outlets())
    found.raise_any()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        _begin(path.parent.parent)
    except FileExistsError as error:
        raise refused(path, "exists already; change it by hand, or choose another short name") from error
    except OSError as error:
        raise refused(path, f"cannot be written ({error.strerror}); choose another folder with --config") from error


def _begin(folder: Path) -> None:
    """Put the file with every setting and its default, and the table of outlets, beside the first campaign."""
    for name in ("monitor.toml", OUTLETS):
        example = Path(str(resources.files("monitor"))) / "config" / name
        if example.is_file() and not (folder / name).exists():
            (folder / name).write_bytes(example.read_bytes())


def _head(draft: Draft) -> Iterator[str]:
    yield f"slug = {_toml(draft.slug)}"
    yield f"title = {_toml(draft.title)}"
    yield f"timezone = {_toml(draft.zone)}  # where the campaign's days begin"
    yield f"hashtags = {_toml(draft.hashtags)}"
    yield f"words = {_toml(draft.words)}  # for the press: whole words in headlines and summaries"
    yield ""


def _spellings(hashtags: Sequence[str]) -> Iterator[str]:
    yield "[spellings]  # platforms search letter by letter: what is listed here is asked for too"
    for hashtag in hashtags:
        if forms := [f"#{capitalised(form, hashtag)}" for form in proposals(hashtag) if not fault(form)]:
            yield "# people may also type these; take the first sign away to ask for them, or some of them"
            yield f"# {_toml(hashtag)} = {_toml(forms)}"
    yield ""


def _sources(draft: Draft) -> Iterator[str]:
    taken: set[str] = set()
    for platform in draft.open_doors:
        yield from ("[[sources]]", f"platform = {_toml(platform)}", "")
    for server in draft.servers:
        yield from ("[[sources]]", 'platform = "mastodon"', f"server = {_toml(server)}", "")
    for feed in draft.feeds:
        outlet, _, url = feed.partition("=")
        yield from ("[[sources]]", 'platform = "feeds"', *_other_name(called(outlet), "feed", taken))
        yield from (f"url = {_toml(url)}", f"outlet = {_toml(outlet)}", "")
    for channel in draft.channels:
        name = re.split("[/@]", channel)[-1].lower()
        yield from ("[[sources]]", 'platform = "telegram"', *_other_name(name, "telegram", taken))
        yield from (f"channel = {_toml(channel)}", "accept_terms = false  # read docs/sources.md first", "")
    if not (draft.servers or draft.feeds or draft.channels or draft.open_doors):
        yield "# take the signs away before what you want; none of these needs a key"
        yield from ("# [[sources]]", '# platform = "mastodon"', '# server = "https://mastodon.social"', "")
        yield from ("# [[sources]]", '# platform = "jetstream"  # Bluesky', "", "# [[sources]]", '# platform = "gdelt"')


def _other_name(name: str, kind: str, taken: set[str]) -> Iterator[str]:
    """Yield the line of a name for a source whose usual one another source has already."""
    others = (f"{name}-{kind}{number or ''}" for number in count())
    free = next(each for each in chain([name], others) if each not in taken)
    taken.add(free)
    if free != name:
        yield f"name = {_toml(free)}"


def _toml(written: str | Sequence[str]) -> str:
    return json.dumps(written, ensure_ascii=False).replace("\x7f", "\\u007f")
