"""Case files: the ones we ship, and the errors of the others."""

from pathlib import Path

import numpy as np
import pytest

from trimtab.cli.case import CaseError, load_case
from trimtab.cli.expression import evaluate

CASES = Path(__file__).parents[3] / "examples" / "cases"
SOD = (CASES / "sod.toml").read_text()


def write(folder, text):
    path = folder / "case.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("path", sorted(CASES.glob("*.toml")), ids=lambda p: p.stem)
def test_shipped_cases_are_valid_and_start(path):
    case = load_case(path)
    solver = case.make_solver()
    assert solver.run(case.t_end, max_steps=5).status == "max_steps"


def test_all_promised_cases_are_there():
    names = (
        "sod lax toro2 toro3 toro5 leblanc shu_osher titarev_toro blast moving_contact burgers dam_break smooth_wave"
    )
    assert {p.stem for p in CASES.glob("*.toml")} >= set(names.split())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'law = "euler"',
            'law = "mhd"',
            "law: input should be 'euler', 'advection', 'burgers' or 'shallow_water', got 'mhd'",
        ),
        ("shape = 200", "shape = 5", "shape: input should be greater than or equal to 6, got 5"),
        ("shape = 200", 'shape = "many"', "shape: input should be a valid integer.*, got 'many'"),
        ("t_end = 0.2", "t_end = -1.0", "t_end: input should be greater than 0, got -1.0"),
        ("t_end = 0.2", "", "t_end: field required"),
        ("t_end = 0.2", "t_end = 0.2\ntend = 3", "tend: extra inputs are not permitted"),
        (
            "t_end = 0.2",
            "t_end = 0.2\n[solver]\ntol = -1.0",
            "solver.tol: input should be greater than or equal to 0, got -1.0",
        ),
        ("t_end = 0.2", "t_end = 0.2\n[solver]\nscheme = 'weno'", "solver.scheme: input should be 'adaptive', 'aweno'"),
        ("gamma = 1.4", "gamma = 0.9", "gamma: expected a number in"),
        ('bc = "outflow"', 'bc = ["periodic", "outflow"]', "bc: periodic must be on both sides or on none"),
        ('bc = "outflow"', 'bc = "wall"', "bc.*got 'wall'"),
        ("until = 0.5", "", "region: every region but the last one needs `until`"),
        ("rho = 0.125", "density = 0.125", "region 2: euler takes rho, v, p, got density, v, p"),
        ("rho = 0.125", "rho = -0.125", "rho: expected positive numbers, got -0.125 at index 100"),
        ("rho = 0.125", 'rho = "1 + x"', "exact: 'riemann' needs regions of plain numbers, not formulas"),
        ("rho = 0.125", "rho = [1]", "region.1.rho.*got"),
        ('law = "euler"', 'law = euler"', "not valid TOML"),
        ('exact = "riemann"', 'exact = "characteristics"', "exact: 'characteristics' is for burgers, not for euler"),
    ],
)
def test_bad_cases_name_file_key_value_and_what_is_allowed(tmp_path, old, new, words):
    assert old in SOD
    path = write(tmp_path, SOD.replace(old, new, 1))
    with pytest.raises(CaseError, match=words) as caught:
        load_case(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    ("formula", "words"),
    [("1 + y", r"unknown name 'y' in '1 \+ y'; known are pi, x"), ("1 +", r"'1 \+' is not a formula")],
)
def test_bad_formulas_are_named(tmp_path, formula, words):
    text = SOD.replace('exact = "riemann"', "").replace("rho = 0.125", f"rho = {formula!r}")
    with pytest.raises(CaseError, match=words):
        load_case(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CaseError, match=r"none\.toml: No such file"):
        load_case(tmp_path / "none.toml")


def test_formulas_can_do_no_harm():
    x = np.zeros(3)
    for text in ("__import__('os').system('true')", "x.__class__", "open('f')", "[1 for _ in x]"):
        with pytest.raises(ValueError, match=r"is not a formula|unknown name"):
            evaluate(text, x)


def test_formulas_and_numbers_fill_the_shape():
    x = np.linspace(0, 1, 5)
    assert evaluate("where(x < 0.5, 1, sin(pi*x))", x) == pytest.approx(np.where(x < 0.5, 1, np.sin(np.pi * x)))
    assert evaluate(2, x) == pytest.approx(np.full(5, 2.0))


def test_inflow_sides(tmp_path):
    text = SOD.replace('bc = "outflow"', 'bc = [{inflow = {rho = 1.0, v = 0.0, p = 1.0}}, "outflow"]')
    case = load_case(write(tmp_path, text))
    plain = load_case(CASES / "sod.toml")
    assert np.allclose(case.make_solver().run(0.1).rho, plain.make_solver().run(0.1).rho, rtol=1e-12)
    with pytest.raises(CaseError, match="bc: an Inflow of this law takes rho, v, p, got rho"):
        load_case(write(tmp_path, SOD.replace('bc = "outflow"', 'bc = [{inflow = {rho = 1.0}}, "outflow"]')))


def test_exact_solutions_satisfy_their_law():
    for name, variable in (("sod", "rho"), ("dam_break", "h"), ("smooth_wave", "rho")):
        case = load_case(CASES / f"{name}.toml")
        solver = case.make_solver()
        result = solver.run(case.t_end)
        exact = case.exact_solution(result.x, case.t_end)[variable]
        assert abs(result[variable] - exact).mean() < 3e-3


def test_burgers_characteristics(tmp_path):
    text = (CASES / "burgers.toml").read_text().replace("t_end = 0.55", 't_end = 0.2\nexact = "characteristics"')
    case = load_case(write(tmp_path, text))
    result = case.make_solver().run(0.2)
    assert abs(result.u - case.exact_solution(result.x, 0.2)["u"]).max() < 1e-5
