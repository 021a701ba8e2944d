import { type ClientOptions, NotFoundError, type VectronClient } from "@vectron/core";
import { AssertionError, fail } from "./assert/assert.ts";
import type { Capability } from "./capabilities.ts";
import type { CaseContext } from "./conformance-case.ts";
import { globals } from "./globals.ts";
import type { ConformanceTarget } from "./target.ts";

/** How long a lagging search may take to show a write. The stock server's index runs some 200 ms behind. */
const VISIBILITY_TIMEOUT_MS = 10_000;
const VISIBILITY_POLL_MS = 100;

/** What cases share: one target, one client, one supply of names. */
export interface SuiteResources {
  readonly target: ConformanceTarget;
  readonly capabilities: ReadonlySet<Capability>;
  readonly client: VectronClient;
  /** A new collection name, unlike any that this or another run has used. */
  nextName(): string;
}

/** The context of one run of one case, and the cleaning up after it. */
export class CaseScope implements CaseContext {
  readonly target: CaseContext["target"];
  readonly apiKey: string | undefined;
  readonly client: VectronClient;
  readonly #resources: SuiteResources;
  readonly #clients: VectronClient[] = [];
  readonly #names: string[] = [];

  constructor(resources: SuiteResources) {
    const { target, capabilities, client } = resources;
    this.#resources = resources;
    this.target = { name: target.name, capabilities };
    this.apiKey = target.apiKey;
    this.client = client;
  }

  connect(options: ClientOptions = {}): VectronClient {
    return this.#own(this.#resources.target.connect(withKey(this.#resources.target, options)));
  }

  connectWithoutKey(options: ClientOptions = {}): VectronClient {
    return this.#own(this.#resources.target.connect(options));
  }

  connectToNothing(options: ClientOptions = {}): VectronClient {
    const { target } = this.#resources;
    if (target.connectToNothing === undefined) fail(`target ${target.name} has no connectToNothing`);
    return this.#own(target.connectToNothing(options));
  }

  collectionName(suffix = ""): string {
    const name = this.#resources.nextName() + suffix;
    this.#names.push(name);
    return name;
  }

  async eventually(check: () => Promise<void>): Promise<void> {
    if (this.target.capabilities.has("strong-reads")) return check();
    const giveUpAt = Date.now() + VISIBILITY_TIMEOUT_MS;
    for (;;) {
      try {
        return await check();
      } catch (error) {
        if (!(error instanceof AssertionError) || Date.now() >= giveUpAt) throw error;
      }
      await new Promise<void>((resolve) => globals.setTimeout(resolve, VISIBILITY_POLL_MS));
    }
  }

  /** Closes the case's clients and removes its collections. */
  async cleanUp(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await Promise.all(this.#names.map((name) => this.#remove(name)));
  }

  #own(client: VectronClient): VectronClient {
    this.#clients.push(client);
    return client;
  }

  async #remove(name: string): Promise<void> {
    try {
      await this.client.deleteCollection(name);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
}

/** The options with the target's key, unless they name one of their own. */
export function withKey({ apiKey }: ConformanceTarget, options: ClientOptions): ClientOptions {
  const named = options.apiKey !== undefined || options.auth !== undefined;
  return named || apiKey === undefined ? options : { ...options, apiKey };
}
