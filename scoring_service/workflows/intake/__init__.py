"""How leads come in and what is made of them at once.

upsert.upsert(tx, policy, request, now) -> LeadView
record_activities.record_activities(tx, policy, request, now) -> LeadView
merging.merge(tx, policy, request, now) -> LeadView

Every unit has one order: the stored answer; the person and its lead; fields, do_not_contact;
activities as one set; the next cycle or a re-opening; disqualify rules; bars, once; routing as of
an arriving lead; queue places ended.
"""
