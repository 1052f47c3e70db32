import assert from "node:assert/strict";
import test from "node:test";
import handler from "./handler.js";

/** Calls the handler as the server does. */
async function call({ body = "", query = {} }) {
  const answer = { status: 200 };
  const context = {
    status: (code) => Object.assign(context, { code }),
    headers: () => context,
    succeed: (text) => Object.assign(answer, { status: context.code ?? 200, body: text }),
  };
  await handler({ method: "POST", path: "/greet", query, headers: {}, body }, context);
  return answer;
}

test("greets whom the body names", async () => {
  const { status, body } = await call({ body: "world" });
  assert.equal(status, 200);
  assert.equal(body, "Hello, world! You sent a POST to /greet.\n");
});

test("greets whom the query names", async () => {
  assert.match((await call({ query: { name: "moon" } })).body, /^Hello, moon!/);
});

test("asks for a name", async () => {
  assert.equal((await call({})).status, 400);
});
