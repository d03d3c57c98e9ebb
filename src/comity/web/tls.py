"""The TLS side of a door: version 1.3 only, and where asked nobody in without a certificate that we trust now."""

import ssl
from collections.abc import Iterable
from pathlib import Path
from ssl import SSLContext, SSLObject, SSLSocket


class Tls:
    """A door's certificate and whom it lets in; `trust` may be called again while the door is open.

    `clients` None: anyone may connect, who they are is asked later. Otherwise exactly the bearers of these
    certificates (PEM); none where it is empty. Nobody comes in on an earlier connection's ticket: whoever is
    struck from the list is out at their next connection.
    """

    def __init__(self, certificate_file: Path, key_file: Path, clients: Iterable[str] | None = None) -> None:
        self.certificate_file = certificate_file
        self.key_file = key_file
        self._now = self._made(clients)
        self.context = self._made(clients)
        self.context.sni_callback = self._choose

    def trust(self, clients: Iterable[str]) -> None:
        """From now on let in the bearers of exactly these certificates (PEM)."""
        self._now = self._made(clients)

    def _choose(self, connection: SSLObject | SSLSocket, _server_name: str | None, _context: SSLContext) -> None:
        # Certificates can be added to a context but not taken out, so each connection begins with the newest one.
        # Falls without it: tests/web/test_serve.py, the member that was struck.
        connection.context = self._now

    def _made(self, clients: Iterable[str] | None) -> SSLContext:
        context = SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.num_tickets = 0
        context.load_cert_chain(self.certificate_file, self.key_file)
        if clients is None:
            return context
        # A certificate is trusted for itself, also one that some authority issued; the authority is not.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.verify_mode = ssl.CERT_REQUIRED
        if trusted := "\n".join(clients):
            context.load_verify_locations(cadata=trusted)
        return context
