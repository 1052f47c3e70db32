import { createSettingsReader } from "../core/settings.ts";
import type { FunctionId, FunctionSpec, FunctionState } from "../provider/provider.ts";
import { ApiError } from "./api/api-error.ts";
import { formatFunctionName } from "./invoke/function-name.ts";
import type { Routes } from "./invoke/routes.ts";
import { type OwnHosts, readWantedRoutes, type WantedRoute } from "./invoke/wanted-routes.ts";

export interface CustomRoutesOptions {
  readonly routes: Routes;
  readonly ownHosts: OwnHosts;
  /** A function is there that cannot have what it wants: `problem` names who has it. */
  readonly onTaken: (id: FunctionId, problem: string) => void;
}

interface Entry {
  readonly id: FunctionId;
  readonly createdAt: number;
  readonly wanted: readonly WantedRoute[];
}

/**
 * The hosts and paths that functions ask for by annotation. Of two that want the same one the older has it, and of two that
 * are as old the first by name: after a restart it is the same one.
 */
export class CustomRoutes {
  readonly #options: CustomRoutesOptions;
  /** Of those that want any, by `NAME.NAMESPACE`. */
  readonly #entries = new Map<string, Entry>();
  /** Who has which. */
  #holders = new Map<string, FunctionId>();

  constructor(options: CustomRoutesOptions) {
    this.#options = options;
  }

  see(state: FunctionState): void {
    const name = formatFunctionName(state);
    const before = this.#entries.get(name);
    const wanted = this.#read(state);
    const isSame = JSON.stringify(wanted) === JSON.stringify(before?.wanted ?? []);
    if (isSame && (before === undefined || before.createdAt === +state.createdAt)) return;
    this.#put(name, { id: idOf(state), createdAt: +state.createdAt, wanted });
    for (const route of wanted) {
      const holder = this.#holders.get(keyOf(route)) as FunctionId;
      if (formatFunctionName(holder) !== name)
        this.#options.onTaken(state, describe(route, holder));
    }
  }

  forget(id: FunctionId): void {
    this.#put(formatFunctionName(id), undefined);
  }

  /**
   * For whoever deploys: has the function's routes kept for it, so that of two that come at once only one goes on. Throws
   * `ApiError` (409) where another function has one of them. What it returns takes that back: it was not deployed.
   */
  reserve(spec: FunctionSpec): () => void {
    const name = formatFunctionName(spec);
    const wanted = this.#read(spec);
    for (const route of wanted) {
      const holder = this.#holders.get(keyOf(route));
      if (holder !== undefined && formatFunctionName(holder) !== name) {
        throw new ApiError(409, describe(route, holder));
      }
    }
    const before = this.#entries.get(name);
    const entry = { id: idOf(spec), createdAt: before?.createdAt ?? Date.now(), wanted };
    this.#put(name, entry);
    return () => {
      if (this.#entries.get(name) === entry) this.#put(name, before);
    };
  }

  #read({ annotations }: FunctionSpec): readonly WantedRoute[] {
    return readWantedRoutes(createSettingsReader(annotations), this.#options.ownHosts);
  }

  #put(name: string, entry: Entry | undefined): void {
    const hadAny = (this.#entries.get(name)?.wanted.length ?? 0) > 0;
    const hasAny = entry !== undefined && entry.wanted.length > 0;
    if (hasAny) this.#entries.set(name, entry);
    else this.#entries.delete(name);
    if (hadAny || hasAny) this.#assign();
  }

  #assign(): void {
    const given = new Map<string, FunctionId>();
    const routes = [...this.#entries].sort(byAge).flatMap(([, { id, wanted }]) =>
      wanted.flatMap((route) => {
        const key = keyOf(route);
        if (given.has(key)) return [];
        given.set(key, id);
        return [{ ...route, id }];
      }),
    );
    this.#holders = given;
    this.#options.routes.replace(routes);
  }
}

function byAge([name, one]: [string, Entry], [otherName, other]: [string, Entry]): number {
  return one.createdAt - other.createdAt || (name < otherName ? -1 : 1);
}

const idOf = ({ name, namespace }: FunctionId): FunctionId => ({ name, namespace });

/** As it is asked for; a host has no slash in it. */
const keyOf = ({ host = "", path }: WantedRoute): string => `${host}${path}`;

function describe(route: WantedRoute, holder: FunctionId): string {
  return `${keyOf(route)} belongs to the function ${formatFunctionName(holder)} already`;
}
