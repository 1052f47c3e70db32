import {
  type GatewayConfigReading,
  readGatewayConfig,
} from "../../../../src/config/gateway/read.ts";
import { problemsOf as problemsOfReading } from "../../../support/problems-of.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads a configuration of somebody who has a home. */
export function read(variables: Variables): GatewayConfigReading {
  return readGatewayConfig({ HOME: "/home/ann", ...variables });
}

/** What is wrong with a configuration, one line each. */
export const problemsOf = (variables: Variables): readonly string[] =>
  problemsOfReading(() => read(variables));
