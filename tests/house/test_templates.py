"""Every template compiles: a tag that is misspelt or not loaded is found before a person opens the page."""

from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    str(path.relative_to(folder)) for folder in ROOT.glob("icargos/*/templates") for path in folder.rglob("*.html")
)


def test_the_templates_are_found() -> None:
    assert "ui/refusal.html" in TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_template_compiles(name: str) -> None:
    get_template(name)
