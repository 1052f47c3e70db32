import { NOTES } from "../../core/annotations.ts";
import type { FunctionSpec } from "../provider.ts";
import { isImageFolder } from "./image-folder.ts";

/** What was asked for and is not so, because a process of this machine cannot have it: annotations for the function's state. */
export function annotateUnused(spec: FunctionSpec): Readonly<Record<string, string>> {
  const notes: Record<string, string> = {};
  if (!isImageFolder(spec.image)) notes[NOTES.image] = "not-used";
  if (spec.readOnlyRootFilesystem) notes[NOTES.readOnlyRootFilesystem] = "not-enforced";
  if (spec.limits !== undefined) notes[NOTES.limits] = "not-enforced";
  if (spec.requests !== undefined) notes[NOTES.requests] = "not-used";
  if (spec.constraints.length > 0) notes[NOTES.constraints] = "not-used";
  return notes;
}
