/** What the exit code of `vectron` means. Documented in the README. */
export const EXIT = {
  ok: 0,
  /** The command failed, or a check of `doctor` did. */
  failure: 1,
  /** The command line is wrong; nothing was done. */
  usage: 2,
  /** Part of it was done: records were rejected, or some of several ids do not exist. */
  partial: 3,
  /** Ctrl-C. What can be gone on with has been kept. */
  interrupted: 130,
  /** SIGTERM. */
  terminated: 143,
} as const;
