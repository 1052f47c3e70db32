/** Theirs start without a program that can be found, write lines, and have metrics whether one can use them or not. */
export const ourVariables = { strict_config: "false", log_format: "text", metrics_port: "0" };
