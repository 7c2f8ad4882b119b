"""Structured logs: facts as key=value (or JSON lines), never secrets, never texts or names of people."""

import logging
import sys
from typing import cast

import structlog

SECRET_WORDS = ("password", "token", "secret", "key", "authorization")


def configure(*, level: str = "INFO", as_json: bool = False) -> None:
    """Send the logs of this process to standard error, at `level` and above; libraries are heard when they warn."""
    # plain tracebacks: structlog's rich ones print local variables, and with them tokens
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_secrets,
    ]
    structlog.configure(
        processors=[*shared, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _hear_libraries(shared, renderers)


def get(room: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of a room, such as `collect`."""
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(room=room))


class _Stderr(logging.Handler):
    """Writes to what standard error is at the moment; the one of before may be closed by now."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")


def _hear_libraries(shared: list[structlog.typing.Processor], renderers: list[structlog.typing.Processor]) -> None:
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers]
    handler = _Stderr()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its warnings may repeat an address and its token
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # what it leaves out is said in our own words


def _without_secrets(
    _logger: structlog.typing.WrappedLogger, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {key: "***" if key.lower().endswith(SECRET_WORDS) else value for key, value in event.items()}
