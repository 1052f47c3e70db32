import { BreezeError } from "../../src/core/errors.ts";

/** What is wrong with the configuration that is read, one line each. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof BreezeError && error.code === "CONFIG_INVALID") return error.details;
    throw error;
  }
}
