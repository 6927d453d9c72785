"""Questions that pages and the broadcast machine's door ask: each opens one session and returns
frozen values.
"""
