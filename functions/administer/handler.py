"""What operators keep, record, decide and look up."""

from api.handler import handler

from functions.administer.announcements import keep_announcement, list_announcements, remove_announcement
from functions.administer.audit import show_audit
from functions.administer.catalog import keep_course, keep_provider
from functions.administer.holders import decide_claim, keep_holder, record_certification, record_exam
from functions.administer.worklists import count_worklists, review_claim, show_worklist

ROUTES = (
    keep_course,
    keep_provider,
    list_announcements,
    keep_announcement,
    remove_announcement,
    keep_holder,
    record_certification,
    record_exam,
    decide_claim,
    review_claim,
    count_worklists,
    show_worklist,
    show_audit,
)
lambda_handler = handler(ROUTES)
