"""The address of an article in one spelling, so that who finds it elsewhere knows that it is the same."""

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

_TRACKING = re.compile(
    r"(?:utm_|at_|mc_|pk_|ns_|wt[._])\w*|traffic_source|maca|oc|fbclid|gclid|dclid|igshid|ref|ref_src|cmp|cmpid|"
    r"amp|outputtype|__twitter_impression|smid|ito|rss|xtor",
    re.IGNORECASE,
)
_EDITIONS = ("www.", "m.", "mobile.", "amp.")  # of a host: the same pages for other screens
_GOOGLE_AMP = re.compile(r"/amp/(?:s/)?(.+)")
_CACHED_AMP = re.compile(r"/[a-z]/(?:s/)?(.+)")


def canonical(link: str) -> str:
    """Return an address without scheme, www, AMP, tracking, fragment and the order of its parameters."""
    try:
        parts = urlsplit(link.strip())
        pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
        bare = _host(parts)
    except ValueError:
        return link
    if not bare:
        return link
    if wrapped := _wrapped(bare, parts.path):
        return canonical(f"https://{wrapped}{'?' if parts.query else ''}{parts.query}")
    query = urlencode([(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)], errors="replace")
    return f"{bare}{_path(parts.path)}{'?' if query else ''}{query}"


def _host(parts: SplitResult) -> str:
    """Return the host, with a port only where it is an unusual one."""
    name = (parts.hostname or "").rstrip(".")
    for edition in _EDITIONS:
        if name.startswith(edition) and "." in name.removeprefix(edition):
            name = name.removeprefix(edition)
    return name if parts.port in {None, 80, 443} else f"{name}:{parts.port}"


def _wrapped(bare: str, path: str) -> str | None:
    """Return the address that a cache of AMP pages shows under its own."""
    if bare.startswith("google."):
        found = _GOOGLE_AMP.fullmatch(path)
    else:
        found = _CACHED_AMP.fullmatch(path) if bare.endswith(".cdn.ampproject.org") else None
    return found[1] if found and "." in found[1].partition("/")[0] else None


def _path(path: str) -> str:
    """Return a path in one spelling: Arabic letters percent-encoded or not, without its AMP part and last slash."""
    steps = [step for step in unquote(path, errors="replace").split("/") if step]
    if len(steps) > 1:
        steps = [step for number, step in enumerate(steps) if step != "amp" or 0 < number < len(steps) - 1]
        steps[-1] = re.sub(r"\.amp(?=$|\.html$)", "", steps[-1]) or steps[-1]
    return "".join(f"/{quote(step, safe='', errors='replace')}" for step in steps)
