"""What those who act for a training provider read and report."""

from api.handler import handler

from functions.serve_provider.claims import list_waiting_claims
from functions.serve_provider.reports import report_completions

ROUTES = (list_waiting_claims, report_completions)
lambda_handler = handler(ROUTES)
