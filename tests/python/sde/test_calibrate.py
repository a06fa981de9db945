"""Maximum likelihood of the CIR model: the density is the exact one, and its parameters come back."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

import trimtab as tt
from trimtab.sde._bessel import LARGE, SMALL, log_ive
from trimtab.sde._calibrate import gradient, hessian, log_density

NAMES = ("a", "b", "sigma")


def scipy_law(x, dt, a, b, sigma):
    """The transition law as SciPy's noncentral chi-square."""
    scale = sigma**2 * -np.expm1(-a * dt) / (4 * a)
    return stats.ncx2(4 * a * b / sigma**2, x * np.exp(-a * dt) / scale, scale=scale)


def series(rng, n, x, dt, a, b, sigma):
    """Values of a path at spacings `dt`, drawn from the transition law."""
    values = [x]
    for h in np.broadcast_to(dt, n - 1):
        scale = sigma**2 * -np.expm1(-a * h) / (4 * a)
        values.append(scale * rng.noncentral_chisquare(4 * a * b / sigma**2, values[-1] * np.exp(-a * h) / scale))
    return np.array(values)


@pytest.mark.parametrize("order", [-0.999, -0.5, 0.0, 0.7, 3.0, 25.0, 39.9, 40.1, 60.0])
def test_bessel_functions_are_those_of_scipy(order):
    z = np.geomspace(SMALL / 30, 500, 400)
    expected = special.ive(order, z)
    held = expected > 1e-290
    assert held.sum() > 100
    expected = np.log(expected[held])
    np.testing.assert_allclose(log_ive(order, z[held]), expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("z", [1e-300, 1e-5, 1.0, 1e4, 1e11])
@pytest.mark.parametrize("order", [1.0, 35.0, 1e3, 1e6])
def test_bessel_functions_obey_their_recurrence_where_scipy_under_or_overflows(order, z):
    # I_(q-1) - I_(q+1) = 2 q / z I_q; the logarithms carry the rounding of numbers as large as they are
    below, middle, above = (log_ive(order + i, z) for i in (-1, 0, 1))
    assert np.isfinite([below, middle, above]).all()
    ratio = np.exp(below - middle) - np.exp(above - middle)
    rounding = 1e-14 * max(1, abs(middle), order) * np.exp(below - middle)
    assert ratio == pytest.approx(2 * order / z, rel=1e-13, abs=rounding)


def test_bessel_branches_meet():
    for order in (-0.9, 0.0, 5.0):
        for z in (SMALL, np.sqrt(LARGE**2 - order**2)):
            near, far = log_ive(order, z * (1 - 1e-15)), log_ive(order, z * (1 + 1e-15))
            assert near == pytest.approx(far, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("parameters", [(1, 1, 0.5), (1, 1, 2.2), (0.3, 5, 1.0), (2, 0.04, 0.3)])
def test_the_density_integrates_to_one(parameters):
    a, b, _ = parameters
    for x, dt in ((b, 0.25), (b / 10, 1.0), (3 * b, 0.05)):
        deviation, mean = scipy_law(x, dt, *parameters).std(), b + (x - b) * np.exp(-a * dt)

        def moment(power, x=x, dt=dt, deviation=deviation, mean=mean):
            # in s = log y: the density may be infinite at zero
            return integrate.quad(
                lambda s: np.exp(log_density(np.exp(s), x, dt, *parameters) + (1 + power) * s),
                -250,
                np.log(x + b + 90 * deviation),
                points=[np.log(b) - 8, np.log(mean)],
                limit=500,
                epsabs=1e-12,
                epsrel=1e-12,
            )[0]

        assert moment(0) == pytest.approx(1, abs=1e-9)
        assert moment(1) == pytest.approx(mean, rel=1e-9)


@given(a=st.floats(0.05, 5), b=st.floats(0.01, 10), s=st.floats(0.2, 2), x=st.floats(0.05, 4), z=st.floats(-3, 3))
def test_the_density_is_that_of_scipy(a, b, s, x, z):
    parameters, x = (a, b, s * np.sqrt(a * b)), x * b
    law = scipy_law(x, 0.3, *parameters)
    y = law.mean() + z * law.std()
    if y > 1e-6 * b:
        assert log_density(y, x, 0.3, *parameters) == pytest.approx(law.logpdf(y), rel=1e-9, abs=1e-9)


def test_a_short_step_has_the_normal_density_of_euler():
    a, b, sigma, x, dt = 0.5, 2.0, 0.3, 2.5, 1e-10
    deviation = sigma * np.sqrt(x * dt)
    y = x + deviation * np.linspace(-3, 3, 7)
    expected = stats.norm(x + a * (b - x) * dt, deviation).logpdf(y)
    np.testing.assert_allclose(
        log_density(y, x, dt, a, b, sigma), expected, atol=1e-3
    )  # of order sqrt(dt), and rounding


@pytest.mark.parametrize(
    ("parameters", "feller", "volatile"),
    [((1.0, 0.05, 0.1), True, False), ((2.0, 3.0, 4.0), False, False), ((1.0, 1.0, 2.2), False, True)],
)
def test_the_parameters_of_exact_paths_come_back(parameters, feller, volatile):
    rng, count = np.random.default_rng(5), 6
    all_series = [series(rng, 1500, parameters[1], 0.2, *parameters) for _ in range(count)]
    fits = [tt.sde.fit_cir(y, 0.2) for y in all_series]
    for name, value in zip(NAMES, parameters, strict=True):
        z = np.array([(fit[name] - value) / fit.standard_errors[name] for fit in fits])
        assert np.abs(z).max() < 5
        assert (z**2).sum() > stats.chi2(count).ppf(1e-4)  # the standard errors are not too large either
    truth = [log_density(y[1:], y[:-1], 0.2, *parameters).sum() for y in all_series]
    gain = [2 * (fit.log_likelihood - there) for fit, there in zip(fits, truth, strict=True)]
    assert min(gain) > 0
    assert stats.chi2(3 * count).ppf(1e-4) < sum(gain) < stats.chi2(3 * count).isf(1e-4)  # Wilks
    for fit in fits:
        assert fit.success
        assert (fit.n, fit.is_feller, fit.is_volatile) == (1500, feller, volatile)
        assert fit.model() == tt.sde.cir(fit.a, fit.b, fit.sigma)


def test_times_may_be_unequal():
    rng = np.random.default_rng(6)
    dt = rng.exponential(0.3, 1999) + 0.01
    y = series(rng, 2000, 1.0, dt, 1.0, 1.0, 1.0)
    fit = tt.sde.fit_cir(y, times=np.concatenate([[0], np.cumsum(dt)]))
    assert all(abs(fit[name] - 1) < 4 * fit.standard_errors[name] for name in NAMES)
    wrong = tt.sde.fit_cir(y, dt.mean())
    assert wrong.log_likelihood < fit.log_likelihood - 10
    equal = tt.sde.fit_cir(y, times=0.5 + 0.25 * np.arange(y.size))
    assert equal.log_likelihood == pytest.approx(tt.sde.fit_cir(y, 0.25).log_likelihood, rel=1e-12)


@pytest.fixture(scope="module")
def observed():
    return series(np.random.default_rng(7), 400, 0.03, 0.25, 0.8, 0.04, 0.12)


@pytest.mark.parametrize("unit", [100.0, 1e4, 1e-3])
def test_units_of_the_rates(observed, unit):
    one, other = tt.sde.fit_cir(observed, 0.25), tt.sde.fit_cir(unit * observed, 0.25)
    for fit in (one, other):
        assert fit.success
    powers = dict(zip(NAMES, (0, 1, 0.5), strict=True))
    for name, power in powers.items():
        # both are within 1e-4 standard errors of the maximum
        assert abs(other[name] / unit**power - one[name]) < 3e-4 * one.standard_errors[name]
        assert other.standard_errors[name] == pytest.approx(one.standard_errors[name] * unit**power, rel=1e-3)
    assert other.log_likelihood + (observed.size - 1) * np.log(unit) == pytest.approx(one.log_likelihood, rel=1e-9)


def test_units_of_time(observed):
    years, days = tt.sde.fit_cir(observed, 0.25), tt.sde.fit_cir(observed, 0.25 * 365)
    for name, power in zip(NAMES, (-1, 0, -0.5), strict=True):
        assert abs(days[name] / 365**power - years[name]) < 3e-4 * years.standard_errors[name]


def test_the_gradient_vanishes_at_the_maximum_and_the_covariance_is_that_of_the_curvature(observed):
    fit = tt.sde.fit_cir(observed, 0.25)
    point = np.log([fit[name] for name in NAMES])

    def loss(p):
        return -log_density(observed[1:], observed[:-1], 0.25, *np.exp(p)).sum()

    assert loss(point) == pytest.approx(-fit.log_likelihood, rel=1e-14)
    relative = np.sqrt(np.diag(fit.covariance)) / np.exp(point)
    h = 1e-4 * relative
    slopes = [(loss(point + e) - loss(point - e)) / (2 * k) for k, e in zip(h, np.diag(h), strict=True)]
    assert np.abs(slopes * relative).max() < 1e-3  # in standard errors, where the likelihood falls by 1/2 for one
    for step in 0.5 * np.linalg.cholesky(fit.covariance).T / np.exp(point):
        assert loss(point + step) + loss(point - step) - 2 * loss(point) == pytest.approx(0.25, rel=0.1)


def test_differences_of_a_quadratic_are_exact():
    matrix = np.array([[4.0, 1, 0], [1, 3, -1], [0, -1, 2]])
    point = np.array([1.0, 2, 3])
    np.testing.assert_allclose(gradient(lambda p: p @ matrix @ p / 2, point), matrix @ point, rtol=1e-11)
    np.testing.assert_allclose(hessian(lambda p: p @ matrix @ p / 2, point), matrix, atol=1e-8)


def test_a_series_without_a_mean_is_reported():
    fit = tt.sde.fit_cir(np.exp(np.linspace(0, 3, 50)) * (1 + 0.01 * np.cos(np.arange(50))), 1.0)
    assert not fit.success
    assert "no maximum" in fit.message
    assert all(np.isnan(x) for x in fit.standard_errors.values())


def test_a_fit_prints_itself(observed):
    text = repr(tt.sde.fit_cir(observed, 0.25))
    assert text.startswith("CirFit\n")
    assert "no path reaches zero" in text


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"rates": [1, 2, 0, 3, 1]}, ValueError, "rates: expected numbers > 0, got 0.0 at index 2"),
        ({"rates": [1, 2, 3, -1e-9, 1]}, ValueError, "rates: expected numbers > 0, got -1e-09 at index 3"),
        ({"rates": [1, np.nan, 2, 3]}, ValueError, "rates: expected finite numbers, got nan at index 1"),
        ({"rates": [1, 2, 3]}, ValueError, "rates: expected a series of 4 values at least, got shape (3,)"),
        ({"rates": [[1, 2], [3, 4]]}, ValueError, "rates: expected a series of 4 values at least, got shape (2, 2)"),
        ({"rates": [2, 2, 2, 2]}, ValueError, "rates: expected values that differ, got 2.0 throughout"),
        ({"rates": "abc"}, TypeError, "rates: expected real numbers"),
        ({"dt": 0}, ValueError, "dt: expected a number in (0, inf), got 0.0"),
        ({"dt": -1}, ValueError, "dt: expected a number in (0, inf), got -1.0"),
        ({"dt": None}, ValueError, "dt: expected either dt or times, got neither"),
        ({"times": [0, 1, 2, 3, 4]}, ValueError, "dt: expected either dt or times, got both"),
        ({"dt": None, "times": [0, 1, 2]}, ValueError, "times: expected shape (5,), got (3,)"),
        (
            {"dt": None, "times": [0, 1, 1, 2, 3]},
            ValueError,
            "times: expected ascending numbers, got a step of 0.0 to index 2",
        ),
    ],
)
def test_bad_series(given, error, words):
    arguments = {"rates": [1, 2, 3, 2, 1], "dt": 0.25} | given
    with pytest.raises(error, match=re.escape(words)):
        tt.sde.fit_cir(**arguments)
