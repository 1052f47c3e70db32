import type { WatchdogConfig } from "../../config/watchdog.ts";
import { type CompleteHead, withSaid } from "../answer-head.ts";
import { describeFailure } from "../failure.ts";
import { marshalRequest } from "../marshal.ts";
import {
  type Answer,
  type AnswerInput,
  bodyFailureText,
  durationHeader,
  failureStatus,
  outcomeHeader,
  prepend,
  sniffType,
} from "../response.ts";
import type { BufferedMode } from "./buffered.ts";

/** The classic watchdog's mode: the exit status decides the answer's. */
export function createClassicMode(config: WatchdogConfig): BufferedMode {
  return {
    allowsMethod: (method) => METHODS.has(method),
    toInput: (exchange, body) =>
      config.marshalRequest ? marshalRequest(exchange.request.rawHeaders, body) : body,
    toAnswer: (input) => (input.said === undefined ? fail(input) : succeed(input, input.said)),
    failBody(exchange, failure) {
      const body = `${bodyFailureText(failure, exchange.request.socket)}\n`;
      return { status: 400, headers: ["Content-Type", sniffType(body)], body };
    },
  };
}

const METHODS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);

function succeed(
  { config, output, requestType, seconds }: AnswerInput,
  { status, headers: said }: CompleteHead,
): Answer {
  const headers: string[] = durationHeader(seconds);
  // As theirs: the type that was configured, else the request's own, else what the bytes look like.
  const type = config.contentType || requestType || (output.size > 0 ? sniffType(output) : "");
  if (type !== "") headers.push("Content-Type", type);
  return { status, headers: withSaid(headers, said), body: output };
}

function fail({ config, outcome, output }: AnswerInput): Answer {
  const isTimeout = outcome.kind === "timedOut";
  const reason = isTimeout ? "Killed process." : describeFailure(outcome, config.command);
  const isFunctionsOwn = outcome.kind === "exited" || outcome.kind === "signaled";
  const body = isFunctionsOwn ? prepend(`${reason}\n`, output) : `${reason}\n`;
  const headers = ["Content-Type", sniffType(body), ...outcomeHeader(outcome)];
  return { status: isTimeout ? 408 : failureStatus(outcome), headers, body };
}
