"""Makes one call of the handler out of one request. The process ends with it, so no request sees another one's state."""

import json
import os
import sys
from urllib.parse import parse_qsl

from function import handler


class Event:
    """The request."""

    def __init__(self, variables, body):
        self.method = variables.get("Http_Method", "GET")
        self.path = variables.get("Http_Path", "/")
        self.query = dict(parse_qsl(variables.get("Http_Query", ""), keep_blank_values=True))
        # Names in lower case, with dashes.
        self.headers = {
            name[len("Http_") :].replace("_", "-").lower(): value
            for name, value in variables.items()
            if name.startswith("Http_")
        }
        self.body = body


class Context:
    """What the request runs in."""

    def __init__(self, variables):
        self.hostname = variables.get("HOSTNAME", "localhost")


def to_answer(returned):
    """Status, headers and bytes of what the handler has returned."""
    if not (isinstance(returned, dict) and "statusCode" in returned):
        returned = {"body": returned}
    body, content_type = to_bytes(returned.get("body", ""))
    headers = {"Content-Type": content_type, **returned.get("headers", {})}
    return returned.get("statusCode", 200), headers, body


def to_bytes(body):
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    return json.dumps(body).encode(), "application/json"


def main():
    event = Event(os.environ, sys.stdin.buffer.read())
    status, headers, body = to_answer(handler.handle(event, Context(os.environ)))
    # The watchdog reads the head of the answer from descriptor 3, as one line of JSON, before the body.
    os.write(3, json.dumps({"status": status, "headers": headers}).encode() + b"\n")
    sys.stdout.buffer.write(body)


if __name__ == "__main__":
    main()
