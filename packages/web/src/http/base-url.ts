import { InvalidArgumentError, invalidArgument } from "@vectron/core";

/** Where a server is, in the forms that the parts of this package need. */
export interface BaseUrl {
  /** Scheme, host and path prefix, without a slash at the end. */
  readonly href: string;
  /** Scheme and host, as browsers compare them. */
  readonly origin: string;
  /** Whether what is sent can be read on its way to another machine. */
  readonly insecure: boolean;
}

const EXPECTED = 'an absolute http or https URL such as "https://vectors.example.com/api"';

/**
 * Reads an option that is a server's URL.
 *
 * @param name - the option's name
 * @throws InvalidArgumentError naming what is wrong with it
 */
export function parseBaseUrl(value: unknown, name = "baseUrl"): BaseUrl {
  const url = parseUrl(value, name);
  if (url.username !== "" || url.password !== "") {
    throw new InvalidArgumentError(
      `${name} must not hold a user name or password; pass a token as apiKey or auth`,
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw invalidArgument(name, value, "a URL without a query and a fragment");
  }
  return {
    href: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    origin: url.origin,
    insecure: url.protocol === "http:" && !LOOPBACK.test(url.hostname),
  };
}

function parseUrl(value: unknown, name: string): URL {
  try {
    const url = new URL(value as string);
    if (typeof value === "string" && /^https?:$/.test(url.protocol)) return url;
  } catch {
    // Reported below.
  }
  // What stands before an @ may be a password.
  throw invalidArgument(name, typeof value === "string" ? value.replace(/.*@/, "…@") : value, EXPECTED);
}

/** Host names and addresses, as `URL` writes them, that never leave this machine; a name may begin with 127 too. */
const LOOPBACK = /^(.+\.)?localhost$|^127[.\d]+$|^\[::1\]$/;
