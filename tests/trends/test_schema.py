"""What other programs are promised about a brief."""

import json
from pathlib import Path

from monitor.model.brief import Brief
from monitor.model.metric import VERSIONS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_published_schema_is_that_of_the_brief():
    assert json.loads((DOCS / "brief.schema.json").read_text()) == Brief.model_json_schema()


def test_every_definition_in_force_is_told_in_the_methods():
    told = (DOCS / "methods.md").read_text()
    assert [name for name, version in VERSIONS.items() if f"`{name}/{version}`" not in told] == []


def test_every_field_of_a_brief_has_its_place_in_the_schema():
    assert set(json.loads((DOCS / "brief.schema.json").read_text())["properties"]) == set(Brief.model_fields)
