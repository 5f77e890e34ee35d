"""The rules of the layout: what may exist at the top, who may import whom, what an import may cost."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
VISIBLE = {"requirements.txt", "README.md", "app.py", "kl_engine", "pages", "tests"}
PACKAGES = {"streamlit", "altair", "numpy", "scipy", "sympy"}

# The folders, each in the order of dependence: what stands to the right rests on what stands to its left, never the
# other way round. A tuple holds folders that stand beside one another and import nothing of each other.
ORDER: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "kl_engine": (
        "estimates",
        "distributions",
        "quadrature",
        "divergences",
        "fits",
        "optima",
        ("inference", "coding", "acting", "data", "symbolic"),
        "objectives",  # rests on the grammar of `symbolic`, and on nothing else there
    ),
    "kl_engine.symbolic": ("proof", "subjects", "formulas", "recognise", "explore"),
    "pages.ui": ("state", "glossary", "say", "draw", "cache", "frame", "views"),
}
GRAMMAR = "kl_engine.symbolic.formulas"  # reads texts; what reads objectives rests on it too
MOST_FILES = 18  # of Python on one floor of a folder, its `__init__` among them
LONGEST_FUNCTION = 45  # lines
NAMES_OF_THE_STANDARD_LIBRARY = sys.stdlib_module_names


BUILT = ("build", "dist")  # what a builder of packages may leave behind, beside folders that end in .egg-info


def is_built(path: Path) -> bool:
    """Whether a builder of packages left it there."""
    return any(part in BUILT or part.endswith(".egg-info") for part in path.relative_to(ROOT).parts)


def sources(*folders: str) -> list[Path]:
    """Every Python file of the folders (or files) named."""
    found = [ROOT / folder for folder in folders if (ROOT / folder).exists()]
    files = (file for path in found for file in ([path] if path.is_file() else path.rglob("*.py")))
    return sorted(file for file in files if not is_built(file))


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


def test_the_engine_knows_no_screen():
    screens = ("streamlit", "altair", "pandas", "pages", "app", "tests")
    assert not {module_name(path) for path in sources("kl_engine") if within(imports(path), *screens)}


def places() -> dict[str, dict[str, int]]:
    """The rank of every folder under its root."""
    return {
        root: {name: i for i, group in enumerate(order) for name in ([group] if isinstance(group, str) else group)}
        for root, order in ORDER.items()
    }


def arrows(root: str) -> set[tuple[str, str, str]]:
    """(module, its folder, the folder of what it imports) for every import from one folder of `root` to another."""
    found = set()
    for path in sources("app.py", root.replace(".", "/")):
        here = module_name(path).removeprefix(f"{root}.").split(".")[0]
        for name in within(imports(path), root) - {root}:
            there = name.removeprefix(f"{root}.").split(".")[0]
            if there != here and module_name(path).startswith(f"{root}."):
                found.add((module_name(path), here, there))
    return found


def test_every_folder_has_its_place_in_the_order():
    for root, ranks in places().items():
        folder = ROOT / root.replace(".", "/")
        held = {path.name for path in folder.iterdir() if path.is_dir() and any(path.glob("*.py"))}
        assert {name for name in held if not is_built(folder / name)} == set(ranks)
        assert {path.name for path in folder.glob("*.py")} <= {"__init__.py"}, root


def test_folders_import_one_way():
    for root, ranks in places().items():
        wrong = {arrow for arrow in arrows(root) if ranks.get(arrow[2], -1) >= ranks[arrow[1]]}
        assert not wrong, sorted(wrong)


def test_modules_import_without_a_circle():
    for root in ("kl_engine", "pages"):
        names = {module_name(path) for path in sources(root)}
        packages = {module_name(path) for path in sources(root) if path.name == "__init__.py"}
        graph = {module_name(path): (imports(path) & names) - packages - {module_name(path)} for path in sources(root)}
        assert len(list(TopologicalSorter(graph).static_order())) == len(graph)  # raises CycleError


def test_folders_stay_small_and_bear_no_name_of_the_standard_library():
    folders = {path.parent for path in SHIPPED if path.name != "app.py"} - {ROOT / "pages"}
    crowded = [str(folder) for folder in folders if len(list(folder.glob("*.py"))) > MOST_FILES]
    assert not crowded
    assert not {folder.name for folder in folders} & NAMES_OF_THE_STANDARD_LIBRARY


def test_symbolic_and_numeric_never_meet_in_the_engine():
    for path in sources("kl_engine"):
        names = within(imports(path), "kl_engine")
        if module_name(path).startswith("kl_engine.symbolic"):
            assert within(names, "kl_engine.symbolic") == names - {"kl_engine"}
        else:
            grammar = within(names, GRAMMAR) if module_name(path).startswith("kl_engine.objectives") else set()
            assert not within(names, "kl_engine.symbolic") - grammar and not within(imports(path), "sympy")


def test_the_grammar_needs_no_sympy():
    assert not within(loaded_by("kl_engine.objectives"), "sympy", "scipy.stats")


def test_every_public_name_is_there_twice_even_after_every_module_has_been_imported():
    code = """
import importlib, pkgutil, kl_engine
first = {name: getattr(kl_engine, name) for name in kl_engine.__all__}
for module in pkgutil.walk_packages(kl_engine.__path__, "kl_engine."):
    importlib.import_module(module.name)
second = {name: getattr(kl_engine, name) for name in kl_engine.__all__}
assert all(first[name] is second[name] for name in first), [name for name in first if first[name] is not second[name]]
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def loaded_by(module: str) -> set[str]:
    """The modules that a fresh interpreter holds after importing this one."""
    code = f"import sys, {module}; print(*(name for name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_the_engine_loads_nothing_heavy():
    loaded = loaded_by("kl_engine")
    assert "kl_engine.divergences.line" in loaded
    assert not within(loaded, "sympy", "scipy", "pandas", "streamlit", "altair")
    assert not within(loaded, "kl_engine.objectives", "kl_engine.symbolic")


# What a page of a browser does not have (Pyodide runs the engine there); a lock is there, though nobody waits for it.
NOT_IN_A_BROWSER = (
    *("asyncio", "concurrent", "ctypes", "fcntl", "http", "mmap", "multiprocessing", "os", "pathlib", "resource"),
    *("select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "urllib"),
)
ON_A_DISK = {"open", "tofile", "fromfile", "memmap", "savetxt", "loadtxt", "genfromtxt"}


def outside_a_browser(path: Path) -> list[str]:
    """Threads, sockets, processes and files that a module asks for."""
    found = within(imports(path), *NOT_IN_A_BROWSER) - {"threading", "threading.Lock", "threading.RLock"}
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    names = {call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls}
    return sorted(found | names & (ON_A_DISK | {"Thread", "Timer"}))


def test_the_engine_needs_no_thread_no_socket_no_process_and_no_file():
    assert not {module_name(path): found for path in sources("kl_engine") if (found := outside_a_browser(path))}


def test_a_module_that_opens_a_file_is_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "reader.py").write_text("from socket import socket\nimport threading\nopen('x')\nthreading.Thread()\n")
    assert outside_a_browser(tmp_path / "reader.py") == ["Thread", "open", "socket", "socket.socket"]


def test_the_frame_of_the_home_page_stands_before_the_engine_is_loaded():
    body = ast.parse((ROOT / "app.py").read_text(encoding="utf-8")).body
    places = [i for i, part in enumerate(body) if isinstance(part, ast.Import | ast.ImportFrom)]
    *early, engine, view = places
    assert (engine, view) == (len(body) - 3, len(body) - 2)  # imported last of all, just before the view is drawn
    for i in early:
        names = {alias.name for alias in body[i].names} if isinstance(body[i], ast.Import) else {body[i].module}
        if names == {"pages.ui"}:
            names = {f"pages.ui.{alias.name}" for alias in body[i].names}
        for name in names - {"streamlit"}:
            assert not within(loaded_by(name), "kl_engine", "numpy", "pandas", "altair"), name


AT_ONCE = """
import ast, sys, threading
from pathlib import Path

import streamlit

sys.setswitchinterval(1e-4)
scripts = [Path("app.py"), *sorted(Path("pages").glob("*.py"))]
start, faults = threading.Barrier(len(scripts)), []

def open_page(script):
    body = ast.parse(script.read_text("utf-8")).body
    imports = [part for part in body if isinstance(part, ast.Import | ast.ImportFrom)]
    code = compile(ast.Module(imports, []), str(script), "exec")
    start.wait()
    try:
        exec(code, {})
    except Exception as fault:
        faults.append((str(script), fault))

threads = [threading.Thread(target=open_page, args=(script,)) for script in scripts]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(scripts) > 20 and not faults, faults
"""


def test_all_pages_can_be_opened_at_once_on_a_fresh_server():
    """A package that imports its modules must be imported before any of them is.

    Python locks a module while it imports it, and then its package. If another session is importing the package, which
    wants the module, each waits for the other; Python sees that, and lets one of them go on with half a module.
    """
    subprocess.run([sys.executable, "-c", AT_ONCE], cwd=ROOT, check=True)


ROLES_OF_A_VIEW = {"question", "scene", "charts", "words", "takeaway", "stage"}
TABLES_OF_VIEWS = {"presets", "stories", "datasets", "tables", "library_table", "old_faithful"}
LESSONS = "lessons"  # what the two pages of lessons, and the one that explores their forms, have in common
ARGUMENT = "argument"  # the claims, as data: one file a step of the argument, none of which knows a screen


def test_a_view_has_the_files_of_its_roles_and_imports_no_other_view():
    views = ROOT / "pages/ui/views"
    names = {
        path.stem
        for path in views.rglob("*.*")
        if path.parent.name not in (LESSONS, ARGUMENT) and "__pycache__" not in path.parts
    }
    assert names - {"__init__"} <= ROLES_OF_A_VIEW | TABLES_OF_VIEWS, names - ROLES_OF_A_VIEW - TABLES_OF_VIEWS
    strays = {
        (module_name(path), name)
        for path in sources("pages/ui/views")
        for name in within(imports(path), "pages.ui.views") - {"pages.ui.views"}
        if name.split(".")[3] not in (path.relative_to(views).parts[0], LESSONS)
    }
    assert not strays


def test_every_page_with_controls_asks_a_question():
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")} | {"home"}
    views = {path.name for path in (ROOT / "pages/ui/views").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert views - {LESSONS} == pages
    assert all((ROOT / "pages/ui/views" / name / "question.py").exists() for name in views)


def test_shared_views_import_no_page():
    pages = {module_name(page) for page in (ROOT / "pages").glob("*.py")}
    assert not {
        module_name(path)
        for path in sources("pages/ui")
        if imports(path) & pages or within(imports(path), "app", "tests")
    }


def test_charts_import_no_streamlit():
    charts = [path for path in sources("pages/ui") if path.name == "charts.py"]
    assert not any(within(imports(path), "streamlit") for path in charts)


def test_a_chart_comes_onto_a_page_only_as_a_picture_whose_data_are_those_it_reads():
    chart = re.compile(r"\b(vega_lite|altair|line|area|bar|scatter|plotly|bokeh|pydeck|graphviz)_chart\(|\.pyplot\(")
    using = [module_name(path) for path in SHIPPED if re.search(chart, path.read_text("utf-8"))]
    assert using == ["pages.ui.draw.specs"]


def test_results_are_kept_in_one_way():
    """By `kept`, `long` and `stoppable` of pages/ui/cache, which know equal questions to be one; never by Streamlit."""
    assert not [module_name(path) for path in SHIPPED if re.search(r"cache_(data|resource)", path.read_text("utf-8"))]


def test_no_text_becomes_code():
    offenders = []
    for path in SHIPPED:
        calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        names = {call.id for call in calls if isinstance(call, ast.Name)}
        methods = {call.attr for call in calls if isinstance(call, ast.Attribute)}
        if names & {"eval", "exec", "sympify", "parse_expr", "compile", "__import__"}:
            offenders.append(module_name(path))
        if methods & {"sympify", "parse_expr", "literal_eval", "S"}:
            offenders.append(module_name(path))
    assert not offenders


def constants(path: Path) -> list[tuple[str, str]]:
    """The module's constants of capital letters that are numbers, texts or calls: the name, and what it is set to."""
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if (
            isinstance(target, ast.Name)
            and target.id.isupper()
            and target.id[0] != "_"
            and not isinstance(node.value, ast.Dict | ast.Set)
        ):
            found.append((target.id, ast.unparse(node.value)))
    return found


def test_a_constant_of_the_engine_stands_in_one_place():
    """One name with one value in two modules is one meaning written twice: the next change will find one of them."""
    places: dict[tuple[str, str], list[str]] = {}
    for path in sources("kl_engine"):
        for constant in constants(path):
            places.setdefault(constant, []).append(module_name(path))
    assert {constant: found for constant, found in places.items() if len(found) > 1} == {}


def test_functions_stay_short():
    long = [
        f"{module_name(path)}.{node.name}"
        for path in [*SHIPPED, *sources("tests")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long


DOOR = "pages.ui.state.callbacks"  # the one module that hands callbacks to controls
CALLBACK = re.compile(r"on_(\w+_)?(click|change|submit|select|upload)")


def unguarded(path: Path) -> list[str]:
    """The callbacks that a module hands over otherwise than as `guarded(…)`, the function of the door, on the spot.

    What counts is the expression that is handed over, and that its `guarded` is imported from the door and is bound to
    nothing else: no name is looked up in another place, so none can be mistaken for its namesake.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bound = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == DOOR
        for alias in node.names
        if alias.name == "guarded"
    }
    others = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    others |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    others |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    door = bound - others if module_name(path) != DOOR else {"guarded"}

    def is_guarded(value: ast.expr) -> bool:
        if isinstance(value, ast.IfExp):
            return is_guarded(value.body) and is_guarded(value.orelse)
        if isinstance(value, ast.Constant):
            return value.value in ("ignore", None)
        return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in door

    handed = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and CALLBACK.fullmatch(node.arg or "")]
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and CALLBACK.fullmatch(str(node.value))]
    found = [f"{module_name(path)}:{node.value.lineno}" for node in handed if not is_guarded(node.value)]
    return found + [f"{module_name(path)}:{node.lineno}" for node in texts]  # a name in a text: for `**options`


def test_every_callback_goes_through_the_one_door():
    assert not [call for path in sources("app.py", "pages") for call in unguarded(path)]
