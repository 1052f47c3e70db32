import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { BreezeError } from "../../core/errors.ts";

/** What an issuer says of itself and its keys is a few kilobytes. */
const LARGEST_BYTES = 1024 * 1024;

/** The document at an address. Rejects with `KEYS_UNAVAILABLE`, at the latest when `limitMs` are over. */
export async function getJson(url: URL, limitMs: number, signal: AbortSignal): Promise<unknown> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  try {
    const response = await request(url, bounded);
    const text = response.statusCode === 200 ? await readText(response) : undefined;
    response.destroy();
    if (text === undefined) throw unavailable(`the answer is ${response.statusCode}, not 200`);
    return parse(text);
  } catch (error) {
    throw unavailable(`GET ${url.href}: ${reasonOf(error as Error, bounded)}`, error);
  }
}

export function unavailable(message: string, cause?: unknown): BreezeError {
  return new BreezeError("KEYS_UNAVAILABLE", message, { cause });
}

/** Redirects are not followed: who answers for tokens is configured, not found. */
async function request(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  // TLS is not loaded for nothing.
  const send = url.protocol === "https:" ? (await import("node:https")).get : get;
  const headers = { "User-Agent": "openfaas-watchdog", Accept: "application/json" };
  const [response] = await once(send(url, { agent: false, headers, signal }), "response");
  return response as IncomingMessage;
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BYTES) throw unavailable("the answer is larger than 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unavailable("the answer is no JSON");
  }
}

function reasonOf(error: NodeJS.ErrnoException, { aborted, reason }: AbortSignal): string {
  if (aborted) return reason.name === "TimeoutError" ? "no whole answer in time" : "given up";
  // Of several addresses that were tried in vain Node gives a code, and no message.
  return error.message || (error.code ?? error.name);
}
