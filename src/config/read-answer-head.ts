import type { VariableReader } from "./variable-reader.ts";
import type { AnswerHeadConfig } from "./watchdog.ts";

export function readAnswerHead(reader: VariableReader): AnswerHeadConfig {
  return {
    controlDescriptor: reader.value("control_fd") !== undefined,
    exitCodes: reader.value("exit_codes") ?? NO_EXIT_CODES,
  };
}

const NO_EXIT_CODES: ReadonlyMap<number, number> = new Map();
