"""The catalogues of the console: every message gathered anew, with the translations that are there; asks nothing.

Run it after a text of a page has changed. What has no translation yet is told, and the exit status is 1.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from comity.domain.session import Language
from comity.web.console.messages import gathered
from comity.web.console.translation import LANGUAGES

WRITTEN_AT = datetime(2026, 11, 23, tzinfo=UTC)  # the same file from the same texts, whenever


def written(catalogue: Catalog) -> bytes:
    catalogue.creation_date = catalogue.revision_date = WRITTEN_AT
    catalogue.last_translator = catalogue.language_team = "Comity"
    catalogue.msgid_bugs_address = ""
    text = BytesIO()
    write_po(text, catalogue, width=0, sort_output=True, ignore_obsolete=True, omit_header=False)
    return text.getvalue()


def merged(language: Language, template: Catalog) -> Catalog:
    path = LANGUAGES / f"{language}.po"
    catalogue = read_po(path.open("rb"), locale=language.value) if path.exists() else Catalog(locale=language.value)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    path.write_bytes(written(catalogue))
    return catalogue


def main() -> int:
    template = gathered()
    (LANGUAGES / "comity.pot").write_bytes(written(template))
    missing = 0
    for language in Language:
        if language is not Language.ENGLISH:
            for message in merged(language, template):
                texts = (message.string,) if isinstance(message.string, str) else message.string or ("",)
                if message.id and not all(texts):
                    missing += 1
                    print(f"{language}: {message.id!r} has no translation")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
