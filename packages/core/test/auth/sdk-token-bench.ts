import {
  type SdkTokenCallOptions,
  type SdkTokenSource,
  sdkTokenProvider,
  type TokenProvider,
  VectronClient,
} from "../../src/index.ts";
import {
  type RecordedCall,
  reply,
  type ScriptedMethod,
  ScriptedTransport,
  type Step,
  VirtualClock,
  type VirtualClockOptions,
} from "../../src/testing/index.ts";
import { QUERY } from "../support.ts";
import { DAY_MS, tokenOf, tokenPress } from "./json-web-tokens.ts";

export const PASSWORD = "Corr3ct-horse";

export const LOGIN: SdkTokenSource = { login: { email: "Ada@Example.com", password: PASSWORD } };

export const KEY = "vkey-12345678";

export const LOGIN_WITH_KEY: SdkTokenSource = { ...LOGIN, apiKeyPrefix: KEY } as SdkTokenSource;

export const FIRST_TOKEN = tokenOf({ kind: "first" });

export const TOKEN_WITH_KEY: SdkTokenSource = { apiKeyPrefix: KEY, token: FIRST_TOKEN };

interface BenchOptions {
  readonly source?: SdkTokenSource;
  readonly calls?: SdkTokenCallOptions;
  readonly clock?: VirtualClockOptions;
  /** What the auth service does instead of answering. */
  readonly auth?: (call: RecordedCall) => Step | undefined;
  /** What the gateway does instead of answering. */
  readonly gateway?: (call: RecordedCall) => Step | undefined;
  readonly insecure?: boolean;
}

/** A client, its gateway and an auth service, all on one clock. */
export function bench(options: BenchOptions = {}) {
  const clock = new VirtualClock({ startMs: 1_000_000_000, ...options.clock });
  const press = tokenPress();
  const user = { id: "user-1", email: "ada@example.com", createdAt: "0", plan: 2, subscriptionStatus: 1 };
  const answers: Partial<Record<ScriptedMethod, () => Step>> = {
    login: () => reply({ jwtToken: press("login", clock.now(), DAY_MS), user }, { afterMs: 30 }),
    getUserProfile: () => reply({ user }),
    updateUserProfile: () => reply({ jwtToken: press("renewed", clock.now(), DAY_MS), user } as never),
    createSdkJwt: () => reply({ sdkJwt: press("sdk", clock.now(), 7 * DAY_MS) }),
  };
  const authCalls: RecordedCall[] = [];
  const transports: ScriptedTransport[] = [];
  const openTransport = () => {
    const script = (call: RecordedCall): Step => {
      authCalls.push(call);
      return options.auth?.(call) ?? (answers[call.method] as () => Step)();
    };
    const capabilities = { endpoint: "auth.example", insecure: options.insecure ?? false };
    const transport = new ScriptedTransport(script, { runtime: clock, keepToken: true, capabilities });
    transports.push(transport);
    return transport;
  };
  const { source = LOGIN, calls } = options;
  const provider = sdkTokenProvider({ source, calls, openTransport, runtime: clock });
  const gateway = new ScriptedTransport((call) => options.gateway?.(call) ?? reply(), {
    runtime: clock,
    keepToken: true,
  });
  const clientOf = (auth: TokenProvider) => new VectronClient(gateway, { auth }, clock);
  const client = clientOf(provider);
  return {
    clock,
    gateway,
    provider,
    client,
    clientOf,
    transports,
    authCalls,
    search: () => clock.run(client.search("docs", QUERY)),
    asked: () => authCalls.map(({ method }) => method),
    /** The tokens that the gateway was sent, as the kinds and numbers that the press gave them. */
    sent: () => gateway.calls.map(({ headers }) => nameOf(headers.authorization ?? "")),
  };
}

/** The kind and the number that the press gave a token. */
export function nameOf(authorization: string): string {
  const { kind, number } = JSON.parse(
    Buffer.from(authorization.split(".")[1] as string, "base64url").toString(),
  );
  return number === undefined ? kind : `${kind} ${number}`;
}

/** Some time after which a token of such a life is due for renewal, and still good. */
export const LATE = 0.95;
