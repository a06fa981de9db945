import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from python.core.levels import outputs_of_every_level
from trimtab import _core

fft = _core.fft

LENGTHS = sorted(
    2**a * 3**b * 5**c for a, b, c in itertools.product(range(14), range(9), range(6)) if 2**a * 3**b * 5**c <= 8192
)
PRECISIONS = {np.complex64: np.float32, np.complex128: np.float64, np.clongdouble: np.longdouble}

shapes = st.builds(lambda rows, n: (rows, n), st.integers(0, 20), st.sampled_from(LENGTHS))


def complex_numbers(shape, dtype=np.complex128, seed=0):
    x = np.random.default_rng(seed).standard_normal((*shape, 2))
    return (x[..., 0] + 1j * x[..., 1]).astype(dtype)


def allowed(n, dtype):
    """Root-mean-square error relative to the size of the numbers: epsilon (1 + log2 n)."""
    return np.finfo(dtype).eps * (1 + np.log2(n))


def error(result, expected):
    """Relative error in the 2-norm; an empty result has none."""
    size = np.linalg.norm(expected)
    return np.linalg.norm(result - expected) / size if size > 0 else np.linalg.norm(result)


@settings(deadline=None)
@given(shapes)
def test_complex_rows_agree_with_numpy(shape):
    x = complex_numbers(shape)
    out = np.empty_like(x)
    fft.fft(x, out, 1)
    assert error(out, np.fft.fft(x)) <= allowed(shape[1], float)
    fft.ifft(x, out, 1)
    assert error(out, np.fft.ifft(x)) <= allowed(shape[1], float)


@settings(deadline=None)
@given(shapes)
def test_real_rows_agree_with_numpy(shape):
    x = complex_numbers(shape).real.copy()
    out = np.empty((shape[0], shape[1] // 2 + 1), complex)
    fft.rfft(x, out, 1)
    assert error(out, np.fft.rfft(x)) <= allowed(shape[1], float)
    back = np.empty_like(x)
    fft.irfft(out, back, 1)
    assert error(back, x) <= 2 * allowed(shape[1], float)


@settings(deadline=None)
@given(shapes, st.sampled_from(list(PRECISIONS)), st.integers(2, 4))
def test_precisions_and_threads(shape, dtype, threads):
    x = complex_numbers(shape, dtype)
    out, threaded = np.empty_like(x), np.empty_like(x)
    fft.fft(x, out, 1)
    fft.fft(x, threaded, threads)
    assert np.array_equal(out, threaded)
    back = np.empty_like(x)
    fft.ifft(out, back, threads)
    assert error(back, x) <= 2 * allowed(shape[1], dtype)
    if dtype != np.clongdouble:
        assert error(out, np.fft.fft(x.astype(np.complex128))) <= allowed(shape[1], dtype)


@pytest.mark.parametrize("n", [2**10, 2**14, 3**8, 5**5, 6000])
@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
def test_error_is_a_few_epsilons(n, dtype):
    x = complex_numbers((n,), dtype)
    exact, out = np.empty(n, np.clongdouble), np.empty_like(x)
    fft.fft(x.astype(np.clongdouble), exact, 1)
    fft.fft(x, out, 1)
    assert error(out, exact) <= 0.2 * np.finfo(dtype).eps * np.log2(n)


def test_an_impulse_gives_the_roots_of_unity():
    """Every number is then one root, or a product of roots of the passes."""
    x, out = np.zeros(1000, complex), np.empty(1000, complex)
    x[1] = 1
    fft.fft(x, out, 1)
    turns = np.arange(1000, dtype=np.longdouble) / 1000
    assert np.abs(out - np.exp(-2j * np.longdouble("3.14159265358979323846") * turns)).max() < 2 * np.finfo(float).eps


def test_any_number_of_dimensions_and_in_place():
    x = complex_numbers((3, 4, 5))
    expected = np.fft.fft(x)
    fft.fft(x, x, 1)
    assert error(x, expected) <= allowed(5, float)


def test_every_level_gives_the_same_bits():
    script = f"""
import hashlib
import numpy as np
from trimtab import _core

digest = hashlib.sha256()
generator = np.random.default_rng(3)
for n in {[*LENGTHS[:120], 2187, 3125, 4096, 6000, 1 << 20]}:
    for dtype in (np.float32, np.float64, np.longdouble):
        for rows in (1, 11) if n <= 300 else (1,):
            x = generator.standard_normal((rows, n)).astype(dtype)
            spectrum = np.empty((rows, n // 2 + 1), (1j * x[:0]).dtype)
            full = np.empty((rows, n), spectrum.dtype)
            back = np.empty_like(x)
            _core.fft.rfft(x, spectrum, 2)
            _core.fft.irfft(spectrum, back, 2)
            _core.fft.fft(x + 1j * x[:, ::-1], full, 2)
            for a in (spectrum, back, full):
                digest.update(a.astype(a.dtype if a.dtype.itemsize < 16 else complex).tobytes())
print(_core.core.isa_level(), digest.hexdigest())
"""
    outputs = outputs_of_every_level(script)
    assert {level: text.split()[0] for level, text in outputs.items()} == {level: level for level in outputs}
    assert len({text.split()[1] for text in outputs.values()}) == 1


def test_next_fast_length():
    assert [fft.next_fast_length(n) for n in (0, 1, 7, 8, 121, 1001, 4097, 10**6 + 1)] == [
        *(1, 1, 8, 8, 125, 1024, 4320, 1012500),
    ]


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (7, "n: expected a product of twos, threes and fives, such as 8, got 7"),
        (1022, "such as 1024, got 1022"),
        (0, "n: expected a product of twos, threes and fives, such as 1, got 0"),
    ],
)
def test_other_lengths_are_refused(n, words):
    x = np.zeros(n, complex)
    with pytest.raises(ValueError, match=words):
        fft.fft(x, x.copy(), 1)


def test_arrays_that_do_not_fit_are_refused():
    x = np.zeros((3, 8), complex)
    with pytest.raises(ValueError, match="out: expected 3 rows of 8 numbers, got 16 numbers"):
        fft.fft(x, np.zeros((2, 8), complex), 1)
    with pytest.raises(ValueError, match="out: expected 3 rows of 5 numbers"):
        fft.rfft(x.real.copy(), np.zeros((3, 8), complex), 1)
    with pytest.raises(ValueError, match="out: expected an array that does not overlap"):
        fft.fft(x[:2], x[1:], 1)
    with pytest.raises(ValueError, match="x: expected at least one dimension"):
        fft.fft(np.zeros((), complex), np.zeros((), complex), 1)
    with pytest.raises(ValueError, match="threads: expected an integer from 1 to 4096"):
        fft.fft(x, x, -1)
    frozen = x.copy()
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="not writeable"):
        fft.fft(x, frozen, 1)
    with pytest.raises(TypeError):
        fft.fft(x[:, ::2], x[:, ::2].copy(), 1)
