"""The rules of the layout: what may exist at the top, who may import whom, what an import may cost."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import kl_engine

ROOT = Path(__file__).parent.parent
VISIBLE = {"requirements.txt", "README.md", "app.py", "kl_engine", "pages", "tests"}
PACKAGES = {"streamlit", "altair", "numpy", "scipy", "sympy"}

# The spine of the engine: each may import those to its left, never one to its right.
SPINE = ["validation", "estimates", "distributions", "closed_forms", "crossings", "panels", "quadrature", "tails"]
SPINE += ["divergences", "dispatch", "paths", "reverse_objective", "descent", "flow", "fitting", "slices"]
SPINE += [
    "ties",
    "sweep",
    "scale_space",
    "mode_curves",
    "newton",
    "companions",
    "stationary",
    "turning_points",
    "branches",
    "bifurcations",
]


def sources(*folders: str) -> list[Path]:
    """Every Python file of the folders (or files) named."""
    found = [ROOT / folder for folder in folders if (ROOT / folder).exists()]
    return sorted(file for path in found for file in ([path] if path.is_file() else path.rglob("*.py")))


SHIPPED = sources("app.py", "pages", "kl_engine")


def module_name(path: Path) -> str:
    """The dotted name, from the root."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path, everywhere: bool = True) -> set[str]:
    """Dotted names that the file imports, anywhere in it or only when it is loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if everywhere else loaded(tree)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = module_name(path).split(".")[: -node.level] if node.level else []
            base = ".".join([*package, *filter(None, [node.module])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def loaded(tree: ast.AST):
    """The nodes that run when the module is loaded: all but the bodies of functions."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield node
            yield from loaded(node)


def within(names: set[str], *packages: str) -> set[str]:
    """The names that are one of the packages or inside one."""
    return {name for name in names if any(name == package or name.startswith(f"{package}.") for package in packages)}


def test_the_visible_top_level():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:  # an unpacked archive: what lies there is what is shipped
        names = {path.name for path in ROOT.iterdir()}
    else:
        names = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert {name for name in names if not name.startswith((".", "__"))} <= VISIBLE


def test_requirements_are_the_five_packages_bounded_on_both_sides():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    assert {re.split(r"[<>=]", line)[0] for line in lines} == PACKAGES
    assert len(lines) == len(PACKAGES)
    assert all(">=" in line and "<" in line for line in lines)


@pytest.mark.parametrize("path", sources("kl_engine"), ids=module_name)
def test_the_engine_knows_no_screen(path):
    assert not within(imports(path), "streamlit", "altair", "pandas", "pages", "app", "tests")


def test_the_engine_imports_one_way():
    graph = {}
    for path in sources("kl_engine"):
        names = {module_name(other) for other in sources("kl_engine")}
        graph[module_name(path)] = (imports(path) & names) - {"kl_engine", "kl_engine.symbolic", module_name(path)}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert len(order) == len(graph)
    for i, name in enumerate(SPINE):
        later = {f"kl_engine.{other}" for other in SPINE[i + 1 :]}
        assert not graph[f"kl_engine.{name}"] & later, name


def test_symbolic_and_numeric_never_meet_in_the_engine():
    for path in sources("kl_engine"):
        names = within(imports(path), "kl_engine")
        if module_name(path).startswith("kl_engine.symbolic"):
            assert within(names, "kl_engine.symbolic") == names - {"kl_engine"}
        else:
            assert not within(names, "kl_engine.symbolic") and not within(imports(path), "sympy")


def test_no_module_has_the_name_of_a_public_function():
    modules = {path.stem for path in sources("kl_engine")}
    assert not modules & set(kl_engine.__all__)
    assert all(callable(getattr(kl_engine, name)) for name in kl_engine.__all__)


def loaded_by(module: str) -> set[str]:
    """The modules that a fresh interpreter holds after importing this one."""
    code = f"import sys, {module}; print(*(name for name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_the_engine_loads_nothing_heavy():
    loaded = loaded_by("kl_engine")
    assert "kl_engine.divergences" in loaded
    assert not within(loaded, "sympy", "scipy.stats", "pandas", "streamlit", "altair")


def test_the_frame_of_the_home_page_stands_before_the_engine_is_loaded():
    body = ast.parse((ROOT / "app.py").read_text(encoding="utf-8")).body
    places = [i for i, part in enumerate(body) if isinstance(part, ast.Import | ast.ImportFrom)]
    *early, late = places
    assert late == len(body) - 2  # the view itself is imported last of all, just before it is drawn
    for i in early:
        names = {alias.name for alias in body[i].names} if isinstance(body[i], ast.Import) else {body[i].module}
        if names == {"pages.ui"}:
            names = {f"pages.ui.{alias.name}" for alias in body[i].names}
        for name in names - {"streamlit"}:
            assert not within(loaded_by(name), "kl_engine", "numpy", "pandas", "altair"), name


@pytest.mark.parametrize("path", sources("pages/ui"), ids=module_name)
def test_shared_views_import_no_page(path):
    pages = {module_name(page) for page in (ROOT / "pages").glob("*.py")}
    assert not imports(path) & pages and not within(imports(path), "app", "tests")


def test_charts_import_no_streamlit():
    charts = [path for path in sources("pages/ui") if path.name == "charts.py"]
    assert not any(within(imports(path), "streamlit") for path in charts)


def test_caching_is_in_one_file():
    using = [module_name(path) for path in SHIPPED if re.search(r"cache_(data|resource)", path.read_text("utf-8"))]
    assert using == ["pages.ui.cache.kept"]


@pytest.mark.parametrize("path", SHIPPED, ids=module_name)
def test_no_text_becomes_code(path):
    calls = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    methods = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    assert not names & {"eval", "exec", "sympify", "parse_expr", "compile", "__import__"}
    assert not methods & {"sympify", "parse_expr", "literal_eval", "S"}


@pytest.mark.parametrize("path", [*SHIPPED, *sources("tests")], ids=module_name)
def test_files_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno - node.lineno < 45, node.name


def test_every_callback_is_guarded():
    def is_guarded(function: ast.FunctionDef) -> bool:
        return any(isinstance(mark, ast.Name) and mark.id == "guarded" for mark in function.decorator_list)

    called, guarded = set(), set()
    for path in sources("app.py", "pages"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and is_guarded(node):
                guarded.add(node.name)
            elif isinstance(node, ast.keyword) and re.fullmatch(r"on_(\w+_)?(click|change)", node.arg or ""):
                called.add(ast.unparse(node.value).split(".")[-1])
    assert called - {"'ignore'", "changed and guarded(changed)"} <= guarded
