"""Certificates of completion: where to upload one before claiming, and what a claim was made with."""

import ledger
from api import certificates
from api.problems import not_found
from api.requests import Request
from api.routes import Reply, Who, route

from functions.serve_holder.models import Certificate, CertificateUpload, NewCertificate


@route("POST /certificates", given=NewCertificate, gives={201: CertificateUpload})
def prepare_upload(request: Request[NewCertificate]) -> Reply:
    """A place to upload a certificate of completion before claiming; without a body, for a PDF.

    Send `fields` and then `file`, in this order, as multipart/form-data to `url`, and claim with `certificate_key`
    within seven days. The key is the account's own. What a claim was made with stays as it is: another file needs
    another key.
    """
    content_type = request.given.content_type
    key, form = certificates.upload_form(request.caller.account, content_type)
    answer: CertificateUpload = {
        "upload": {"url": form["url"], "fields": form["fields"]},
        "certificate_key": key,
        "content_type": content_type,
        "bytes_max": certificates.BYTES_MAX,
        "expires_in_seconds": certificates.UPLOAD_SECONDS,
    }
    return Reply(answer, 201)


@route("GET /claims/{claim_id}/certificate", who=Who.HOLDER_OR_OPERATOR, gives={200: Certificate})
def show_certificate(request: Request[None]) -> Reply:
    """Where the certificate of completion of a claim can be fetched, as an attachment, for a minute."""
    claim_id = request.id("claim_id")
    holder = request.holder or ledger.holder_by_id(claim_id)
    claim = ledger.load(holder, consistent=True).standing.claims.get(claim_id)
    key = claim.certificate_key if claim else None
    found = certificates.link(key, f"certificate-{claim_id}") if key else None
    if found is None:
        raise not_found("such certificate")
    url, content_type = found
    answer: Certificate = {
        "url": url,
        "content_type": content_type,
        "expires_in_seconds": certificates.DOWNLOAD_SECONDS,
    }
    return Reply(answer)
