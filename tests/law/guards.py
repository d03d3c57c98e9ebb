"""The guards of the law: what each keeps out, where it stands, how it is taken away, and the test that falls then."""

from typing import NamedTuple


class Guard(NamedTuple):
    keeps: str  # as docs/protocol/law.md says it
    file: str  # under src/comity/law
    stands: str  # the text as it stands there, once
    without: str  # the same without the guard
    test: str  # under tests/law


GUARDS = (
    Guard(
        "a member that is not active is told nothing",
        "decision.py",
        "if standing.level is ReplyLevel.NOTHING:",
        "if standing.level is None:",
        "test_decision.py::test_a_suspended_member_gets_nothing_not_even_its_own",
    ),
    Guard(
        "of several layers the least is told, not the most",
        "decision.py",
        "level = min([part.level for part in parts])",
        "level = max([part.level for part in parts])",
        "test_decision.py::test_of_several_layers_the_narrowest_holds_and_all_their_conditions",
    ),
    Guard(
        "a purpose that nobody knows permits nothing, whatever clauses look at",
        "facts.py",
        '    _known("purpose", "Purpose", (request.purpose,))\n',
        "",
        "test_weighed.py::test_a_code_that_nobody_knows_is_refused_also_where_no_clause_looks_at_it",
    ),
    Guard(
        "a clause that forbids goes before all that permit",
        "program.py",
        "if forbidding := held & self._forbids:",
        "if forbidding := 0:",
        "test_program.py::test_a_forbidding_clause_beats_every_permit_at_every_level",
    ),
    Guard(
        "no clause is lost behind another of the same id",
        "program.py",
        "if len({clause.id for clause in clauses}) != len(clauses):",
        "if len({clause.id for clause in clauses}) > len(clauses):",
        "test_program.py::test_two_clauses_with_one_id_are_refused",
    ),
    Guard(
        "a policy that errs denies, also where Cedar allows",
        "cedar.py",
        "allowed = found.decision is cedarpy.Decision.Allow and not errors",
        "allowed = found.decision is cedarpy.Decision.Allow",
        "test_cedar.py::test_a_forbidding_clause_that_errs_denies",
    ),
    Guard(
        "one text that errs shuts its whole layer",
        "layers.py",
        '        if outcome.errors:\n            return _refused("agreement"',
        '        if not outcome:\n            return _refused("agreement"',
        "test_decision.py::test_one_text_that_errs_shuts_the_layer",
    ),
    Guard(
        "an agreement that is not in force permits nothing",
        "layers.py",
        "in_force = [one for one in bound.agreements if not one.out_of_force(today, request.asker, request.owner)]",
        "in_force = list(bound.agreements)",
        "test_decision.py::test_an_agreement_out_of_force_refuses_and_says_since_when",
    ),
    Guard(
        "a party that is not live yet takes no part, whichever text says so",
        "texts.py",
        "live = [sides[party] for party in between if party in sides] if self.instrument.go_live else ()",
        "live = ()",
        "test_decision.py::test_who_is_not_live_yet_takes_no_part_whichever_text_says_so",
    ),
    Guard(
        "a party whose every law has lapsed lets nothing out",
        "layers.py",
        "if lapsed := [one for one in bound if one.instrument.in_force_from <= today]:",
        "if lapsed := [one for one in bound if one.instrument.in_force_from > today]:",
        "test_shapes.py::test_a_party_whose_every_law_has_lapsed_lets_nothing_out",
    ),
    Guard(
        "a record past its retention is told to nobody",
        "layers.py",
        "if today > envelope.retain_until:",
        "if today > date.max:",
        "test_shapes.py::test_a_record_past_its_retention_is_told_to_nobody",
    ),
    Guard(
        "what a request does not state counts against whoever asks",
        "conditions.py",
        "missing = clause.effect is Effect.FORBID",
        "missing = clause.effect is None",
        "test_shapes.py::test_a_clause_that_forbids_some_offences_forbids_whoever_names_none",
    ),
    Guard(
        "a consent holds for its own record alone",
        "facts.py",
        "        and one.record == envelope.record\n",
        "",
        "test_shapes.py::test_a_consent_is_the_owners_for_one_record_use_purpose_and_recipient_until_its_day",
    ),
    Guard(
        "a consent that was refused, or taken back, is none",
        "consent.py",
        "if case.state is ConsentState.GIVEN and case.until is not None and on <= case.until",
        "if case.until is not None and on <= case.until",
        "test_in_force.py::test_only_a_consent_that_was_given_holds_and_until_its_day",
    ),
    Guard(
        "the same person twice is no override by two",
        "facts.py",
        "len(set(one.persons)) >= OVERRIDE_PERSONS_MIN",
        "len(one.persons) >= OVERRIDE_PERSONS_MIN",
        "test_shapes.py::test_two_persons_override_and_the_same_person_twice_does_not",
    ),
    Guard(
        "an override lifts no layer of another authority",
        "facts.py",
        'return {**seen, "overridden": _overridden(overrides, today)}',
        "return seen",
        "test_shapes.py::test_an_override_lifts_the_layers_of_its_own_authority_and_no_other",
    ),
    Guard(
        "an override at a node lifts the law of no other member",
        "override.py",
        "return () if party in self.others else self.overrides",
        "return self.overrides",
        "test_in_force.py::test_an_override_lifts_no_law_of_a_member_with_a_node_of_its_own",
    ),
    Guard(
        "an override that nobody has confirmed holds for nothing",
        "override.py",
        "for one in filed if one.holds(on)]",
        "for one in filed]",
        "test_in_force.py::test_only_an_override_that_was_confirmed_holds_and_until_its_day",
    ),
    Guard(
        "of two deadlines the stricter is owed",
        "duties.py",
        'strictest = max if name.startswith("keep-") else min',
        "strictest = max",
        "test_duties.py::test_each_obligation_is_owed_once_and_of_figures_the_strictest",
    ),
    Guard(
        "what a supervised member asks waits until somebody has looked at it",
        "standing.py",
        "(stands is Standing.SUPERVISED and reviewed)",
        "(stands is Standing.SUPERVISED)",
        "test_standing.py::test_what_a_supervised_member_asks_is_held_until_it_is_reviewed",
    ),
    Guard(
        "the source's marking narrows what the law permits",
        "release.py",
        "level = min(decision.level, marking.level(record.header, asker, book))",
        "level = decision.level",
        "test_release.py::test_confidential_narrows_whatever_the_agreement_says",
    ),
    Guard(
        "no bare hit makes a suspect of a victim",
        "release.py",
        "return match, level if level >= least else ReplyLevel.NOTHING",
        "return match, level",
        "test_release.py::test_a_bare_hit_would_make_a_suspect_of_a_victim_so_there_is_none",
    ),
    Guard(
        "a country that is kept out is kept out however it is spelt",
        "marking.py",
        "return {country(code) for code in codes}",
        "return set(codes)",
        "test_marking.py::test_closed_to_corvia_however_it_is_spelt",
    ),
    Guard(
        "a question that serves no single lookup is not kept",
        "keeping.py",
        "return asked + timedelta(days=days) if days else None",
        "return asked + timedelta(days=days)",
        "test_keeping.py::test_what_serves_no_single_lookup_is_not_kept",
    ),
    Guard(
        "a decision is made again from the very texts it was taken under",
        "replay.py",
        "    if changed:\n",
        "    if not texts:\n",
        "test_replay.py::test_a_text_that_was_changed_on_file_is_found_out",
    ),
)
