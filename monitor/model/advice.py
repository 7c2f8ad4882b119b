"""What to write instead: the words that people read for each way a value can be wrong, whoever checks it."""

from collections.abc import Mapping
from typing import Any

ADVICE = {
    "missing": "is missing; write {key} = {example}",
    "string_type": "write text in quotes, such as {example}",
    "int_type": "write a whole number, such as {example}",
    "int_from_float": "write a whole number, such as {example}",
    "int_parsing": "write a whole number, such as {example}",
    "float_type": "write a number, such as {example}",
    "float_parsing": "write a number, such as {example}",
    "finite_number": "write a number, such as {example}",
    "bool_type": "write true or false, without quotes",
    "bool_parsing": "write true or false",
    "tuple_type": 'write a list, such as ["…"]',
    "list_type": 'write a list, such as ["…"]',
    "dict_type": "write a table, that is [{key}] and its keys below it",
    "model_type": "write a table, that is [{key}] and its keys below it",
    "path_type": "write a path in quotes, such as {example}",
    "greater_than_equal": "write {ge} or more",
    "greater_than": "write more than {gt}",
    "less_than_equal": "write {le} or less",
    "less_than": "write less than {lt}",
    "string_too_long": "is too long; write at most {max_length} characters",
    "string_too_short": "is too short; write at least {min_length} characters",
    "too_long": "is too long; write at most {max_length}",
    "too_short": "is too short; write at least {min_length}",
    "literal_error": "write one of {expected}",
    "enum": "write one of {expected}",
    "value_error": "{error}",
    "date_type": "write a date, such as 2016-04-29",
    "date_parsing": "write a date, such as 2016-04-29",
    "date_from_datetime_parsing": "write a date, such as 2016-04-29",
    "date_from_datetime_inexact": "write a date without a time, such as 2016-04-29",
    "time_type": 'write a time, such as "07:00"',
    "time_parsing": 'write a time, such as "07:00"',
    "timezone_aware": "write a date and time with its zone, such as 2016-04-29T12:00:00Z",
    "datetime_from_date_parsing": "write a date and time, such as 2016-04-29T12:00:00Z",
    "datetime_type": "write a date and time, such as 2016-04-29T12:00:00Z",
    "datetime_parsing": "write a date and time, such as 2016-04-29T12:00:00Z",
    "url_parsing": 'write an address, such as "https://example.org"',
    "url_scheme": "write an address that begins with one of {expected_schemes}",
}

_EXAMPLES = {"int": "5", "float": "2.5"}
_ELSEWHERE = {
    "missing": "is missing",
    "extra_forbidden": "is not known",
    "string_type": "is not text",
    "model_type": "is no JSON object",
    "model_attributes_type": "is no JSON object",
    "dict_type": "is no JSON object",
    "json_invalid": "is not JSON",
    "string_pattern_mismatch": "is not in the right form",
}
"""Where nobody writes a file of settings."""


def advised(error: Mapping[str, Any]) -> str:
    """Return what is wrong with a value and what to write instead, for one error of pydantic; never the value."""
    kind, context = str(error["type"]), dict(error.get("ctx", {}))
    if "expected" in context:
        context |= {"expected": str(context["expected"]).replace("'", '"')}
    template = _ELSEWHERE.get(kind) or ADVICE.get(kind, "{message}")
    return template.format_map({"example": example_of(kind), "message": error["msg"], **context})


def example_of(kind: str) -> str:
    """Return a value of the type that was wanted."""
    return _EXAMPLES.get(kind.partition("_")[0], '"…"')
