import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { noProgramReason } from "../../../support/has-program.ts";
import { NatsServer } from "../../../support/nats-server.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";
import { openOn } from "./open-nats.ts";
import { submissionOf } from "./submission.ts";

const reason = noProgramReason("nats-server");

test.skipIf(reason)(
  "what NATS has no room for is refused as such, and loses nothing that was accepted",
  async ({ expect }) => {
    const folder = createTemporaryFolder();
    onTestFinished(() => folder[Symbol.dispose]());
    const file = join(folder.path, "nats.conf");
    writeFileSync(file, "jetstream { max_file_store: 4MB }");
    const queue = await openOn(await NatsServer.start({ options: ["-c", file] }));
    const accepted: string[] = [];
    const fill = async () => {
      for (let number = 0; number < 100; number++) {
        const { request } = submissionOf("a");
        const body = Buffer.alloc(100_000);
        await queue.enqueue(submissionOf(`${number}`, { request: { ...request, body } }));
        accepted.push(`${number}`);
      }
    };
    await expect(fill()).rejects.toMatchObject({
      code: "full",
      message: "there is no room in NATS, which keeps what is queued",
    });
    expect(accepted.length).toBeGreaterThan(10);
    for (const callId of accepted) expect((await queue.find(callId))?.state).toBe("queued");
  },
);
