"""What may be done, and which role may do it. Code asks for permissions; roles are data with a sentence for humans."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    VIEW = "see the partnership's activities, outcomes, boards and reports"
    LOG_ACTIVITY = "log activities and edit their own"
    EDIT_ANY_ACTIVITY = "edit activities that others logged"
    REVIEW_ACTIVITY = "accept activities or send them back"
    COMMIT = "make commitments, close them and verify what others kept"
    WRITE_LEARNING = "write learning entries"
    COMMENT = "write the story behind a measure, and comment on activities and commitments"
    MANAGE_OUTCOMES = "set up outcomes, measures and targets"
    JUDGE_MEASURES = "rebase a chart, check a measure's evidence and draw how things lead to an outcome"
    IMPORT_FIGURES = "import figures and undo an import"
    SUBMIT_RETURN = "fill in and send the figures of a programme"
    ACCEPT_RETURN = "accept the figures that partners send, or send them back"
    MANAGE_PROGRAMMES = "set up and change programmes"
    MANAGE_BOARDS = "set up boards and seats"
    MANAGE_MEETINGS = "prepare meetings: agenda, papers, attendance, decisions and minutes"
    MANAGE_PARTNERSHIP = "change the partnership's page, places, organisations and agreements"
    MANAGE_PEOPLE = "invite people and give roles"
    MANAGE_API = "make and end sign-ins for partners' systems"
    MAKE_REPORTS = "make a report now and say who receives it"
    RECORD_VOICE = "write down voices and how they are carried and answered"
    VIEW_INFLUENCE = "see who links which boards, and what would come apart"
    VIEW_LEAVERS = "see what people who have left held, whom they linked and what they were trained in"
    VIEW_DEVELOPMENT = "see who took part in training, and what they then influenced"
    MANAGE_DEVELOPMENT = "set up training and leadership: cohorts, champions, who leads what"
    VIEW_HISTORY = "see who changed what"
    VIEW_BOARD = "read the papers of a board on which they sit"


class Role(models.TextChoices):
    MANAGER = "manager", "Partnership manager"
    OFFICER = "officer", "Officer"
    CHAIR = "chair", "Chair"
    PARTNER = "partner", "Partner"
    RESIDENT = "resident", "Resident contributor"
    EVALUATOR = "evaluator", "Evaluator"
    OBSERVER = "observer", "Observer"
    SYSTEM = "system", "Partner's system"


@dataclass(frozen=True, slots=True)
class RoleDescription:
    role: Role
    sentence: str
    permissions: frozenset[Permission]


_P = Permission
ROLES: dict[Role, RoleDescription] = {
    description.role: description
    for description in (
        RoleDescription(
            Role.MANAGER,
            "Sets up the partnership: invites people, gives roles, makes outcomes and boards, and can do all that others can.",
            frozenset(_P),
        ),
        RoleDescription(
            Role.OFFICER,
            "Logs activities, prepares meetings, runs programmes, imports figures, writes learning and the story behind the numbers.",
            frozenset(
                {
                    _P.VIEW,
                    _P.LOG_ACTIVITY,
                    _P.EDIT_ANY_ACTIVITY,
                    _P.COMMIT,
                    _P.SUBMIT_RETURN,
                    _P.ACCEPT_RETURN,
                    _P.MANAGE_PROGRAMMES,
                    _P.MANAGE_MEETINGS,
                    _P.RECORD_VOICE,
                    _P.VIEW_INFLUENCE,
                    _P.VIEW_LEAVERS,
                    _P.VIEW_DEVELOPMENT,
                    _P.MANAGE_DEVELOPMENT,
                    _P.WRITE_LEARNING,
                    _P.COMMENT,
                    _P.JUDGE_MEASURES,
                    _P.IMPORT_FIGURES,
                    _P.MAKE_REPORTS,
                    _P.VIEW_HISTORY,
                    _P.VIEW_BOARD,
                }
            ),
        ),
        RoleDescription(
            Role.CHAIR,
            "Reads the dashboard and reports before a meeting, runs the meeting and its commitments, comments on measures and asks for a report.",
            frozenset(
                {
                    _P.VIEW,
                    _P.COMMENT,
                    _P.COMMIT,
                    _P.REVIEW_ACTIVITY,
                    _P.MANAGE_MEETINGS,
                    _P.RECORD_VOICE,
                    _P.VIEW_INFLUENCE,
                    _P.WRITE_LEARNING,
                    _P.MAKE_REPORTS,
                    _P.VIEW_HISTORY,
                    _P.VIEW_BOARD,
                }
            ),
        ),
        RoleDescription(
            Role.PARTNER,
            "Logs what their own organisation does, sends its figures, keeps its commitments and reads what the partnership shares.",
            frozenset(
                {
                    _P.VIEW,
                    _P.LOG_ACTIVITY,
                    _P.COMMIT,
                    _P.SUBMIT_RETURN,
                    _P.RECORD_VOICE,
                    _P.WRITE_LEARNING,
                    _P.COMMENT,
                    _P.VIEW_BOARD,
                }
            ),
        ),
        RoleDescription(
            Role.RESIDENT,
            "Reads what the partnership shares, says what they see and want, makes commitments and keeps them, and writes learning from their own experience.",
            frozenset({_P.VIEW, _P.COMMIT, _P.RECORD_VOICE, _P.WRITE_LEARNING, _P.VIEW_BOARD}),
        ),
        RoleDescription(
            Role.EVALUATOR,
            "Embedded researcher: reads everything including its history, and writes learning.",
            frozenset(
                {
                    _P.VIEW,
                    _P.VIEW_INFLUENCE,
                    _P.VIEW_LEAVERS,
                    _P.VIEW_DEVELOPMENT,
                    _P.RECORD_VOICE,
                    _P.WRITE_LEARNING,
                    _P.COMMENT,
                    _P.JUDGE_MEASURES,
                    _P.VIEW_HISTORY,
                    _P.VIEW_BOARD,
                }
            ),
        ),
        RoleDescription(
            Role.OBSERVER,
            "Reads what the partnership shares and changes nothing.",
            frozenset({_P.VIEW, _P.VIEW_BOARD}),
        ),
        RoleDescription(
            Role.SYSTEM,
            "A partner's software: reads and writes through the API only what its sign-in was made for.",
            frozenset({_P.VIEW}),
        ),
    )
}
# Roles that a manager can give to a person; the last is made with an API sign-in only.
HUMAN_ROLES = [role for role in Role if role is not Role.SYSTEM]


class Scope(models.TextChoices):
    """What a partner's system may read and write."""

    ACTIVITIES = "activities:read", "Read activities"
    OBSERVATIONS = "observations:read", "Read outcomes, measures and observations"
    REPORTS = "reports:read", "Read reports"
    COMMITMENTS = "commitments:read", "Read commitments, meetings and decisions"
    ORGANISATIONS = "organisations:read", "Read the partnership’s page, its organisations and places"
    PROGRAMMES = "programmes:read", "Read programmes and their returns"
    INFLUENCE = "influence:read", "Read which boards are linked"
    WRITE_RETURNS = "returns:write", "Write its organisation’s returns"
    WRITE_OBSERVATIONS = "observations:write", "Write its organisation’s figures"
