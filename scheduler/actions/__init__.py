"""What people and the broadcast machine may do to the stored plan: each function is one
transaction.
"""
