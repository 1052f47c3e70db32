import type { DefinitionReader } from "../definition-reader.ts";
import type { GATEWAY_VARIABLES } from "./variables.ts";

/** Reads the gateway's variables. */
export type GatewayReader = DefinitionReader<typeof GATEWAY_VARIABLES>;
