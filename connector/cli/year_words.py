"""What is said when a year cannot be closed or amended, or its terms cannot be read."""

from __future__ import annotations

from tomllib import TOMLDecodeError
from typing import Final

from archive_store.nomenclature.kinds import NomenclatureError
from archive_store.texts import N_, _
from archive_store.year import errors as closing
from config import wishes
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation, listed

_NOMENCLATURE: Final = {
    "unreadable": N_("The list of files {path} cannot be read: {detail}."),
    "unknown part": N_("The list of files {path} has a part that is not known: {detail}."),
    "no files": N_("The list of files {path} names no files: they stand in blocks [[file]]."),
    "missing field": N_("In the list of files {path} the block {where} lacks the field {detail}."),
    "unknown field": N_("In the list of files {path} the block {where} has an unknown field {detail}."),
    "not a text": N_("In the list of files {path}, block {where}, the field {detail} must be a text."),
    "no title": N_("In the list of files {path} the block {where} has no title."),
    "unknown kind": N_("The list of files {path} has an unknown kind {where}. Known kinds: {detail}."),
    "kind twice": N_("The list of files {path} has the kind {where} twice."),
    "kind missing": N_("The list of files {path} lacks the kind {where}, which the program seals."),
    "wrong term": N_(
        "In the list of files {path} the term of {where} is wrong ({detail}): it takes years from 1 to 100, "
        'or, except for journal and summary, "permanent".'
    ),
    "wrong event": N_("In the list of files {path}, block {where}, the field from takes one of: {detail}."),
    "summary shorter": N_(
        "In the list of files {path} the summary sheets are kept for less long than the journals ({detail}), "
        "for which they vouch."
    ),
}


def _nomenclature(error: NomenclatureError) -> Explanation:
    if error.problem == "not TOML":
        return _not_toml(error)
    return Explanation(
        _(_NOMENCLATURE[error.problem]).format(path=error.path, where=error.where, detail=error.detail),
        _("Correct the file; the comments in it explain every field."),
        ExitCode.SETTINGS,
    )


def _not_toml(error: NomenclatureError) -> Explanation:
    reason: str = wishes.NOT_UTF8
    place: dict[str, str] = {}
    if isinstance(error.__cause__, TOMLDecodeError):
        reason, place = wishes.toml_fault(error.__cause__)
    text = _("The list of files {path} is not valid TOML: {reason}.")
    if place:
        text = _("The list of files {path} is not valid TOML (line {line}, column {column}): {reason}.")
    return Explanation(
        text.format(path=error.path, reason=_(reason), **place),
        _("Correct the file; the comments in it explain every field."),
        ExitCode.SETTINGS,
    )


def _years(study_year: int) -> dict[str, int]:
    return {"year": study_year, "next": study_year + 1}


def _not_ended(error: closing.YearNotEnded) -> Explanation:
    return Explanation(
        _("The academic year {year}/{next} has not ended: its last day is {day}.").format(
            day=error.last_day, **_years(error.study_year)
        ),
        _("Close it when that day is over."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _nothing_to_seal(error: closing.NothingToSeal) -> Explanation:
    return Explanation(
        _("The archive holds no lesson of the academic year {year}/{next}.").format(
            **_years(error.study_year)
        ),
        _("Fill it with: dnevnik-archive sync"),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _other_snapshot(error: closing.OtherSnapshotThere) -> Explanation:
    return Explanation(
        _("In {path} lies a sealed year that this archive did not make.").format(path=error.path),
        _("Move that folder away, or name another by the setting snapshots_dir."),
        ExitCode.FILES,
    )


def _too_early(error: closing.TooEarlyForFinal) -> Explanation:
    return Explanation(
        _("The academic year {year}/{next} cannot be closed for good before {day}.").format(
            day=error.first_day, **_years(error.study_year)
        ),
        _("Close it preliminarily: dnevnik-archive year close {year} --preliminary").format(
            year=error.study_year
        ),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _stops(error: closing.StopsFound) -> Explanation:
    counts = [_("not checked") if count is None else str(count) for _code, _text, count in error.stops]
    found = [
        f"{_(text)}: {count} [{code}]"
        for (code, text, _count), count in zip(error.stops, counts, strict=True)
    ]
    hard = [code for code, _text, _count in error.stops if code not in error.acceptable]
    remedy = (
        _("Where: dnevnik-archive year check {year}. These must be settled first: {codes}.")
        if hard
        else _(
            "Where: dnevnik-archive year check {year}. Settle them, or pass over them with a reason: "
            '--accept "reason".'
        )
    )
    return Explanation(
        _("The academic year {year}/{next} was not closed. {stops}.").format(
            stops="; ".join(found), **_years(error.study_year)
        ),
        remedy.format(year=error.study_year, codes=", ".join(hard)),
        ExitCode.NOT_READY,
    )


def _unknown_edition(error: closing.UnknownEdition) -> Explanation:
    years = _years(error.study_year)
    if not error.known:
        return Explanation(
            _("The academic year {year}/{next} has not been closed yet: there is no paper of it.").format(
                **years
            ),
            _("Close it first: dnevnik-archive year close {year} --preliminary").format(**years),
            ExitCode.NOT_IN_ARCHIVE,
        )
    return Explanation(
        _("The sealed academic year {year}/{next} has no edition {number}.").format(
            number=error.number, **years
        ),
        _("It has these editions: {editions}. Without --edition the newest is taken.").format(
            editions=listed([str(one) for one in error.known])
        ),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _not_closed_for_good(error: closing.NotClosedForGood) -> Explanation:
    return Explanation(
        _("The academic year {year}/{next} has not been closed for good.").format(**_years(error.study_year)),
        _("Close it first: dnevnik-archive year close {year} --final").format(year=error.study_year),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _nothing_changed(error: closing.NothingChanged) -> Explanation:
    return Explanation(
        _("The journals of the academic year {year}/{next} are as they were sealed.").format(
            **_years(error.study_year)
        ),
        _("No edition is needed; if the platform shows a correction, run dnevnik-archive sync first."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _edition_before_missing(error: closing.EditionBeforeMissing) -> Explanation:
    return Explanation(
        _("The sealed bag {path} is not there, or is not the one on record.").format(path=error.path),
        _("Put the sound copy from a carrier back in its place, then run the command again."),
        ExitCode.FILES,
    )


YEAR: Final[dict[type[BaseException], Explain]] = {
    NomenclatureError: _nomenclature,
    closing.YearNotEnded: _not_ended,
    closing.NothingToSeal: _nothing_to_seal,
    closing.OtherSnapshotThere: _other_snapshot,
    closing.TooEarlyForFinal: _too_early,
    closing.StopsFound: _stops,
    closing.UnknownEdition: _unknown_edition,
    closing.NotClosedForGood: _not_closed_for_good,
    closing.NothingChanged: _nothing_changed,
    closing.EditionBeforeMissing: _edition_before_missing,
}
