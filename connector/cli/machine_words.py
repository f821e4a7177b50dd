"""The words of what this machine does not let the program do: ports, units, a second schedule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive_store.texts import _
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation
from connector.schedule.alone import ScheduleRunning


@dataclass
class ForeignUnit(Exception):
    """Where a unit is to be written lies a file that this archive did not write."""

    path: Path


@dataclass
class PortNotFree(Exception):
    """The sandbox cannot listen on its port."""

    port: int


def _port_not_free(error: PortNotFree) -> Explanation:
    return Explanation(
        _("Port {port} cannot be used: another program has it, or it is reserved.").format(port=error.port),
        _("Name another by the option --port, or leave the option out."),
        ExitCode.BUSY,
    )


def _foreign_unit(error: ForeignUnit) -> Explanation:
    return Explanation(
        _("The file {path} was not written for this archive, and is left as it is.").format(path=error.path),
        _("Choose another name by the option --name."),
        ExitCode.FILES,
    )


def _schedule_running(_error: ScheduleRunning) -> Explanation:
    return Explanation(
        _("The schedule of this archive runs already."),
        _("Stop the other one first; dnevnik-archive status shows whether it runs."),
        ExitCode.BUSY,
    )


MACHINE: Final[dict[type[BaseException], Explain]] = {
    ForeignUnit: _foreign_unit,
    PortNotFree: _port_not_free,
    ScheduleRunning: _schedule_running,
}
