import { resolve } from "node:path";
import { FolderInUse, lockFolder } from "../../core/folder-lock.ts";
import { dataUnusable } from "../data/data-unusable.ts";
import { stageRestore, takeRestored } from "../data/restore.ts";
import type { Command } from "./command.ts";

export const restoreCommand: Command = {
  name: "restore",
  parameters: ["FOLDER"],
  summary: "puts a backup in the place of what data_dir has",
  help: `The backup is checked and copied first. Where no gateway runs on data_dir it is put into its place at once, and else at
the gateway's next start; until then the gateway works on with what it has. What was there is kept in data_dir/replaced-TIME.
To look at a backup first, restore it elsewhere and start a second gateway there:
  data_dir=/tmp/look gateway restore FOLDER && data_dir=/tmp/look port=8090 metrics_port=0 gateway
What was queued and had not finished when the backup was made runs again.`,
  options: {},
  optionLines: [],
  run({ positionals: [given = ""] }, { config, dataItems, note }) {
    const { dataDirectory } = config;
    const folder = resolve(given);
    stageRestore(folder, dataDirectory, dataItems);
    try {
      using _lock = lockFolder(dataDirectory);
      takeRestored(dataDirectory, dataItems);
      note(`${dataDirectory} is as it was backed up; what was there is in its replaced-TIME`);
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw dataUnusable(dataDirectory, error);
      note(`a gateway runs on ${dataDirectory}: it takes the backup over at its next start`);
    }
  },
};
