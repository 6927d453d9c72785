"""The ways in which messages of alerts leave a machine: mail, webhooks and Apprise.

Server and broadcast machine both send, so these adapters stand where both may import them.
"""
