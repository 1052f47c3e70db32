import { test } from "vitest";
import { ProviderError } from "../../../../src/provider/provider.ts";
import { startApi } from "../../../support/start-api.ts";

const FUNCTIONS = "/system/functions";

test("what the provider refuses has a status for each reason and its sentence as the body", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  const codes = ["notFound", "conflict", "invalid", "unsupported", "unavailable", "full"] as const;
  const answers = [];
  for (const code of codes) {
    provider.failure = new ProviderError(code, `because of ${code}`);
    const { status, body } = await ask("GET", FUNCTIONS);
    answers.push([status, body]);
  }
  expect(answers).toEqual([
    [404, "because of notFound\n"],
    [409, "because of conflict\n"],
    [400, "because of invalid\n"],
    [501, "because of unsupported\n"],
    [502, "because of unavailable\n"],
    [507, "because of full\n"],
  ]);
});

test("a fault that nobody thought of is 500 with an id, and its text is in the log alone", async ({
  expect,
}) => {
  const { ask, provider, faults } = await startApi();
  provider.failure = new Error("the password is 1234");
  const { status, body } = await ask("GET", FUNCTIONS);
  expect(status).toBe(500);
  expect(body).not.toContain("1234");
  expect(faults).toEqual([provider.failure]);
});
