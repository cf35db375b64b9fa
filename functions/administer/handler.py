"""What operators keep, record, decide and look up."""

from api.handler import handler

from functions.administer.announcements import keep_announcement, list_announcements, remove_announcement
from functions.administer.audit import show_audit, show_learning_audit
from functions.administer.catalog import keep_course, keep_provider
from functions.administer.holders import decide_claim, keep_holder, record_badge, record_certification, record_exam
from functions.administer.learning import keep_item, keep_library, keep_points_required, replace_exam, show_learning
from functions.administer.partners import keep_partner, list_partners_kept, merge_individuals
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
    record_badge,
    merge_individuals,
    decide_claim,
    review_claim,
    count_worklists,
    show_worklist,
    show_audit,
    show_learning_audit,
    list_partners_kept,
    keep_partner,
    show_learning,
    keep_item,
    keep_library,
    keep_points_required,
    replace_exam,
)
lambda_handler = handler(ROUTES)
