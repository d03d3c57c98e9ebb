"""The guards of law bundles and of the bulletin: what each keeps out, where, how it is taken away, what falls then."""

from tests.law.guards import Guard

BUNDLES, ATTACKS = "test_bundles.py", "../attacks"
HEADS = f"{ATTACKS}/test_wire_bulletin.py::test_a_head_with_this_defect_is_refused"
DEFECTS = f"{ATTACKS}/test_wire_bundle.py::test_a_bundle_with_this_defect_is_refused"
BOTH = f"{ATTACKS}/test_wire_bundle.py::test_one_good_signature_of_a_signatory_does_not_stand_for_the_other"

# `file` is here the path under src/comity.
BUNDLE_GUARDS = (
    Guard(
        "a signature that stood under a law does not vanish",
        "law/bundles.py",
        "if not set(held.signed) < set(new.signed):",
        "if not new.signed:",
        f"{BUNDLES}::test_what_does_not_continue_the_version_held_is_refused",
    ),
    Guard(
        "a version continues the one that is held: none comes back, is left out, or forks",
        "law/bundles.py",
        "if (bundle.version - 1, bundle.previous) != before:",
        "if not before:",
        f"{BUNDLES}::test_what_does_not_continue_the_version_held_is_refused",
    ),
    Guard(
        "some parties cannot change what binds the others",
        "law/bundles.py",
        "if held is not None and held.payload_digest != new.payload_digest:",
        "if held is not None and not held.payload_digest:",
        f"{BUNDLES}::test_some_parties_cannot_change_what_binds_the_others",
    ),
    Guard(
        "an agreement waits for a second party",
        "law/bundles.py",
        "if new.bundle.layer is Layer.AGREEMENT and len(new.bound) < 2:",
        "if new.bundle.layer is Layer.AGREEMENT and len(new.bound) < 1:",
        f"{BUNDLES}::test_an_agreement_waits_for_a_second_party",
    ),
    Guard(
        "only whoever signed a law ends it",
        "law/bundles.py",
        "if signatory not in bundle.signatories or signatory.node not in held.signed or "
        "withdrawal.layer is not bundle.layer:",
        "if withdrawal.layer is not bundle.layer:",
        f"{BUNDLES}::test_only_who_signed_withdraws_and_only_for_days_to_come",
    ),
    Guard(
        "nobody makes law for another",
        "law/bundles.py",
        "if stands_for is None or (one.party != stands_for and not hosted):",
        "if stands_for is None:",
        f"{BUNDLES}::test_nobody_publishes_what_is_anothers",
    ),
    Guard(
        "law that has expired denies",
        "law/bundles.py",
        "if today > bundle.valid_until:",
        "if not bundle.valid_until:",
        f"{BUNDLES}::test_an_expired_bundle_denies_and_says_which_and_what_to_do",
    ),
    Guard(
        "a version that is missing is not replaced by the one before",
        "law/bundles.py",
        "elif found is None and item.kind is Publication.BUNDLE:",
        "elif found is None and item.kind is None:",
        f"{BUNDLES}::test_a_missing_version_is_not_replaced_by_the_one_before",
    ),
    Guard(
        "of two published texts of one id neither is taken for the other",
        "law/bundles.py",
        "if each.instrument.id in taken:",
        "if each.instrument.id is None:",
        f"{BUNDLES}::test_two_published_texts_of_one_id_deny",
    ),
    Guard(
        "an agreement binds those who signed it, and nobody else",
        "law/published.py",
        "return self.bound is None or all(party in self.bound for party in parties)",
        "return True",
        f"{BUNDLES}::test_an_agreement_binds_those_who_signed_it",
    ),
    Guard(
        "law that should be in use and may not be denies",
        "law/layers.py",
        "if gap.layer is of and (not party or party in gap.parties):",
        "if gap.layer is None:",
        f"{BUNDLES}::test_what_the_bulletin_names_and_is_not_to_be_had_denies",
    ),
    Guard(
        "while the published rulebook may not be used nobody is shown anything",
        "law/decision.py",
        "for gap in self.gaps_of_own_rules:",
        "for gap in self.gaps_of_own_rules[:0]:",
        f"{BUNDLES}::test_where_the_published_rulebook_may_not_be_used_nobody_here_sees_anything",
    ),
    Guard(
        "the asker's own people release the owner from nothing",
        "law/layers.py",
        'yield from _national("owner-law", bound.owner_law, request.owner, request, seen, today)',
        'yield from _national("owner-law", bound.owner_law, request.owner, request, by_asker, today)',
        "test_shapes.py::test_what_two_persons_of_the_asker_answer_for_counts_before_the_askers_law_alone",
    ),
    Guard(
        "whoever signed is a signatory",
        "wire/bundle.py",
        "if strangers := [node for node in signed if node not in bundle.nodes]:",
        "if strangers := [node for node in signed if not node]:",
        DEFECTS,
    ),
    Guard(
        "the Ed25519 signature of each signatory stands",
        "wire/joint.py",
        "        pair.verified_ed25519(unb64u(classical.signature), to_sign(classical.protected, read.payload))\n",
        "",
        BOTH,
    ),
    Guard(
        "and so does its ML-DSA signature",
        "wire/joint.py",
        "        pair.verified_mldsa(unb64u(quantum.signature), to_sign(quantum.protected, read.payload))\n",
        "",
        BOTH,
    ),
    Guard(
        "a text is that of its digest",
        "wire/bundle.py",
        "if hashlib.sha256(one.text.encode()).hexdigest() != one.sha256:",
        "if not one.sha256:",
        DEFECTS,
    ),
    Guard(
        "a bulletin is its own hub's",
        "wire/bulletin.py",
        "if head.hub != hub:",
        "if not head.hub:",
        HEADS,
    ),
    Guard(
        "a bulletin that has expired is not followed",
        "wire/bulletin.py",
        "if now >= head.expires_at:",
        "if not head.expires_at:",
        HEADS,
    ),
    Guard(
        "a bulletin never has fewer items than before",
        "wire/bulletin.py",
        "if held and head.number < held.number:",
        "if held and head.number < 0:",
        HEADS,
    ),
    Guard(
        "a bulletin of as many items is the same one",
        "wire/bulletin.py",
        "if held and head.number == held.number and head.chain != held.chain:",
        "if held and not head.chain:",
        HEADS,
    ),
    Guard(
        "items lead to what the hub has signed",
        "wire/bulletin.py",
        "if number + len(items) == head.number and chain != head.chain:",
        "if not chain:",
        f"{ATTACKS}/test_wire_bulletin.py::test_items_that_do_not_lead_to_the_head_are_refused",
    ),
)
