"""Two records of one thing become one: planned, shown, done in one transaction, and undone.

A plan is a list of steps on rows (`poles.merging.steps`); what was there before is kept with the
merge, so that undoing it gives back every value.
"""
