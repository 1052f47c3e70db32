import { request as send } from "node:http";
import { text } from "node:stream/consumers";
import type { Seen } from "./echo-server.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What somebody who means well is answered wrongly, on connections of his own. `name`: of the function that he asks. */
export async function findProbeFault(
  port: number,
  name: string,
  number: number,
): Promise<string | undefined> {
  const sent = `probe ${number}`;
  const target = `/probe/a%2fb?number=${number}`;
  const { status, body } = await ask(port, "PUT", `/function/${name}${target}`, sent);
  if (status !== 200) return `a good request to ${name} was answered ${status}: ${body}`;
  const seen = JSON.parse(body) as Seen;
  const got = [seen.function, seen.method, seen.target, seen.body];
  const wanted = [name, "PUT", target, sent];
  if (got.join("\n") !== wanted.join("\n")) return `${name} got ${got}, not ${wanted}`;
  const closed = await ask(port, "GET", "/system/functions", "");
  return closed.status === 401 ? undefined : `who says nothing is answered ${closed.status}`;
}

async function ask(port: number, method: string, path: string, body: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asked = send({ host: "127.0.0.1", port, method, path, agent: false });
  asked.once("error", reject).once("response", (response) => {
    const status = response.statusCode as number;
    text(response).then((received) => resolve({ status, body: received }), reject);
  });
  asked.end(body);
  return await promise.catch((error: Error) => ({ status: 0, body: error.message }));
}
