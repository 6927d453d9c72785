"""What makes a password one that may be used."""

SHORTEST_PASSWORD = 12


def password_problems(password: str, login: str) -> dict[str, str]:
    """What is wrong with a password, for the field's error; empty when it may be used."""
    if len(password) < SHORTEST_PASSWORD:
        return {"password": f"Use at least {SHORTEST_PASSWORD} letters; a short sentence is fine."}
    if len(password) > 1000:
        return {"password": "Use at most 1000 letters."}
    if login and login in password.casefold():
        return {"password": "Leave your login out of your password."}
    return {}
