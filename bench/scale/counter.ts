import { createServer, type ServerResponse } from "node:http";

/**
 * A function that counts its invocations by call id, and holds them for as long as it is told to. Who measures asks it beside
 * the gateway: `/hold`, `/release`, `/counts`.
 */
const counts = new Map<string, number>();
let held: ServerResponse[] | undefined;
let repeated = 0;

const server = createServer((request, response) => {
  request.resume().once("end", () => {
    if (request.url === "/hold") held ??= [];
    else if (request.url === "/release") release();
    else if (request.url === "/counts") {
      response.end(JSON.stringify({ repeated, ids: [...counts.keys()] }));
      return;
    } else {
      count(String(request.headers["x-call-id"]), String(request.headers["x-breeze-attempt"] ?? 1));
      if (held !== undefined) {
        held.push(response);
        return;
      }
    }
    response.end("ok");
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.http_port), "127.0.0.1");

function count(id: string, attempt: string): void {
  const before = counts.get(id) ?? 0;
  counts.set(id, before + 1);
  if (before > 0 || attempt !== "1") repeated++;
}

function release(): void {
  for (const response of held ?? []) response.end("ok");
  held = undefined;
}
