"""What a partner's administrators read and do, and its account managers read, in the program of continuous learning."""

from api.handler import handler

from functions.serve_partner.attendance import list_attendances, prepare_proof, record_attendance, show_proof
from functions.serve_partner.audit import show_partner_audit
from functions.serve_partner.individuals import associate_individual, end_association, fill_role, list_individuals
from functions.serve_partner.partners import list_partners
from functions.serve_partner.report import show_points
from functions.serve_partner.specializations import (
    apply_for_specialization,
    list_specializations,
    reactivate_specialization,
    renew_specialization,
    show_specialization,
    show_specialization_history,
)

ROUTES = (
    list_partners,
    list_specializations,
    show_specialization,
    show_points,
    show_specialization_history,
    apply_for_specialization,
    renew_specialization,
    reactivate_specialization,
    list_individuals,
    associate_individual,
    end_association,
    fill_role,
    prepare_proof,
    record_attendance,
    list_attendances,
    show_proof,
    show_partner_audit,
)
lambda_handler = handler(ROUTES)
