"""Who may come in: sign-in, accounts, rights, security headers."""
