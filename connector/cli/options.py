"""Options that several commands share: a decorator adds them, and takes them before the command is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any


def with_options(
    asked: Callable[..., Any],
    command: Callable[..., Any],
    options: Mapping[str, Any],
    instead_of: frozenset[str] = frozenset(),
) -> Any:  # noqa: ANN401 - a function that is described as another one
    """Describe ``asked``, which calls ``command``, to typer: as the command, and with more options.

    ``options`` are annotations by name, each with its default; ``instead_of`` names the parameters of the
    command that are no options, because ``asked`` fills them in.
    """
    plain = inspect.signature(command, eval_str=True)  # as typer does, which finds it evaluated
    kept = [one for name, one in plain.parameters.items() if name not in instead_of]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in options.items()
    ]
    described: Any = asked
    described.__signature__ = plain.replace(parameters=[*kept, *added])
    annotations = {name: one for name, one in command.__annotations__.items() if name not in instead_of}
    described.__annotations__ = {**annotations, **{name: one for name, (one, _default) in options.items()}}
    return described
