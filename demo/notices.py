"""What the people who sign in chose to be told by mail, and how far they have read. What they are told, the rest brought about."""

from __future__ import annotations

import pghistory

from demo.chance import moment
from demo.people import OURS
from demo.setting import Setting
from partnerships.actions.notices import choose, mark_all_read
from partnerships.models import MailFrequency, NoticeKind

CHOSEN = {
    "officer": {NoticeKind.MEETING: MailFrequency.WEEKLY, NoticeKind.DISCUSSION: MailFrequency.AT_ONCE},
    "chair": {NoticeKind.MENTION: MailFrequency.DAILY, NoticeKind.COMMITMENT: MailFrequency.WEEKLY},
    "partner": {NoticeKind.REPORT: MailFrequency.NEVER},
}


def load_notices(setting: Setting) -> None:
    for account, frequencies in CHOSEN.items():
        person = setting.accounts[f"{account}@{OURS}"]
        with pghistory.context(user=person.pk):
            choose(partnership=setting.partnership, frequencies=frequencies, by=person)
            read = moment(setting.ago(4), setting.chance.dice("read", account), last_hour=17)
            mark_all_read(partnership=setting.partnership, by=person, until=read)
