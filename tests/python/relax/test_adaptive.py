"""AdaptiveSOR: what it chooses, what it keeps, and how it goes on."""

import numpy as np
import pytest
import scipy.sparse as sp
from relax_problems import Heat, golden_rhs, laplacian

import trimtab as tt
from trimtab.relax import AdaptiveSOR


def shifted(t):
    """The systems A + c I of the golden cases, c from nearly singular to dominant."""
    return laplacian(10, shift=float(np.random.default_rng(t).uniform(-0.05, 0.4)))


def total(solver, systems):
    for t in range(systems):
        solver.solve(shifted(t), golden_rhs(100))
    return solver.history()


@pytest.mark.parametrize("method", ["sor", "ssor-pcg", "rb-sor"])
def test_the_measured_gap_gives_the_best_omega_of_every_system(method):
    history = total(AdaptiveSOR(method, learn="measured"), 30)
    assert history["arm"][0] == -1
    best = [
        tt.relax.omega_opt((4 / (4 + A.coefficients[2] - 4)) * np.cos(np.pi / 11)) for A in map(shifted, range(1, 30))
    ]
    # the radius itself is found to the accuracy of the Ritz value
    assert history["omega"][1:] == pytest.approx(best, rel=1e-6)


def test_counts_with_the_measured_gap_are_those_of_the_exact_one():
    history = total(AdaptiveSOR("sor", learn="measured"), 40)
    exact = []
    for t in range(1, 40):
        A = shifted(t)
        omega = tt.relax.omega_opt(4 / A.coefficients[2] * np.cos(np.pi / 11))
        exact.append(tt.relax.sor(A, golden_rhs(100), omega=omega).nit)
    assert history["iterations"][1:].sum() <= 1.005 * sum(exact)


def test_without_learning_it_is_the_plain_solver():
    solver = AdaptiveSOR(learn="off", omega=1.4)
    x, info = solver.solve(laplacian(20), golden_rhs(400))
    plain = tt.relax.ssor_pcg(laplacian(20), golden_rhs(400), omega=1.4)
    assert np.array_equal(x, plain.x)
    assert (info.iterations, info.omega, info.residual) == (plain.nit, 1.4, plain.residual)
    assert solver.ledger is None


def test_easy_systems_are_not_measured():
    heat, solver = Heat(25), AdaptiveSOR(learn="measured")
    for step in range(700):
        A, b = heat.system(step)
        heat.u, _ = solver.solve(A, b, x0=heat.u)
    history = solver.history()
    measured = np.flatnonzero(history["arm"] == -1)
    assert 0 < len(measured) <= 4
    assert measured[0] > 500  # the conductivity is low in the first half of the period
    assert not history["iterations"][-1] > 15


def varied(seed, systems=150):
    """I + g K for one lognormal conductivity, with g over four decades."""
    rng = np.random.default_rng(seed)
    k = np.exp(rng.standard_normal((24, 24)))
    for g in 10 ** rng.uniform(-1.5, 2.5, systems):
        yield tt.relax.Stencil2D.diffusion(k, scale=g / k.mean(), shift=1.0), rng.standard_normal((24, 24))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_learned_gaps_come_close_to_the_best_omega_of_every_system(seed):
    solver, best, reference = AdaptiveSOR(seed=seed), [], []
    for A, b in varied(seed):
        solver.solve(A, b)
        counts = [tt.relax.ssor_pcg(A, b, omega=w).nit for w in np.linspace(1, 1.9, 10)]
        best.append(min(counts))
        reference.append(counts[0])
    history, ledger = solver.history(), solver.ledger
    assert history["iterations"].sum() <= 1.1 * sum(best)
    assert ledger.spent == history["iterations"].sum()
    assert ledger.spent <= ledger.bound
    assert ledger.baseline <= 1.02 * sum(reference)


def test_beyond_the_norm_the_measured_gap_is_found():
    shifts = np.random.default_rng(0).uniform(-0.05, 0.4, 300)
    solver, exact = AdaptiveSOR("sor", seed=1), []
    for c in shifts:
        A = laplacian(10, shift=float(c))
        solver.solve(A, golden_rhs(100))
        omega = tt.relax.omega_opt(4 / (4 + c) * np.cos(np.pi / 11))
        exact.append(tt.relax.sor(A, golden_rhs(100), omega=omega).nit)
    history = solver.history()
    assert (history["arm"] == -1).sum() == 1
    beyond = history[50:][shifts[50:] < 0]
    assert (beyond["arm"] == 11).mean() > 0.9
    assert history["iterations"][50:].sum() <= 1.1 * sum(exact[50:])


@pytest.mark.parametrize("learn", ["gap", "omega", "chebcb"])
def test_seeds_decide_and_threads_do_not(learn):
    runs = []
    for seed, threads in ((5, 1), (5, 2), (6, 1)):
        solver = AdaptiveSOR(learn=learn, seed=seed, threads=threads, context=(0, 1) if learn == "chebcb" else None)
        for i, (A, b) in enumerate(varied(0, 40)):
            solver.solve(A, b, context=i / 40 if learn == "chebcb" else None)
        runs.append(solver.history()["arm"].tolist())
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize("learn", ["gap", "omega", "chebcb"])
def test_a_loaded_learner_makes_the_same_choices(learn, tmp_path):
    options = {"context": (0, 1)} if learn == "chebcb" else {}
    systems = [(laplacian(10, shift=float(c)), golden_rhs(100)) for c in np.random.default_rng(2).uniform(-0.05, 1, 60)]
    first = AdaptiveSOR("sor", learn=learn, seed=3, **options)

    def play(solver, part):
        for i, (A, b) in enumerate(part):
            solver.solve(A, b, context=i / 60 if options else None)

    play(first, systems[:30])
    first.save(tmp_path / "state.npz")
    second = AdaptiveSOR.load(tmp_path / "state.npz")
    play(first, systems[30:]), play(second, systems[30:])
    assert first.history()["omega"].tolist() == second.history()["omega"].tolist()
    assert first.ledger == second.ledger


def test_history_and_decisions_tell_the_same():
    solver = AdaptiveSOR("sor", learn="measured")
    history = total(solver, 5)
    assert history["t"].tolist() == list(range(5))
    assert np.array_equal(solver.decisions["iterations"], history["iterations"])
    assert "5 systems" in repr(solver)


@pytest.mark.parametrize("options", [{"learn": "measured"}, {"learn": "off", "omega": 1.3}, {"learn": "rate"}])
def test_a_loaded_solver_goes_on_as_if_nothing_had_been(options, tmp_path):
    whole, first = AdaptiveSOR("sor", **options), AdaptiveSOR("sor", **options)
    total(whole, 6)
    for t in range(3):
        first.solve(shifted(t), golden_rhs(100))
    first.save(tmp_path / "state")
    second = AdaptiveSOR.load(tmp_path / "state")
    for t in range(3, 6):
        second.solve(shifted(t), golden_rhs(100))
    assert np.array_equal(second.history()["iterations"], whole.history()["iterations"])
    assert np.array_equal(second.history()["omega"], whole.history()["omega"])


def test_obstacle_problems_take_a_floor():
    solver = AdaptiveSOR("psor", learn="off", omega=1.5)
    floor = np.full(400, -0.1)
    x, info = solver.solve(laplacian(20), golden_rhs(400), floor=floor)
    assert info.success
    assert np.array_equal(x, tt.relax.psor(laplacian(20), golden_rhs(400), floor, omega=1.5).x)
    with pytest.raises(ValueError, match="floor: expected an array with method='psor'"):
        solver.solve(laplacian(20), golden_rhs(400))


def test_measuring_needs_a_symmetric_matrix():
    A = tt.relax.Stencil2D((20, 20), [[0, -1, 0], [-1.3, 4, -0.7], [0, -1, 0]])
    solver = AdaptiveSOR("sor", learn="measured")
    with pytest.raises(ValueError, match="A: not symmetric"):
        solver.solve(A, golden_rhs(400))


def test_a_failing_factor_is_repeated_with_the_reference():
    # SOR converges for omega = 1 (the rows dominate) and diverges for large ones
    rng = np.random.default_rng(0)
    dense = rng.standard_normal((30, 30))
    np.fill_diagonal(dense, 1.2 * abs(dense).sum(axis=1))
    solver = AdaptiveSOR("sor", learn="off", omega=1.95)
    x, info = solver.solve(sp.csr_array(dense), np.ones(30))
    assert info.success
    assert np.abs(dense @ x - 1).max() < 1e-7
    assert info.iterations > tt.relax.sor(dense, np.ones(30), omega=1.0).nit


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "amg"}, "method: expected one of 'ssor-pcg', 'sor', 'psor', 'rb-sor', got 'amg'"),
        ({"learn": "magic"}, "learn: expected one of"),
        ({"learn": "off"}, "omega: expected a factor with learn='off'"),
        ({"learn": "measured", "omega": 1.5}, "omega: expected a factor with learn='off' and none otherwise, got 1.5"),
        ({"learn": "off", "omega": 2.5}, "omega: expected a number in"),
        ({"learn": "chebcb"}, "context: expected"),
        ({"method": "psor", "learn": "measured"}, "learn: expected another than 'measured' for psor"),
        ({"learn": "rate"}, "learn: expected 'rate' only with method 'sor' or 'rb-sor', .*, got 'ssor-pcg'"),
        (
            {"method": "psor", "learn": "rate"},
            "learn: expected 'rate' only with method 'sor' or 'rb-sor', .*, got 'psor'",
        ),
        ({"learn": "measured", "seed": -1}, "seed: expected an integer >= 0"),
    ],
)
def test_bad_options_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        AdaptiveSOR(**options)


def test_states_of_another_kind_are_refused(tmp_path):
    np.savez(tmp_path / "other.npz", a=1)
    with pytest.raises(ValueError, match="expected the format 'trimtab adaptive SOR 3', got 'none'"):
        AdaptiveSOR.load(tmp_path / "other.npz")
    AdaptiveSOR(seed=1).save(tmp_path / "state.npz")
    with np.load(tmp_path / "state.npz") as file:
        parts = dict(file)
    np.savez(tmp_path / "old.npz", **parts | {"format": "trimtab adaptive SOR 2"})
    with pytest.raises(ValueError, match="expected the format 'trimtab adaptive SOR 3', got 'trimtab adaptive SOR 2'"):
        AdaptiveSOR.load(tmp_path / "old.npz")
    np.savez(
        tmp_path / "arms.npz", **parts | {"head": np.array(str(parts["head"]).replace('"arms": 12', '"arms": 10'))}
    )
    with pytest.raises(ValueError, match="state has 10 arms, solver has 12"):
        AdaptiveSOR.load(tmp_path / "arms.npz")


def sparse(stencil):
    indptr, indices, data = stencil.to_csr()
    return sp.csr_array((data, indices, indptr))


@pytest.mark.parametrize("method", ["ssor-pcg", "sor", "psor"])
def test_columns_get_the_numbers_of_single_solves_and_cost_what_the_dearest_does(method):
    plain = {"sor": tt.relax.sor, "ssor-pcg": tt.relax.ssor_pcg, "psor": tt.relax.psor}[method]
    A = sparse(laplacian(20, shift=0.1))
    b = np.random.default_rng(5).standard_normal((400, 6)) * 10.0 ** -np.arange(6)
    floor = np.full_like(b, -0.1)
    solver, alike = AdaptiveSOR(method, seed=3, atol=1e-7), 0
    for _ in range(8):
        x, info = solver.solve(A, b, **({"floor": floor} if method == "psor" else {}))
        assert info.success
        if info.omega > 1:
            alone = [
                plain(A, b[:, k], *([floor[:, k]] if method == "psor" else []), omega=info.omega, atol=1e-7)
                for k in range(6)
            ]
            if max(a.nit for a in alone) == info.iterations:  # no column was given up
                assert np.array_equal(x, np.stack([a.x for a in alone], axis=1))
                alike += 1
    assert alike > 0


def test_a_column_that_is_given_up_goes_on_by_itself():
    A = sparse(laplacian(12))
    smooth = np.outer(np.sin(np.pi * np.arange(1, 13) / 13), np.sin(np.pi * np.arange(1, 13) / 13)).ravel()
    b = np.stack([smooth, np.eye(144)[0]], axis=1)
    solver = AdaptiveSOR("sor", learn="omega", seed=0)
    for _ in range(60):
        x, info = solver.solve(A, b)
        assert info.success
        assert np.linalg.norm(A @ x - b, axis=0).max() <= 1e-8 * (1 + 1e-6) * np.linalg.norm(b, axis=0).max()
    history = solver.history()
    slowest = [tt.relax.sor(A, b[:, 0], omega=omega).nit for omega in history["omega"]]
    assert (history["iterations"] != slowest).any()  # someone was given up
