/** The command line, the environment or the profile is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
