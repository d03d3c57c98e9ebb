"""What a device signed, verified (W3C Web Authentication, level 3): bytes in, a proved passkey out."""

import json
from datetime import UTC, datetime
from typing import Any

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from comity.domain.caller import Account
from comity.domain.errors import Invalid, Unauthenticated
from comity.domain.passkey import Passkey
from comity.web.console.origin import host_of


def to_register(challenge: bytes, origin: str, bureau: str, account: Account, there: list[Passkey]) -> str:
    """What a browser is told, as JSON: a passkey that the device finds by itself, behind a PIN or a finger."""
    options = generate_registration_options(
        rp_id=host_of(origin),
        rp_name=bureau,
        user_id=account.id.encode(),
        user_name=account.login,
        user_display_name=account.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in there],
    )
    return options_to_json(options)


def to_sign_in(challenge: bytes, origin: str) -> str:
    """What a browser is told, as JSON: any passkey of this console."""
    options = generate_authentication_options(
        rp_id=host_of(origin), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options)


def asked_in(sent: str) -> bytes:
    """The challenge that an answer says it signs. Raises Invalid; says nothing of whether it is ours."""
    return base64url_to_bytes(_told(sent)["challenge"])


def credential_in(sent: str) -> str:
    """Which passkey an answer says it comes from. Raises Invalid."""
    named = _whole(sent).get("id")
    if not isinstance(named, str):
        raise _unreadable()
    return named


def registered(sent: str, challenge: bytes, origin: str, name: str) -> Passkey:
    """A new passkey. Raises Invalid, Unauthenticated."""
    _check_frame(sent)
    try:
        proved = verify_registration_response(
            credential=_whole(sent),
            expected_challenge=challenge,
            expected_rp_id=host_of(origin),
            expected_origin=origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise _refused() from wrong
    return Passkey(
        id="",
        account="",
        credential=bytes_to_base64url(proved.credential_id),
        key=proved.credential_public_key,
        uses=proved.sign_count,
        name=name,
        added_at=datetime.fromtimestamp(0, UTC),  # the desk says when
    )


def signed(sent: str, challenge: bytes, origin: str, passkey: Passkey) -> int:
    """How often the device has signed by now, where it counts. Raises Invalid, Unauthenticated."""
    _check_frame(sent)
    try:
        proved = verify_authentication_response(
            credential=_whole(sent),
            expected_challenge=challenge,
            expected_rp_id=host_of(origin),
            expected_origin=origin,
            credential_public_key=passkey.key,
            credential_current_sign_count=passkey.uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise _refused() from wrong
    return proved.new_sign_count


def _check_frame(sent: str) -> None:
    """Signed on a page of ours that stands in no page of others: the library does not look at this.

    Falls without it: tests/web/console/test_passkeys.py
    """
    told = _told(sent)
    if told.get("crossOrigin", False) is not False or "topOrigin" in told:
        raise _refused()


def _told(sent: str) -> dict[str, Any]:
    """The client data, which the device has signed with the rest."""
    try:
        told = json.loads(base64url_to_bytes(_whole(sent)["response"]["clientDataJSON"]))
        if isinstance(told, dict) and isinstance(told["challenge"], str):
            return told
    except (ValueError, KeyError, TypeError):
        pass
    raise _unreadable()


def _whole(sent: str) -> dict[str, Any]:
    try:
        whole = json.loads(sent)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(whole, dict):
        raise _unreadable()
    return whole


def _unreadable() -> Invalid:
    return Invalid("The browser sent no answer of a passkey.", where="credential", do="Try again with scripts allowed.")


def _refused() -> Unauthenticated:
    return Unauthenticated("The passkey's answer does not hold.", do="Open the page again, and use your own passkey.")
