import { redirect } from "../../../http/direct-answer.ts";
import { alertBodySchema } from "../../scaling/alerts.ts";
import { sayJson, sayNothing, sayText } from "../answer.ts";
import { ApiError } from "../api-error.ts";
import { defineRoute, type Route } from "../route.ts";
import { asyncReport, type SystemInfo, systemInfo } from "../schema/system.ts";
import type { RowContext, Version } from "../surroundings.ts";

export function systemRoutes(context: RowContext): Route[] {
  return [info(context), alert(context), report(context), health(context), metrics(context), home];
}

const info = ({ provider, version, architecture }: RowContext) =>
  defineRoute({
    method: "GET",
    path: "/system/info",
    scope: "read",
    summary: "Says what runs here, and in which version",
    success: { status: 200, description: "Gateway and provider", schema: systemInfo },
    failures: [],
    answer() {
      const { name, orchestration } = provider.info;
      // A provider is a part of this program.
      const said = toVersion(version);
      const answer: SystemInfo = {
        provider: { provider: name, orchestration, version: said },
        version: said,
        arch: architecture,
      };
      return sayJson(answer);
    },
  });

const toVersion = ({ commitMessage, sha, release }: Version) => ({
  commit_message: commitMessage,
  sha,
  release,
});

const alert = ({ onAlert }: RowContext) =>
  defineRoute({
    method: "POST",
    path: "/system/alert",
    scope: "alert",
    summary: "Takes what Alertmanager has to say",
    body: alertBodySchema,
    isBodyText: true,
    success: { status: 200, description: "It was taken, or nothing had to be done" },
    failures: [500],
    async answer({ text, signal }) {
      const { status, body } = await onAlert(text, signal);
      return body === "" ? sayNothing(status) : sayText(status, body.trimEnd());
    },
  });

const report = ({ ids, onAsyncReport }: RowContext) =>
  defineRoute({
    method: "POST",
    path: "/system/async-report",
    scope: "admin",
    summary: "Takes a queue worker's word that it has run an invocation",
    body: asyncReport,
    success: { status: 200, description: "It was counted" },
    failures: [],
    async answer({ body }) {
      onAsyncReport(await ids.resolve(body.name), body);
      return sayNothing(200);
    },
  });

/** How long the provider has to say that it is there. */
const PROVIDER_TIMEOUT_MS = 5_000;

const health = ({ provider, isDraining }: RowContext) =>
  defineRoute({
    method: "GET",
    path: "/healthz",
    scope: "open",
    summary: "Says whether gateway and provider answer, and will go on to",
    success: { status: 200, description: "They do", type: TEXT },
    failures: [502, 503],
    async answer({ signal }) {
      if (isDraining()) throw new ApiError(503, "the gateway is stopping");
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PROVIDER_TIMEOUT_MS)]);
      await untilAborted(provider.listNamespaces(limit), limit).catch(() => {
        throw new ApiError(502, `the provider ${provider.info.name} does not answer`);
      });
      return { ...sayText(200, "OK"), body: "OK" };
    },
  });

const TEXT = "text/plain; charset=utf-8";

/** Whether or not what is waited for looks at the signal itself. */
function untilAborted(waited: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return Promise.race([waited, promise]);
}

const EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";

const metrics = (context: RowContext) =>
  defineRoute({
    method: "GET",
    path: "/metrics",
    scope: "open",
    summary: "Counts and times, for Prometheus",
    success: { status: 200, description: "In its text format", type: EXPOSITION },
    failures: [],
    answer: () => ({
      status: 200,
      headers: ["Content-Type", EXPOSITION],
      body: context.metrics(),
    }),
  });

const home = defineRoute({
  method: "GET",
  path: "/",
  scope: "open",
  summary: "Leads to the page for people",
  success: { status: 307, description: "To /ui/", type: "text/html; charset=utf-8" },
  failures: [],
  answer: () => redirect("/ui/", "GET"),
});
