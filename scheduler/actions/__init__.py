"""The verbs staff and machines use, one transaction each; every one leaves an audit entry."""
