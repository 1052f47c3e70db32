import type { WatchdogConfig } from "../../config/watchdog.ts";
import { withSaid } from "../answer-head.ts";
import { describeFailure } from "../failure.ts";
import { bodyFailureText, durationHeader, failureStatus, outcomeHeader } from "../response.ts";
import type { BufferedMode } from "./buffered.ts";
import { OF_CONTENT_TYPE } from "./content-type.ts";

/** of-watchdog's mode with both sides whole: the output, or nothing but the reason. */
export function createSerializingMode(config: WatchdogConfig): BufferedMode {
  const type = config.contentType ?? OF_CONTENT_TYPE;
  return {
    allowsMethod: () => true,
    toInput: (_exchange, body) => body,
    toAnswer({ outcome, said, output, seconds }) {
      const headers = ["Content-Type", type, ...durationHeader(seconds), ...outcomeHeader(outcome)];
      if (said !== undefined) {
        return { status: said.status, headers: withSaid(headers, said.headers), body: output };
      }
      return {
        status: failureStatus(outcome),
        headers,
        body: describeFailure(outcome, config.command),
      };
    },
    failBody: (exchange, failure) => ({
      // A client whose framing cannot be trusted is told so; for one that is late or leaves, theirs blames itself.
      status: failure === "malformed" ? 400 : 500,
      headers: ["Content-Type", type, ...durationHeader(exchange.seconds)],
      body: bodyFailureText(failure, exchange.request.socket),
    }),
  };
}
