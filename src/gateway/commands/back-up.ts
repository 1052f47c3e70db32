import { resolve } from "node:path";
import { backUp } from "../data/back-up.ts";
import type { Command } from "./command.ts";

export const backUpCommand: Command = {
  name: "backup",
  parameters: ["FOLDER"],
  summary: "copies what must survive of data_dir into a new folder, while the gateway runs",
  help: `In the copy is all that was accepted before: the queue, functions, namespaces, secrets, tokens, a made password.
Not in it are logs, the folders that functions were deployed from, and what is queued in NATS.
Secrets are in it as they are: only its owner may read the folder, and it should stay so.`,
  options: {},
  optionLines: [],
  run({ positionals: [given = ""] }, { config, release, dataItems, note }) {
    const { dataDirectory, queue } = config;
    const folder = resolve(given);
    const paths = backUp({ dataDirectory, folder, release, items: dataItems });
    if (queue.kind === "nats") note("queue=nats: what is queued there is not in this backup");
    note(`${folder} has ${paths.join(", ")} of ${dataDirectory}`);
  },
};
