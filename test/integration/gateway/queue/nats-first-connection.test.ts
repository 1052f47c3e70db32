import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { describe, onTestFinished, test } from "vitest";
import { noProgramReason } from "../../../support/has-program.ts";
import { NatsServer } from "../../../support/nats-server.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";
import { until } from "../../../support/until.ts";
import { isAway } from "./is-away.ts";
import { openOn } from "./open-nats.ts";
import { submissionOf } from "./submission.ts";

const reason = noProgramReason("nats-server");
const isSkipped = reason !== undefined;
const because = isSkipped ? ` (${reason})` : "";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function newFile(text: string): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const file = join(folder.path, "file");
  writeFileSync(file, text);
  return file;
}

describe.skipIf(isSkipped)(`the first connection to NATS${because}`, () => {
  test("is waited for, since a stack starts in any order", async ({ expect }) => {
    const port = await freePort();
    const warnings: string[] = [];
    const queue = await openOn({ port }, { warn: (line) => warnings.push(line) });
    expect(warnings).toEqual([expect.stringMatching(/is away, nothing can be queued: .+/)]);
    expect(await isAway(queue)).toBe(true);
    let woken = 0;
    queue.watch(() => woken++);
    await NatsServer.start({ port });
    await until("it is there", async () => !(await isAway(queue)));
    expect([await queue.enqueue(submissionOf("a")), woken > 0]).toEqual([true, true]);
  });

  test("is not waited for for ever", async ({ expect }) => {
    const port = await freePort();
    let lost: Error | undefined;
    await openOn({ port }, { patienceMs: 200, onLost: (error) => (lost = error) });
    await until("it is given up", () => lost !== undefined);
    expect(lost?.message).toMatch(`NATS at 127.0.0.1:${port} cannot be used: `);
  });

  test("that is refused ends the start at once", async ({ expect }) => {
    const server = await NatsServer.start({ options: ["--user", "ann", "--pass", "secret"] });
    const refused = { code: "unusable", message: expect.stringMatching(/authorization/i) };
    await expect(openOn(server)).rejects.toMatchObject(refused);
    const wrong = openOn(server, { at: { credentialsFile: newFile("ann:wrong\n") } });
    await expect(wrong).rejects.toMatchObject(refused);
    const queue = await openOn(server, { at: { credentialsFile: newFile("ann:secret\n") } });
    expect(await queue.enqueue(submissionOf("a"))).toBe(true);
  });

  test("takes a token", async ({ expect }) => {
    const server = await NatsServer.start({ options: ["--auth", "a-token"] });
    const queue = await openOn(server, { at: { credentialsFile: newFile("a-token\n") } });
    expect(await queue.enqueue(submissionOf("a"))).toBe(true);
  });

  test("says what is missing where there is no JetStream", async ({ expect }) => {
    const server = await NatsServer.start({ jetStream: false });
    const warnings: string[] = [];
    await openOn(server, { warn: (line) => warnings.push(line) });
    expect(warnings[0]).toMatch(/JetStream is not enabled/i);
  });

  test("ends the start where the streams are somebody else's, or a newer program's", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    const connection = await connect({ servers: `127.0.0.1:${server.port}` });
    onTestFinished(() => connection.close());
    const { streams } = await jetstreamManager(connection);
    const subjects = ["faas-request.intake.*", "faas-request.course.*", "faas-request.mark"];
    const stream = { name: "faas-request-invocations", subjects };
    await streams.add(stream);
    await expect(openOn(server)).rejects.toMatchObject({ code: "unusable" });
    const description = "Invocations of the Breeze gateway, version 2";
    await streams.update(stream.name, { description });
    await expect(openOn(server)).rejects.toMatchObject({ code: "newer" });
    const elsewhere = await openOn(server, { at: { channel: "other.channel" } });
    expect(await elsewhere.enqueue(submissionOf("a"))).toBe(true);
  });
});
