import { redactCause, redactMetadata, redactText } from "../auth/redact.ts";
import { textOf } from "../errors/text-of.ts";
import { diagnose } from "../faults/diagnose.ts";
import type { Diagnosis } from "../faults/diagnosis.ts";
import { TransportFailure } from "../transport/transport-failure.ts";
import type { AttemptEnd } from "./attempt-log.ts";

/** What `FailedAttempt.from` needs beside the failure. */
export interface AttemptFacts {
  readonly method: string;
  /** The token that was sent. */
  readonly token: string | undefined;
  /** What else of the request no text may repeat. */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * A failed attempt, and what it means. A server, or the platform, may repeat the
 * token or the password that it was sent: no text in here does.
 */
export class FailedAttempt extends Error {
  readonly failure: TransportFailure;
  readonly diagnosis: Diagnosis;

  constructor(failure: TransportFailure, diagnosis: Diagnosis) {
    super(failure.message);
    this.failure = failure;
    this.diagnosis = diagnosis;
  }

  /** What a transport threw, understood. */
  static from(reason: unknown, { method, token, secrets = [] }: AttemptFacts): FailedAttempt {
    const raw = asFailure(reason);
    const { message, ...diagnosis } = diagnose(method, raw.code, raw.message);
    const failure = new TransportFailure(raw.code, redactText(raw.message, token, ...secrets), {
      metadata: redactMetadata(raw.metadata, token, ...secrets),
      cause: redactCause(raw.cause, token, ...secrets),
      requestSent: raw.requestSent,
    });
    const text = redactText(message, token, ...secrets);
    const isRawKey = diagnosis.code === "UNAUTHENTICATED" && token?.startsWith("vkey-");
    return new FailedAttempt(failure, { ...diagnosis, message: isRawKey ? `${text}: ${RAW_KEY}` : text });
  }

  /** The failure as the end of its attempt. */
  get end(): AttemptEnd {
    const { code, message, requestSent } = this.failure;
    return { code, message, requestSent };
  }
}

const RAW_KEY =
  'the token is a raw API key ("vkey-…"), which a stock gateway never accepts; ' +
  "exchange it for an SDK token, with auth: sdkToken({ authHost, login, apiKeyPrefix }) " +
  "(@vectron/web: authBaseUrl)";

function asFailure(reason: unknown): TransportFailure {
  if (reason instanceof TransportFailure) return reason;
  return new TransportFailure("INTERNAL", `the transport failed: ${textOf(reason)}`, { cause: reason });
}
