from __future__ import annotations
import numpy
import numpy.typing
import trimtab._core.sde
import typing
__all__: list[str] = ['Adjoint', 'stability_size']
class Adjoint:
    def __init__(self, method: str, f: typing.Any, g: typing.Any, noise: typing.SupportsInt | typing.SupportsIndex, noise_dim: typing.SupportsInt | typing.SupportsIndex, diagonal: bool, matrix: bool, single: bool, y0: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], t: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], h: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], ticks: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], begin: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], lane: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], index: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], theta: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], values: typing.SupportsInt | typing.SupportsIndex, tree: trimtab._core.sde.BrownianTree | None, paths: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], rtol: typing.SupportsFloat | typing.SupportsIndex, atol: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], checkpoints: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def forward(self) -> tuple:
        ...
    def reverse(self, saved: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], error: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], stiffness: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], drift_product: typing.Any, diffusion_product: typing.Any) -> numpy.typing.NDArray[numpy.float64]:
        ...
def stability_size(method: str) -> float:
    ...
