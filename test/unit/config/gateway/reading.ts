import {
  type GatewayConfigReading,
  readGatewayConfig,
} from "../../../../src/config/gateway/read.ts";
import { BreezeError } from "../../../../src/core/errors.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads a configuration of somebody who has a home. */
export function read(variables: Variables): GatewayConfigReading {
  return readGatewayConfig({ HOME: "/home/ann", ...variables });
}

/** What is wrong with a configuration, one line each. */
export function problemsOf(variables: Variables): readonly string[] {
  try {
    read(variables);
    return [];
  } catch (error) {
    if (error instanceof BreezeError && error.code === "CONFIG_INVALID") return error.details;
    throw error;
  }
}
