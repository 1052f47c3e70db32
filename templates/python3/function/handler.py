def handle(event, context):
    """The request: event.method, event.path, event.query, event.headers, event.body (bytes). What is returned is the answer.

    A dictionary with a "statusCode" sets status and headers; anything else is the body: text, bytes, or what json.dumps takes.
    What is written to stderr is logged, and an exception is a 500.
    """
    name = event.body.decode() or event.query.get("name", "")
    if name == "":
        return {"statusCode": 400, "body": "Whom shall I greet? Send a name.\n"}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "text/plain; charset=utf-8"},
        "body": f"Hello, {name}! You sent a {event.method} to {event.path}.\n",
    }
