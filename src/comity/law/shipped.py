"""Where the rulebook and the model agreements lie: beside the package's files, or at the top of a checkout."""

from pathlib import Path

from comity.domain.errors import Missing

_PACKAGE = Path(__file__).parents[1]
_CHECKOUT = Path(__file__).parents[3]


def folder(name: str) -> Path:
    """The folder `rulebook` or `agreements`. Raises Missing."""
    for place in (_PACKAGE / name, _CHECKOUT / name):
        if place.is_dir():
            return place
    raise Missing(f"The folder {name} is not part of this installation.", do="Install Comity anew.")


def model_agreements() -> list[Path]:
    """The files of the model agreements, by name: those that a trial federation adopts."""
    return sorted(folder("agreements").glob("*.toml"))


def sea_council() -> list[Path]:
    """Three agreements with one body, by name: its list is open to each member as far as its own agreement goes."""
    return sorted((folder("agreements") / "sea-council").glob("*.toml"))


def models() -> list[Path]:
    """The files of the models to write one's own by, one for each kind of instrument, by name. Nobody adopts them."""
    return sorted((folder("agreements") / "models").glob("*.toml"))
