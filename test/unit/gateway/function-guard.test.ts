import { describe, test } from "vitest";
import { createCallerResolver } from "../../../src/gateway/auth/caller.ts";
import { FunctionGuard } from "../../../src/gateway/function-guard.ts";
import type { Failure } from "../../../src/gateway/invoke/failure.ts";
import type { Exchange } from "../../../src/http/exchange.ts";
import type { FunctionState } from "../../../src/provider/provider.ts";
import { asking } from "./auth/asking.ts";

const KEY = "the-key";
const token = {
  ...{ id: "1", name: "n", scopes: ["invoke" as const], functions: [], hash: "" },
  ...{ createdAt: new Date(0), expiresAt: undefined },
};

function create() {
  return new FunctionGuard({
    tokens: { find: (secret) => (secret === KEY ? (token as never) : undefined) },
    keys: { judge: async () => undefined },
    caller: createCallerResolver([]),
    isDelivery: ({ request }) => request.headers["x-breeze-delivery"] === "secret",
    deliveryHeader: "x-breeze-delivery",
  });
}

const state = (annotations: Readonly<Record<string, string>>): FunctionState =>
  ({ name: "f", namespace: "ns", annotations }) as unknown as FunctionState;

const exchange = (headers: Record<string, string> = {}, address = "10.0.0.1"): Exchange =>
  ({ request: asking(headers, address) }) as unknown as Exchange;

const statusOf = async (verdict: Failure | undefined | Promise<Failure | undefined>) =>
  (await verdict)?.status;

describe("the guard of functions", () => {
  test("lets everybody in where nothing is said, with nothing to wait for", ({ expect }) => {
    expect(create().admit(exchange(), state({}))).toBeUndefined();
  });

  test("asks for a key where the annotation says so, names its header, and passes the gateway's own deliveries", async ({
    expect,
  }) => {
    const guard = create();
    const closed = state({ "breeze.auth": "api-key" });
    expect(await statusOf(guard.admit(exchange(), closed))).toBe(401);
    const known = exchange({ "x-api-key": KEY });
    expect(await statusOf(guard.admit(known, closed))).toBeUndefined();
    expect(guard.credentialHeaders(known, closed)).toEqual(["x-api-key"]);
    const bearer = exchange({ authorization: `Bearer ${KEY}` });
    expect(await statusOf(guard.admit(bearer, closed))).toBeUndefined();
    expect(guard.credentialHeaders(bearer, closed)).toEqual(["authorization"]);
    const own = exchange({ "x-breeze-delivery": "secret" });
    expect(guard.admit(own, closed)).toBeUndefined();
    expect(guard.credentialHeaders(own, closed)).toEqual(["x-breeze-delivery"]);
    const guessed = exchange({ "x-breeze-delivery": "guessed" });
    expect(await statusOf(guard.admit(guessed, closed))).toBe(401);
  });

  test("refuses everybody where the rules cannot be used", async ({ expect }) => {
    const odd = state({ "breeze.auth": "handshake" });
    expect(await statusOf(create().admit(exchange({ "x-api-key": KEY }), odd))).toBe(403);
  });

  test("goes on counting when the function changes in another way, and begins anew when its rules do or it was removed", async ({
    expect,
  }) => {
    const guard = create();
    const limited = () => state({ "breeze.rate-limit": "1/h" });
    const ask = (of: FunctionState) => statusOf(guard.admit(exchange(), of));
    expect(await ask(limited())).toBeUndefined();
    expect(await ask(limited())).toBe(429);
    expect(await ask(state({ "breeze.rate-limit": "2/h" }))).toBeUndefined();
    expect(await ask(limited())).toBeUndefined();
    expect(await ask(limited())).toBe(429);
    guard.forget("f.ns");
    expect(await ask(limited())).toBeUndefined();
  });

  test("limits each caller by itself", async ({ expect }) => {
    const guard = create();
    const limited = state({ "breeze.rate-limit.caller": "1/h" });
    const ask = (address: string) => statusOf(guard.admit(exchange({}, address), limited));
    expect(await ask("10.0.0.1")).toBeUndefined();
    expect(await ask("10.0.0.1")).toBe(429);
    expect(await ask("10.0.0.2")).toBeUndefined();
  });
});
