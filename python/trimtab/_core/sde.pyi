from __future__ import annotations
import numpy
import numpy.typing
import typing
__all__: list[str] = ['BrownianTree', 'grid', 'increments', 'node']
class BrownianTree:
    def __init__(self, seed: typing.SupportsInt | typing.SupportsIndex, t0: typing.SupportsFloat | typing.SupportsIndex, t1: typing.SupportsFloat | typing.SupportsIndex, dim: typing.SupportsInt | typing.SupportsIndex, levy: typing.SupportsInt | typing.SupportsIndex, depth: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
@typing.overload
def grid(tree: BrownianTree, level: typing.SupportsInt | typing.SupportsIndex, paths: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], out: list[numpy.typing.NDArray[numpy.float64]], threads: typing.SupportsInt | typing.SupportsIndex) -> None:
    ...
@typing.overload
def grid(tree: BrownianTree, level: typing.SupportsInt | typing.SupportsIndex, paths: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], out: list[numpy.typing.NDArray[numpy.float32]], threads: typing.SupportsInt | typing.SupportsIndex) -> None:
    ...
@typing.overload
def increments(tree: BrownianTree, paths: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], s: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], t: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], out: list[numpy.typing.NDArray[numpy.float64]], threads: typing.SupportsInt | typing.SupportsIndex) -> None:
    ...
@typing.overload
def increments(tree: BrownianTree, paths: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], s: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], t: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], out: list[numpy.typing.NDArray[numpy.float32]], threads: typing.SupportsInt | typing.SupportsIndex) -> None:
    ...
@typing.overload
def node(tree: BrownianTree, level: typing.SupportsInt | typing.SupportsIndex, index: typing.SupportsInt | typing.SupportsIndex, paths: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], out: list[numpy.typing.NDArray[numpy.float64]], threads: typing.SupportsInt | typing.SupportsIndex) -> None:
    ...
@typing.overload
def node(tree: BrownianTree, level: typing.SupportsInt | typing.SupportsIndex, index: typing.SupportsInt | typing.SupportsIndex, paths: typing.Annotated[numpy.typing.ArrayLike, numpy.uint64], out: list[numpy.typing.NDArray[numpy.float32]], threads: typing.SupportsInt | typing.SupportsIndex) -> None:
    ...
