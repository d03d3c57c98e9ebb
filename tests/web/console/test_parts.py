"""The pieces of pages: whatever a record says stays text, and every field can be found without eyes or mouse."""

import re
from datetime import timedelta

import pytest

from comity.domain.session import Language
from tests.web.console.reader import NOW, session, written

EVIL = '"><script>alert(1)</script>'
PIECES = [
    "{{ field('a', evil, evil, hint=evil, errors={'a': evil}) }}",
    "{{ field('a', evil, evil, kind='textarea') }}{{ field('a', evil, kind='select', options=[(evil, evil)]) }}",
    "{{ choices('a', evil, [(evil, evil)], hint=evil) }}",
    "{{ facts([(evil, evil)]) }}{{ timeline([(now, evil, evil)]) }}{{ badge(evil) }}",
    "{% call(t) table(evil, [evil, evil], [1], evil) %}{{ row([evil, evil], [evil, evil], evil) }}{% endcall %}",
    "{% call(t) table(evil, [evil], [], evil) %}{% endcall %}{{ error_summary({'a': evil}) }}",
    "{{ evil | country_name }}{{ evil | word }}{{ [evil, evil] | listed }}{{ pager(evil, evil, evil) }}",
]


@pytest.mark.parametrize("piece", PIECES)
def test_what_a_record_says_stays_text(piece: str):
    page = written(piece, evil=EVIL)
    assert "alert(1)" in page
    assert "<script" not in page
    assert '=""><' not in page


def test_a_field_has_its_label_its_hint_and_what_is_wrong_with_it():
    page = written("{{ field('birth', 'Born', kind='date', hint='As printed', errors={'birth': 'No such day'}) }}")
    assert '<label for="birth">Born' in page
    assert 'aria-describedby="birth-hint birth-wrong"' in page
    assert 'id="birth-hint"' in page
    assert 'id="birth-wrong"' in page
    assert 'aria-invalid="true"' in page


def test_the_summary_of_errors_leads_to_the_field():
    assert '<a href="#birth"' in written("{{ error_summary({'birth': 'No such day'}) }}")


def test_a_form_proves_that_it_is_ours_and_is_done_once():
    page = written("{% call form('/x', session) %}in{% endcall %}", session=session())
    assert 'name="csrf" value="c1"' in page
    assert re.search(r'name="once" value="\S{10,}"', page)


def test_a_table_names_its_columns_in_every_cell_for_narrow_screens():
    page = written(
        "{% call(t) table('Hits', ['Owner', 'Count'], [1], 'none', [1]) %}"
        "{{ row(['Owner', 'Count'], ['Bergenia', 3], '/hits/1', [1], 'alert') }}{% endcall %}"
    )
    assert "<caption>Hits</caption>" in page
    assert 'scope="row" role="rowheader" data-label="Owner"><span><a href="/hits/1">Bergenia</a>' in page
    assert 'data-label="Count" class="number"' in page


def test_an_empty_table_says_what_would_stand_there():
    page = written("{% call(t) table('Hits', ['Owner'], [], 'Hits come here as they are found.') %}{% endcall %}")
    assert "Hits come here as they are found." in page
    assert "<table" not in page


def test_a_clock_says_in_words_what_is_left():
    soon, over = NOW + timedelta(minutes=9), NOW - timedelta(hours=3)
    assert 'class="clock soon">9 minutes left' in written("{{ clock(at, now) }}", at=soon)
    assert 'class="clock over">overdue by 3 hours' in written("{{ clock(at, now) }}", at=over)
    assert "المتبقي: 9 دقائق" in written("{{ clock(at, now) }}", Language.ARABIC, at=soon)
