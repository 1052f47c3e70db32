import type { Variable } from "../../variable.ts";

const functions = { group: "Functions" } as const;
const scaling = { group: "Scaling" } as const;

/** What runs functions, how many of each, and where that is kept. */
export const FUNCTION_VARIABLES = {
  provider: {
    ...functions,
    kind: "choice",
    origin: "breeze",
    default: "local",
    choices: ["local"],
    text: "What runs functions. `local`: watchdogs on this machine, with no Docker.",
  },
  data_dir: {
    ...functions,
    kind: "text",
    origin: "breeze",
    unset: "`$XDG_STATE_HOME/breeze`, or `~/.local/state/breeze`",
    text: "The folder of all that must survive a restart: functions, the queue, tokens, a made password.",
  },
  function_namespace: {
    ...functions,
    kind: "text",
    origin: "gateway",
    unset: "`openfaas-fn`",
    text: "The namespace of functions that name none. Where it is set, metrics say `NAME.NAMESPACE` of these functions too, otherwise `NAME` as in 2017.",
  },
  samples: {
    ...functions,
    kind: "boolean",
    origin: "breeze",
    default: "false",
    text: "Deploys the sample functions at start, those that are not there, also one that was removed: echoit, wordcount and others. A function of yours with such a name stays as it is. `npm start` sets it.",
  },
  scaling: {
    ...scaling,
    kind: "choice",
    origin: "breeze",
    default: "builtin",
    choices: ["builtin", "alertmanager", "both"],
    text: "Who decides how many replicas there are: the gateway by what it counts, Alertmanager by its webhook, or both.",
  },
  scaling_arithmetic: {
    ...scaling,
    kind: "choice",
    origin: "breeze",
    default: "current",
    choices: ["2017", "current"],
    text: "How much an alert of Alertmanager scales. `2017`: 1 to 5, then 5 more each time. `current`: by `com.openfaas.scale.factor` percent of the maximum.",
  },
  scale_from_zero: {
    ...scaling,
    kind: "boolean",
    origin: "gateway",
    default: "true",
    text: "A request for a function without replicas starts one and waits for it; otherwise it is answered 503.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
