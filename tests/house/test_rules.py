"""House rules that no linter knows. Each rule is a function over one file that yields what is wrong in it.

An exception stands in EXCEPTIONS, where everybody sees it, with its reason. The second half plants violations of each
rule and expects it to find them: a rule that cannot fail is worth nothing.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

import pytest

from tests.conftest import ROOT

LONGEST = 400
# (rule, file): why the file may.
EXCEPTIONS = {
    ("long_file", "icargos/ui/locale/ur/LC_MESSAGES/django.po"): "translations, one entry a text",
    ("saves_itself", "icargos/accounts/models.py"): "People.create_user is how Django asks for a new person",
    ("vague_name", "icargos/main/middleware.py"): "process_exception is Django's name",
    ("vague_name", "icargos/ui/uploads.py"): "handle_raw_input is Django's name",
}


@dataclass(frozen=True)
class File:
    """A file of the repository: its path from the root, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text) if self.path.endswith(".py") else ast.Module([], [])

    @cached_property
    def product(self) -> bool:
        return self.path.startswith("icargos/") and "/migrations/" not in self.path

    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    @cached_property
    def imports(self) -> list[str]:
        names = []
        for node in self.nodes():
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names += [f"{node.module or ''}.{alias.name}" for alias in node.names]
        return names

    @cached_property
    def strings(self) -> list[str]:
        """Every string that is not a docstring, in one line."""
        docs = {
            id(node.body[0].value)
            for node in self.nodes()
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        return [
            " ".join(node.value.split())
            for node in self.nodes()
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ]


Rule = Callable[[File], Iterator[str]]


def long_file(file: File) -> Iterator[str]:
    """A file that needs scrolling for ever becomes a folder of nouns."""
    lines = file.text.count("\n")
    texts = {".py", ".css", ".js", ".html", ".typ", ".csv", ".po", ".md"}
    if lines > LONGEST and PurePosixPath(file.path).suffix in texts:
        yield f"{lines} lines"


def signal(file: File) -> Iterator[str]:
    """What happens because of something stands in main/reactions.py, not behind a signal."""
    for name in file.imports:
        if re.match(r"django\.(\w+\.)*(signals\.|dispatch\b)", name) or name.endswith(".signals"):
            yield name


def saves_itself(file: File) -> Iterator[str]:
    """Rows are written by actions, in sets; a model that saves itself hides a write."""
    for node in file.nodes():
        if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(base) for base in node.bases):
            named = {inner.name for inner in node.body if isinstance(inner, ast.FunctionDef)}
            yield from (f"def {name}" for name in sorted(named & {"save", "delete", "full_clean", "clean"}))
    # Elsewhere it is a file or a font that is saved.
    if re.match(r"icargos/\w+/(models|actions|queries|pages|reactions|jobs)\b", file.path):
        for node in file.nodes():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save":
                yield ".save()"


STATUS_SQL = re.compile(
    r"\b(UPDATE\s+consignments_consignment\b.*\bSET\b|INSERT\s+INTO\s+consignments_consignment\b)", re.I
)


def writes_status(file: File) -> Iterator[str]:
    """A parcel's status is assigned in icargos/consignments/actions alone."""
    if not file.product or re.match(r"icargos/consignments/actions(\.py|/)", file.path):
        return
    for node in file.nodes():
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
                yield "assigns .status"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = {keyword.arg for keyword in node.keywords}
            if node.func.attr in {"update", "create", "update_or_create", "get_or_create"} and "status" in named:
                yield f".{node.func.attr}(status=...)"
    if any(STATUS_SQL.search(text) or text == "consignments_consignment" for text in file.strings):
        yield "SQL that writes consignments"


MONEY = ("Charge", "Ledger", "Entry", "Transfer")
MONEY_SQL = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+finance_", re.I)


def writes_money(file: File) -> Iterator[str]:
    """Charges and ledger rows are written in icargos/finance/actions alone."""
    if not file.product or re.match(r"icargos/finance/actions(\.py|/)", file.path):
        return
    if any(
        MONEY_SQL.search(text) or re.fullmatch(r"finance_(charge|ledger|transfer|entry)", text) for text in file.strings
    ):
        yield "SQL that writes finance"
    for node in file.nodes():
        if isinstance(node, ast.Attribute) and node.attr in {"create", "bulk_create", "update", "delete"}:
            chain = ast.unparse(node.value)
            if re.match(rf"({'|'.join(MONEY)})\.objects\b", chain):
                yield ast.unparse(node)


def vague_name(file: File) -> Iterator[str]:
    """A module is named for what it holds."""
    parts = {part.removesuffix(".py") for part in PurePosixPath(file.path).parts}
    yield from sorted(parts & {"utils", "helpers", "services", "signals", "misc", "common", "managers"})
    for node in file.nodes():
        if isinstance(node, ast.ClassDef) and re.search(r"[a-z](Service|Manager|Helper)$", node.name):
            yield f"class {node.name}"
        if isinstance(node, ast.FunctionDef) and re.match(r"_?(do|process|handle)_", node.name):
            yield f"def {node.name}"


def admin(file: File) -> Iterator[str]:
    """Django's admin goes round actions, row security and the route registry."""
    if any("django.contrib.admin" in name for name in [*file.imports, *file.strings]) and file.product:
        yield "django.contrib.admin"


INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "script with a body": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "event attribute": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:\w.-]*)\s*=", re.I),
    "evaluated htmx value": re.compile(r"""hx-(vals|headers)\s*=\s*["']?\s*js:|hx-trigger="[^"]*\w\["""),
    "javascript address": re.compile(r"""(href|src|action)\s*=\s*["']?\s*javascript:""", re.I),
    "text marked safe": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
}


def inline(file: File) -> Iterator[str]:
    """The Content-Security-Policy allows no inline style or script, and htmx evaluates nothing."""
    if file.path.endswith(".html"):
        text = re.sub(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", "", file.text, flags=re.S)
        for what, pattern in INLINE.items():
            if found := pattern.search(text):
                yield f"{what}: {found.group(0)[-60:]}"


# A side named after a hand. Gradients turn by a physical direction and translate by x: those are not layout.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-[a-z]+)?"
    r"|border-(?:top|bottom)-(?:left|right)-radius|left|right)\s*:"
    r"|(?<![\w-])(?:float|clear|text-align)\s*:\s*(?:left|right)\b"
)


def physical_side(file: File) -> Iterator[str]:
    """Urdu reads from the right: layouts say start and end."""
    if file.path.endswith(".css"):
        text = re.sub(r"/\*.*?\*/", "", file.text, flags=re.S)
        for found in PHYSICAL.finditer(text):
            yield f"{found.group(0)} at line {text.count(chr(10), 0, found.start()) + 1}"


def address_in_lock(file: File) -> Iterator[str]:
    """A lock file names packages and hashes; where they come from is the machine's business."""
    if re.fullmatch(r"requirements/\w+\.(txt|in)|(.+/)?(package-lock\.json|package\.json|\.npmrc)", file.path):
        text = re.sub(r'"(funding|url|homepage|bugs|repository)":\s*"[^"]*"', "", file.text)
        if found := re.search(r'https?://[^\s"]+|--(extra-)?index-url.*|"resolved".*', text):
            yield found.group(0)


# Written apart, so that this file does not find itself.
LATER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")


def put_off(file: File) -> Iterator[str]:
    """What is not done is in the tracker."""
    if file.path.endswith((".py", ".js", ".css", ".html", ".md", ".toml", ".yml", ".typ", "Makefile")):
        for found in LATER.finditer(file.text):
            yield f"{found.group(0)} at line {file.text.count(chr(10), 0, found.start()) + 1}"


def impure(file: File) -> Iterator[str]:
    """Rules know no clock, no database, no files: what they need is passed in."""
    if not re.match(r"icargos/\w+/rules(\.py|/)|icargos/kit/(money|cn|phone)\.py", file.path):
        return
    for node in file.nodes():
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if re.fullmatch(
                r"(open|print|input|exec|eval|(datetime|date)(\.datetime)?\.(now|today|utcnow)|time\.time)", called
            ):
                yield f"{called}()"


def undated(file: File) -> Iterator[str]:
    """Times are aware."""
    if file.product and any("utcnow" in ast.unparse(node) for node in file.nodes() if isinstance(node, ast.Attribute)):
        yield "utcnow"


RULES: tuple[Rule, ...] = (
    long_file,
    signal,
    saves_itself,
    writes_status,
    writes_money,
    vague_name,
    admin,
    inline,
    physical_side,
    address_in_lock,
    put_off,
    impure,
    undated,
)


def house() -> list[File]:
    """Every text file that git knows, or would know if it were added now."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    files = []
    for path in listed.split("\0"):
        if path and (ROOT / path).is_file():
            try:
                files.append(File(path, (ROOT / path).read_text()))
            except UnicodeDecodeError:
                continue
    return files


@pytest.fixture(scope="module")
def files() -> list[File]:
    found = house()
    assert len([f for f in found if f.product and f.path.endswith(".py")]) > 80
    assert any(f.path.endswith(".css") for f in found)
    assert any(f.path.endswith(".html") for f in found)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule, files: list[File]) -> None:
    wrong = {f.path: told for f in files if (told := list(rule(f)))}
    allowed = {path for name, path in EXCEPTIONS if name == rule.__name__}
    assert {path: told for path, told in wrong.items() if path not in allowed} == {}
    assert allowed <= set(wrong), "an exception that is not needed any more"


PLANTED = [
    (long_file, "icargos/x/rules.py", "a = 1\n" * 401),
    (signal, "icargos/x/apps.py", "from django.db.models.signals import post_save"),
    (signal, "icargos/x/apps.py", "from django.dispatch import receiver"),
    (signal, "icargos/x/apps.py", "import icargos.x.signals"),
    (saves_itself, "icargos/x/models.py", "class A(models.Model):\n    def save(self): ..."),
    (saves_itself, "icargos/x/actions.py", "row.save()"),
    (writes_status, "icargos/booking/actions/x.py", "parcel.status = 'delivered'"),
    (writes_status, "icargos/consignments/queries/x.py", "Consignment.objects.filter(id=1).update(status='lost')"),
    (
        writes_status,
        "icargos/dispatch/actions.py",
        "cursor.execute('UPDATE consignments_consignment c\\n SET status = 1')",
    ),
    (writes_status, "icargos/booking/actions/x.py", "bulk.insert('consignments_consignment', {}, [])"),
    (writes_money, "icargos/booking/actions/x.py", "bulk.insert('finance_charge', {}, [])"),
    (writes_money, "icargos/booking/actions/x.py", "run('delete from finance_charge')"),
    (writes_money, "icargos/finance/queries.py", "Charge.objects.create(paisa=1)"),
    (writes_money, "icargos/finance/queries.py", "Charge.objects.filter(id=1).update(paisa=1)"),
    (vague_name, "icargos/x/utils.py", ""),
    (vague_name, "icargos/x/helpers/phones.py", ""),
    (vague_name, "icargos/x/a.py", "class BookingService: ..."),
    (vague_name, "icargos/x/a.py", "def process_rows(): ..."),
    (admin, "icargos/x/a.py", "from django.contrib import admin\nfrom django.contrib.admin import site"),
    (admin, "icargos/main/settings.py", "APPS = ['django.contrib.admin']"),
    (inline, "icargos/x/a.html", '<p class="a"\n style="color:red">'),
    (inline, "icargos/x/a.html", "<script>alert(1)</script>"),
    (inline, "icargos/x/a.html", "<style>p{}</style>"),
    (inline, "icargos/x/a.html", '<button hx-on:click="x()">'),
    (inline, "icargos/x/a.html", '<button onclick="x()">'),
    (inline, "icargos/x/a.html", """<form hx-vals='js:{a: b()}'>"""),
    (inline, "icargos/x/a.html", """<form hx-trigger="keyup[ctrlKey]">"""),
    (inline, "icargos/x/a.html", "{{ words|safe }}"),
    (physical_side, "icargos/ui/a.css", "a { margin-left: 1px }"),
    (physical_side, "icargos/ui/a.css", "a { position: fixed; right: 0 }"),
    (physical_side, "icargos/ui/a.css", "a { text-align: left }"),
    (physical_side, "icargos/ui/a.css", "a { border-top-right-radius: 1px }"),
    (address_in_lock, "requirements/run.txt", "--index-url https://packages.internal/simple"),
    (address_in_lock, "package-lock.json", '{"resolved": "https://packages.internal/x.tgz"}'),
    (put_off, "icargos/x/a.py", "# TO" + "DO: later"),
    (impure, "icargos/x/rules.py", "from datetime import datetime\nnow = datetime.now()"),
    (impure, "icargos/x/rules/a.py", "open('x')"),
    (undated, "icargos/x/a.py", "from datetime import datetime\ndatetime.utcnow()"),
]


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED, ids=lambda v: getattr(v, "__name__", None) or str(v)[:40])
def test_the_rule_finds_a_planted_violation(rule: Rule, path: str, text: str) -> None:
    assert list(rule(File(path, text)))


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (
            writes_status,
            "icargos/consignments/actions.py",
            "row.status = 'x'; run('UPDATE consignments_consignment SET a')",
        ),
        (writes_status, "icargos/track/pages/a.py", "HttpResponse(status=404)"),
        (writes_status, "icargos/x/a.py", "run('SELECT status FROM consignments_consignment')"),
        (inline, "icargos/x/a.html", '<script src="{% static "a.js" %}" type="module"></script><p data-style="x">'),
        (
            physical_side,
            "icargos/ui/a.css",
            "a { margin-inline: 1px; inset-inline-end: 0; text-align: start } /* left: 1 */",
        ),
        (address_in_lock, "package-lock.json", '{"funding": {"url": "https://opencollective.com/x"}}'),
    ],
)
def test_the_rule_lets_good_work_pass(rule: Rule, path: str, text: str) -> None:
    assert list(rule(File(path, text))) == []


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule for rule, *_ in PLANTED} == set(RULES)
