"""What to write instead, for values that stand in no file of settings."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from monitor.model.advice import advised


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Door(BaseModel):
    model_config = ConfigDict(extra="forbid")
    colour: Colour


WRONG = [
    (int, "abc", "write a whole number, such as 5"),
    (float, "abc", "write a number, such as 2.5"),
    (bool, "perhaps", "write true or false"),
    (datetime, "soon", "write a date and time, such as 2016-04-29T12:00:00Z"),
    (AwareDatetime, "2016-04-29T12:00", "write a date and time with its zone, such as 2016-04-29T12:00:00Z"),
    (Literal["24h", "7d"], "3h", 'write one of "24h" or "7d"'),
    (Colour, "green", 'write one of "red" or "blue"'),
    (Door, {}, "is missing"),
    (Door, {"colour": "red", "size": 3}, "is not known"),
    (Door, "red", "is no JSON object"),
    (str, 3, "is not text"),
]


@pytest.mark.parametrize(("kind", "written", "told"), WRONG)
def test_a_wrong_value_is_told_in_our_words(kind: Any, written: Any, told: str):
    assert advised(fault(kind, written)) == told


@pytest.mark.parametrize(("kind", "written", "told"), [
    (Annotated[int, Field(ge=1)], 0, "write 1 or more"),
    (Annotated[float, Field(lt=9)], 9, "write less than 9.0"),
    (Annotated[str, Field(max_length=3)], "four", "is too long; write at most 3 characters"),
    (Annotated[str, Field(pattern="^[a-z]+$")], "3", "is not in the right form"),
])  # fmt: skip
def test_a_bound_is_told_with_its_number(kind: Any, written: Any, told: str):
    assert advised(fault(kind, written)) == told


def fault(kind: Any, written: Any) -> Any:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(kind).validate_python(written)
    return error.value.errors()[0]
