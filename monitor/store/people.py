"""Who may look, kept: users, tokens, sessions, and how often somebody guessed. Secrets are kept as hashes only."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from monitor.errors import MonitorError
from monitor.model.person import Role, Scope, Session, Token, User
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

IDLE = timedelta(days=7)
"""A session that nobody used for so long is over."""

LONGEST = timedelta(days=30)
"""However often it is used, a session ends so long after signing in."""


def digest(secret: str) -> str:
    """Return what the store knows a token or a session by; both are long and random, so a plain hash is enough."""
    return sha256(secret.encode()).hexdigest()


@in_words
async def users(store: Store) -> tuple[User, ...]:
    """Return everybody who may sign in, by name."""
    found = await execute(store.redis, "HVALS", store.keys.users)
    return tuple(sorted((User.model_validate_json(one) for one in found), key=lambda user: user.name))


@in_words
async def user(store: Store, name: str) -> User | None:
    """Return who has this name."""
    found = await execute(store.redis, "HGET", store.keys.users, name)
    return User.model_validate_json(found) if found else None


@in_words
async def put_user(store: Store, user: User) -> None:
    """Add somebody, or change them; whoever was signed in under that name must sign in again."""
    await execute(store.redis, "HSET", store.keys.users, user.name, user.model_dump_json())
    await _end_sessions(store, user.name)


@in_words
async def drop_user(store: Store, name: str) -> None:
    """Remove somebody with their sessions; raise MonitorError when there is no such user."""
    if not await execute(store.redis, "HDEL", store.keys.users, name):
        raise MonitorError(
            f"no user is called {name}; there are: {', '.join(u.name for u in await users(store)) or 'none'}"
        )
    await _end_sessions(store, name)


@in_words
async def make_token(store: Store, name: str, scopes: tuple[Scope, ...], now: datetime, until: datetime | None) -> str:
    """Make a token and return its key, which is shown once; raise MonitorError when the name is taken."""
    key = f"cm_{token_urlsafe(32)}"
    made = Token(name=name, scopes=scopes, digest=digest(key), made_at=now, until=until)
    if any(known.name == name for known in await tokens(store)):
        raise MonitorError(f"a token is called {name} already: remove it, or take another name")
    await execute(store.redis, "HSET", store.keys.tokens, made.digest, made.model_dump_json())
    return key


@in_words
async def tokens(store: Store) -> tuple[Token, ...]:
    """Return all tokens, by name."""
    found = await execute(store.redis, "HVALS", store.keys.tokens)
    return tuple(sorted((Token.model_validate_json(one) for one in found), key=lambda token: token.name))


@in_words
async def token(store: Store, key: str, now: datetime) -> Token | None:
    """Return what a key is good for; None for a wrong one and for one whose time is over."""
    found = await execute(store.redis, "HGET", store.keys.tokens, digest(key))
    known = Token.model_validate_json(found) if found else None
    return None if known is None or (known.until and known.until <= now) else known


@in_words
async def drop_token(store: Store, name: str) -> None:
    """Remove a token; raise MonitorError when there is none of that name."""
    known = {one.name: one.digest for one in await tokens(store)}
    if name not in known:
        raise MonitorError(f"no token is called {name}; there are: {', '.join(known) or 'none'}")
    await execute(store.redis, "HDEL", store.keys.tokens, known[name])


@in_words
async def begin_session(store: Store, user: User, now: datetime) -> tuple[str, Session]:
    """Sign somebody in; return the cookie's value beside what is known of it."""
    cookie, session = token_urlsafe(32), Session(user=user.name, form=token_urlsafe(32), made_at=now)
    place, of_user = store.keys.session(digest(cookie)), store.keys.sessions(user.name)
    async with store.redis.pipeline(transaction=True) as pipe:
        pipe.set(place, session.model_dump_json(), ex=IDLE)
        pipe.sadd(of_user, digest(cookie))
        pipe.expire(of_user, IDLE)
        await pipe.execute()
    return cookie, session


@in_words
async def session(store: Store, cookie: str, now: datetime) -> tuple[Session, Role] | None:
    """Return who a cookie stands for, and what they may do now; each look prolongs it, but not for ever."""
    place = store.keys.session(digest(cookie))
    found = await execute(store.redis, "GETEX", place, "EX", int(IDLE.total_seconds()))
    if not found:
        return None
    known = Session.model_validate_json(found)
    if now - known.made_at >= LONGEST:
        await end_session(store, cookie)
        return None
    await execute(store.redis, "EXPIRE", store.keys.sessions(known.user), int(IDLE.total_seconds()))
    somebody = await user(store, known.user)
    return (known, somebody.role) if somebody else None


@in_words
async def end_session(store: Store, cookie: str) -> None:
    """Sign out."""
    await execute(store.redis, "DEL", store.keys.session(digest(cookie)))


@in_words
async def guesses(store: Store, who: str, within: timedelta) -> int:
    """Count one more attempt of `who` and return how many there were; forgotten `within` after the first."""
    place = store.keys.guesses(who)
    async with store.redis.pipeline(transaction=True) as pipe:
        pipe.incr(place)
        pipe.expire(place, within, nx=True)
        many, _ = await pipe.execute()
    return int(many)


@in_words
async def forgive(store: Store, who: str) -> None:
    """Forget the attempts of somebody who got it right."""
    await execute(store.redis, "DEL", store.keys.guesses(who))


async def _end_sessions(store: Store, name: str) -> None:
    of_user = store.keys.sessions(name)
    places = [store.keys.session(one.decode()) for one in await execute(store.redis, "SMEMBERS", of_user)]
    await execute(store.redis, "DEL", of_user, *places)
