import {
  DataLossError,
  FailedPreconditionError,
  InternalServerError,
  PermissionDeniedError,
  ResourceExhaustedError,
  type VectronError,
} from "@vectron/core";

/** What is kept is not what was written: `where` names the file and the place, `what` the damage. */
export function damaged(where: string, what: string, cause?: unknown): DataLossError {
  return new DataLossError(`${where} is damaged: ${what}`, { cause });
}

/** The directory is not one that this version can use. */
export function unusable(message: string): FailedPreconditionError {
  return new FailedPreconditionError(message);
}

export function diskFull(path: string, cause: unknown): ResourceExhaustedError {
  return new ResourceExhaustedError(`cannot write to ${path}: no space left on the disk`, { cause });
}

const FULL = ["ENOSPC", "EDQUOT", "EFBIG"];
const REFUSED = ["EACCES", "EPERM", "EROFS"];

/** The error of an operation that the system refused. LMDB gives the reason as a number or in words only. */
export function systemFailure(doing: string, cause: unknown): VectronError {
  const { code, message } = reasonOf(cause);
  const text = `${doing}: ${message}`;
  if (FULL.includes(code)) return new ResourceExhaustedError(text, { cause });
  if (REFUSED.includes(code)) return new PermissionDeniedError(text, { cause });
  return new InternalServerError(text, { cause });
}

const WORDS: readonly (readonly [pattern: RegExp, code: string])[] = [
  [/no space left/i, "ENOSPC"],
  [/quota exceeded/i, "EDQUOT"],
  [/file too large/i, "EFBIG"],
  [/permission denied/i, "EACCES"],
  [/not permitted/i, "EPERM"],
  [/read-only file system/i, "EROFS"],
];

function reasonOf(cause: unknown): { readonly code: string; readonly message: string } {
  const { code, message = String(cause) } = (cause ?? {}) as { code?: unknown; message?: string };
  const named = WORDS.find(([pattern]) => pattern.test(message))?.[1];
  return { code: named ?? (typeof code === "string" ? code : ""), message };
}
