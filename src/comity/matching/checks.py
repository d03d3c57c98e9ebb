"""What the check digits and the structure of a number say: it may be right, it cannot be right, or nothing."""

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    PASSED = "passed"  # structure and check digits are right
    WELL_FORMED = "well-formed"  # the structure is right; numbers of this kind have no check digit that we verify
    FAILED = "failed"  # a check digit is wrong: misread, mistyped or invented
    MALFORMED = "malformed"  # it cannot be a number of this kind


class Checked(Struct, frozen=True):
    """A number in canonical form and what its check found. `reasons` are codes; nothing was changed to make it fit."""

    canonical: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.PASSED


def malformed(canonical: str, *reasons: str) -> Checked:
    return Checked(canonical, Verdict.MALFORMED, reasons)


def checked(canonical: str, right: bool, reason: str = "check-digit") -> Checked:
    """Of a well-formed number that has check digits."""
    return Checked(canonical, Verdict.PASSED) if right else Checked(canonical, Verdict.FAILED, (reason,))
