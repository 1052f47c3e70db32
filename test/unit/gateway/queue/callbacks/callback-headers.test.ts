import { createHmac } from "node:crypto";
import { describe, test } from "vitest";
import { callbackHeaders } from "../../../../../src/gateway/queue/callbacks/callback-headers.ts";

const claimOf = (headers: readonly string[]) => ({
  lease: "",
  callId: "call-1",
  function: { name: "echo", namespace: "openfaas-fn" },
  attempt: 1,
  tries: 1,
  url: "https://hooks.example.com/",
  answer: { status: 201, headers, body: Buffer.from("héllo"), durationMs: 1_234.5 },
});

const pairs = (headers: readonly string[]) =>
  headers.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${headers[index + 1]}`] : []));

describe("the headers of a callback", () => {
  test("are the function's, and what the invocation was", ({ expect }) => {
    expect(pairs(callbackHeaders(claimOf(["X-A", "1", "x-a", "2"]), undefined))).toEqual([
      "X-A: 1",
      "x-a: 2",
      "Content-Length: 6",
      "User-Agent: breeze",
      "X-Call-Id: call-1",
      "X-Function-Name: echo",
      "X-Function-Status: 201",
      "X-Duration-Seconds: 1.234500",
    ]);
  });

  test("T32: are ours where a function says the same, in whatever letters", ({ expect }) => {
    const spoofed = [
      ...["X-Function-Status", "200", "x-function-name", "other", "X-CALL-ID", "forged"],
      ...["X-Duration-Seconds", "0", "Webhook-Signature", "v1,x", "webhook-id", "x"],
      ...["Webhook-Timestamp", "1", "Host", "inside", "Content-Length", "1", "Expect", "x"],
    ];
    const headers = callbackHeaders(claimOf(spoofed), undefined);
    expect(headers).toEqual(callbackHeaders(claimOf([]), undefined));
  });

  test("T27: have nothing of the function's connection", ({ expect }) => {
    const connection = ["Connection", "X-Secret", "X-Secret", "1", "Transfer-Encoding", "chunked"];
    const headers = callbackHeaders(claimOf(connection), undefined);
    expect(headers).toEqual(callbackHeaders(claimOf([]), undefined));
  });

  test("have a signature of call id, time and body where there is a key", ({ expect }) => {
    const key = Buffer.from("a key");
    const headers = pairs(callbackHeaders(claimOf([]), key, 1_700_000_000_999));
    const expected = createHmac("sha256", key).update("call-1.1700000000.héllo").digest("base64");
    expect(headers.slice(-3)).toEqual([
      "Webhook-Id: call-1",
      "Webhook-Timestamp: 1700000000",
      `Webhook-Signature: v1,${expected}`,
    ]);
  });
});
