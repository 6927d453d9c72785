"""Access control: sign-in, accounts, rights and security headers."""
