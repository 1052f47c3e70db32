import type { Random } from "../../../../bench/soak/random.ts";
import { mutate, pick } from "../../mutate.ts";
import { ROWS } from "./admin-rows.ts";
import { withPiece } from "./odd-json.ts";
import { drawPath } from "./odd-queries.ts";

const BODIES: readonly string[] = ROWS.map(({ body }) => JSON.stringify(body));

/** A request of somebody who may manage functions, with a body or a query that no program of ours would send. */
export function drawAdminRequest(authorization: string, random: Random): string {
  const row =
    random.next() < 0.3 ? { method: "GET", path: drawPath(random), body: "" } : drawBody(random);
  const lines = `Host: gateway\r\nAuthorization: ${authorization}\r\nContent-Length: ${row.body.length}\r\n`;
  return `${row.method} ${row.path} HTTP/1.1\r\n${lines}\r\n${row.body}`;
}

function drawBody(random: Random) {
  const { method, path, body } = pick(ROWS, random);
  let text = JSON.stringify(body);
  for (let count = random.below(3); count > 0; count--) text = withPiece(text, random);
  if (random.next() < 0.5) text = mutate(text, BODIES, random);
  return { method, path, body: text };
}
