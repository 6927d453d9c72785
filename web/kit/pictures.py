"""The HTTP answer with the newest picture of a channel or a source."""

from flask import Response, make_response, request

from web.kit.context import services


def newest_picture(name: str) -> Response:
    """Answer with the newest picture: 304 if the browser has it, 204 while there is none.

    Asking marks the picture as watched for ten seconds.
    """
    cache = services().pictures
    newest = cache.ask(name)
    if newest is None:
        return make_response("", 204)
    same = request.headers.get("If-None-Match") == f'"{newest.etag}"'
    answer = make_response(b"" if same else newest.jpeg, 304 if same else 200)
    answer.mimetype = "image/jpeg"
    answer.headers["ETag"] = f'"{newest.etag}"'
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Gavel-Meter"] = newest.meter
    answer.headers["X-Gavel-Age"] = f"{cache.age(name) or 0:.1f}"
    return answer
