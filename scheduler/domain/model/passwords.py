"""The rules that a password must meet."""

SHORTEST_PASSWORD = 12


def password_problems(password: str, login: str) -> dict[str, str]:
    """Return what is wrong with a password, for the field's error; empty when it may be used."""
    if len(password) < SHORTEST_PASSWORD:
        return {
            "password": f"Use at least {SHORTEST_PASSWORD} characters; a short sentence works well."
        }
    if len(password) > 1000:
        return {"password": "Use at most 1000 characters."}
    if login and login in password.casefold():
        return {"password": "Leave your sign-in name out of your password."}
    return {}
