"""Which tables are there? ``unit_id`` leads every key; times are UTC milliseconds."""

from __future__ import annotations

from storage.tables.accounts import (
    console_account,
    console_attempt,
    console_link,
    console_recovery,
    console_session,
)
from storage.tables.ai import ai_spending
from storage.tables.base import metadata
from storage.tables.cases import (
    case_clock,
    case_history,
    case_link,
    case_lookup,
    case_message,
    case_number,
    case_record,
)
from storage.tables.catalogue import (
    catalogue_document,
    catalogue_head,
    catalogue_import,
    catalogue_row,
)
from storage.tables.comments import page_comment
from storage.tables.consent import consent_event, person_minor
from storage.tables.desk_search import desk_search, desk_search_mark
from storage.tables.dossier import dossier_job, dossier_key, dossier_paper
from storage.tables.evidence import (
    evidence_checkpoint,
    evidence_entry,
    evidence_head,
    evidence_key,
    evidence_position,
    evidence_stamp,
    evidence_tile,
    evidence_waiting,
)
from storage.tables.files import received_file
from storage.tables.fires import (
    apology_proposal,
    case_escalation,
    escalation_chain,
    escalation_plan,
    schedule_fire,
)
from storage.tables.greetings import greeting, greeting_person
from storage.tables.inbox import inbox_body, inbox_event, lane
from storage.tables.learning import (
    lesson_candidate,
    lesson_example,
    nlu_model,
    usage_count,
)
from storage.tables.leases import case_recount, console_lease, desk_card
from storage.tables.letter_birthdays import letter_birthday
from storage.tables.letter_ways import (
    api_token,
    letter_code,
    letter_own_kind,
    letter_receipt,
    letter_signature,
    occasion,
)
from storage.tables.letters import (
    letter,
    letter_number,
    letter_step,
    letter_switch,
)
from storage.tables.operations import day_key, notice, security_event
from storage.tables.outbox import outbox
from storage.tables.people import conversation, handover, identity, person, vault_item
from storage.tables.roster import (
    roster_shift,
    roster_standby,
    roster_swap,
    staff_leave,
)
from storage.tables.sealed import sealed_entry, sealed_source
from storage.tables.segments import person_tag
from storage.tables.staff import staff_head, staff_member, staff_role, staff_route
from storage.tables.survey import survey_answer
from storage.tables.templates import (
    calendar_feed,
    greeting_article,
    zbs_choice,
    zbs_quota,
    zbs_template,
)
from storage.tables.tokens import token, token_intent

__all__ = [
    "ai_spending",
    "api_token",
    "apology_proposal",
    "calendar_feed",
    "case_clock",
    "case_escalation",
    "case_history",
    "case_link",
    "case_lookup",
    "case_message",
    "case_number",
    "case_record",
    "case_recount",
    "catalogue_document",
    "catalogue_head",
    "catalogue_import",
    "catalogue_row",
    "consent_event",
    "console_account",
    "console_attempt",
    "console_lease",
    "console_link",
    "console_recovery",
    "console_session",
    "conversation",
    "day_key",
    "desk_card",
    "desk_search",
    "desk_search_mark",
    "dossier_job",
    "dossier_key",
    "dossier_paper",
    "escalation_chain",
    "escalation_plan",
    "evidence_checkpoint",
    "evidence_entry",
    "evidence_head",
    "evidence_key",
    "evidence_position",
    "evidence_stamp",
    "evidence_tile",
    "evidence_waiting",
    "greeting",
    "greeting_article",
    "greeting_person",
    "handover",
    "identity",
    "inbox_body",
    "inbox_event",
    "lane",
    "lesson_candidate",
    "lesson_example",
    "letter",
    "letter_birthday",
    "letter_code",
    "letter_number",
    "letter_own_kind",
    "letter_receipt",
    "letter_signature",
    "letter_step",
    "letter_switch",
    "metadata",
    "nlu_model",
    "notice",
    "occasion",
    "outbox",
    "page_comment",
    "person",
    "person_minor",
    "person_tag",
    "received_file",
    "roster_shift",
    "roster_standby",
    "roster_swap",
    "schedule_fire",
    "sealed_entry",
    "sealed_source",
    "security_event",
    "staff_head",
    "staff_leave",
    "staff_member",
    "staff_role",
    "staff_route",
    "survey_answer",
    "token",
    "token_intent",
    "usage_count",
    "vault_item",
    "zbs_choice",
    "zbs_quota",
    "zbs_template",
]
