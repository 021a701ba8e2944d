/** How long a check below the client waits for the network, in milliseconds. */
const NETWORK_TIMEOUT_MS = 5_000;

/** Waits for what a callback will say, but not for ever. */
export function within<T>(
  what: string,
  begin: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
  timeoutMs = NETWORK_TIMEOUT_MS,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      const error: NodeJS.ErrnoException = new Error(`${what} took longer than ${timeoutMs / 1_000} s`);
      error.code = "ETIMEDOUT";
      reject(error);
    }, timeoutMs);
    const done =
      <A>(settle: (value: A) => void) =>
      (value: A) => {
        clearTimeout(timer);
        settle(value);
      };
    begin(done(resolve), done(reject));
  });
}
