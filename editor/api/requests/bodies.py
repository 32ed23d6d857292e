"""The kind of a call's body: by its first mark, where its Content-Type says nothing, or the wrong.

What is typed at a prompt (curl -d '{…}'), and strings that libraries send as they are, come as forms, as
plain text, or without a word of what they are.
"""

from django.http import HttpRequest

from editor.api.errors import ApiError

JSON, URLENCODED, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
# Of these the first mark decides: no form begins with a brace.
UNTOLD = ("", "text/plain", URLENCODED)
BLANKS = b"\xef\xbb\xbf \t\r\n"
NO_BOUNDARY = (
    "Content-Type says multipart/form-data and no boundary. Leave that header out: whatever makes the form "
    "writes it."
)

SEND_A_FORM = "Send multipart/form-data with the picture as a file, or a JSON object with its address."


def settle_kind(request: HttpRequest, most: int) -> None:
    """Make request.content_type one of ours where the body is, and read the body where it is text.

    most: bytes of text that the call may have, 0 for as much as Django takes. Raises ApiError 400 for a form
    that nobody can take apart, 413 for too much text.
    """
    kind = request.content_type or ""
    packed = request.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("", "identity"):
        raise ApiError(400, f"The body is packed ({packed[:20]}), which is not done here. Send it as it is.")
    if kind == MULTIPART:
        if not (request.content_params or {}).get("boundary"):
            raise ApiError(400, NO_BOUNDARY)
        # Kinds count in any case, but to Django's parser.
        _, semicolon, options = request.META["CONTENT_TYPE"].partition(";")
        request.META["CONTENT_TYPE"] = kind + semicolon + options
        return
    if kind.endswith("+json"):
        kind = JSON
    if request.method == "POST" and kind in (JSON, *UNTOLD):
        if most:
            read_long_body(request, most)
        if kind != JSON:
            kind = JSON if request.body.lstrip(BLANKS).startswith(b"{") else URLENCODED
            # A form of this kind is in UTF-8 whatever is said of it, by RFC 1866.
            request.encoding = "utf-8"
        request.content_type = kind
    elif request.method == "POST":
        if request.read(1):
            raise ApiError(400, f"The body is of the kind {kind[:60]}. {SEND_A_FORM}")
        request._body = b""  # all is in the address


def read_long_body(request: HttpRequest, most: int) -> None:
    """Read a body of up to `most` bytes into memory, though Django would take less of text.

    Raises ApiError 413 for what is longer.
    """
    body = request.read(most + 1)
    if len(body) > most:
        raise ApiError(
            413, f"The text of this call has more than {most // 2**20} MB. Send the picture as a file."
        )
    request._body = body  # where Django keeps it once it was read
