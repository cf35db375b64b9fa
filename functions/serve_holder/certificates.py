"""Certificates of completion: where to upload one before claiming, and what a claim was made with."""

import ledger
from api import uploads
from api.requests import Request
from api.routes import Reply, Who, route
from api.uploads import Download, NewUpload

from functions.serve_holder.models import CertificateUpload


@route("POST /certificates", given=NewUpload, gives={201: CertificateUpload})
def prepare_upload(request: Request[NewUpload]) -> Reply:
    """A place to upload a certificate of completion before claiming; without a body, for a PDF.

    Send `fields` and then `file`, in this order, as multipart/form-data to `url`, and claim with `certificate_key`
    within seven days. The key is the account's own. What a claim was made with stays as it is: another file needs
    another key.
    """
    key, upload = uploads.prepared(request.caller.account, request.given.content_type)
    answer: CertificateUpload = {**upload, "certificate_key": key}
    return Reply(answer, 201)


@route("GET /claims/{claim_id}/certificate", who=Who.HOLDER_OR_OPERATOR, gives={200: Download})
def show_certificate(request: Request[None]) -> Reply:
    """Where the certificate of completion of a claim can be fetched, as an attachment, for a minute."""
    claim_id = request.id("claim_id")
    holder = request.holder or ledger.holder_by_id(claim_id)
    claim = ledger.load(holder, consistent=True).standing.claims.get(claim_id)
    return Reply(uploads.download(claim.certificate_key if claim else None, f"certificate-{claim_id}", "certificate"))
