"""Actions of people and the broadcast machine on the stored plan: each function is one
transaction.
"""
