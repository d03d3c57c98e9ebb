"""How a question is put to a node of an earlier release, which refuses the fields that it does not know."""

from collections.abc import Iterator

from msgspec import structs

from comity.domain.lookup import PersonQuery, Query, Question, exactly
from comity.domain.stated import Stated

Lost = tuple[str, ...]  # the fields that a question lost, as they are told to whoever asked


def earlier_forms(question: Question) -> Iterator[tuple[Question, Lost]]:
    """The question as earlier and earlier releases take it, each with the fields that it lost.

    It may find more than was asked for, never less; and what is not stated fits no clause.
    """
    if question.overrides:
        yield without_overrides(question)
    plain, stated = without_what_is_stated(question)
    if set(stated) - {"overrides"}:
        yield plain, stated
    earlier = in_earlier_fields(question.query)
    if earlier is None and question.offence is None:
        return
    query, fields = earlier or (question.query, ())
    before, overrides = without_overrides(question)
    lost = (*fields, *(("offence",) if question.offence is not None else ()))
    yield structs.replace(before, query=query, offence=None), (*lost, *overrides)
    if set(stated) - {"overrides"}:
        yield structs.replace(plain, query=query, offence=None), (*lost, *stated)


def without_what_is_stated(question: Question) -> tuple[Question, Lost]:
    """As nodes take it that know neither of kinds of bodies nor of what is stated beside the offence."""
    entity = ("entity",) if question.asker.entity is not None else ()
    stated = tuple(name for name in Stated.__struct_fields__ if getattr(question.stated, name, None))
    overrides = ("overrides",) if question.overrides else ()
    plain = structs.replace(question, asker=structs.replace(question.asker, entity=None), stated=None, overrides=())
    return plain, (*entity, *stated, *overrides)


def without_overrides(question: Question) -> tuple[Question, Lost]:
    """As nodes take it that know what is stated, and nothing of overrides at the asker."""
    lost = ("overrides",) if question.overrides else ()
    return structs.replace(question, overrides=()), lost


_LATER_OF_PERSONS = ("place", "height_cm", "eyes", "hair", "sounds_like")


def in_earlier_fields(query: Query) -> tuple[Query, tuple[str, ...]] | None:
    """The same query as nodes of an earlier release take it, and the fields that it lost; None where there is none.

    It may find more than was asked for, never less. A name with wildcards is no name without them.
    """
    if not isinstance(query, PersonQuery):
        exact = exactly(query)
        return (exact, ("near",)) if exact else None
    lost = tuple(field for field in _LATER_OF_PERSONS if getattr(query, field))
    if query.wildcard or not lost or not (query.name.strip() or query.document_number.strip()):
        return None
    plain = PersonQuery(
        name=query.name,
        birth=query.birth,
        sex=query.sex,
        nationality=query.nationality,
        document_number=query.document_number,
        document_country=query.document_country,
    )
    return plain, lost
