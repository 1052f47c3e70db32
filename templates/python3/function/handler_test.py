import unittest
from types import SimpleNamespace

from function.handler import handle


def call(body=b"", query=None):
    event = SimpleNamespace(method="POST", path="/greet", query=query or {}, headers={}, body=body)
    return handle(event, None)


class HandlerTest(unittest.TestCase):
    def test_greets_whom_the_body_names(self):
        answer = call(b"world")
        self.assertEqual(answer["statusCode"], 200)
        self.assertEqual(answer["body"], "Hello, world! You sent a POST to /greet.\n")

    def test_greets_whom_the_query_names(self):
        self.assertIn("Hello, moon!", call(query={"name": "moon"})["body"])

    def test_asks_for_a_name(self):
        self.assertEqual(call()["statusCode"], 400)


if __name__ == "__main__":
    unittest.main()
