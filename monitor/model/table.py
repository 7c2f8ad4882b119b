"""The two kinds of checked values: `Table` is read from the operator's files, `Record` is shown to the world."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of the settings: strict and frozen; an unknown key is an error."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Record(BaseModel):
    """A value with a published JSON schema: a brief, a run, a status."""

    model_config = ConfigDict(frozen=True, extra="forbid")
