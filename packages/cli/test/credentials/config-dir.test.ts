import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { configDir } from "../../src/credentials/config-dir.ts";

it.each([
  ["linux", {}, join(homedir(), ".config", "vectron")],
  ["linux", { XDG_CONFIG_HOME: "/xdg" }, join("/xdg", "vectron")],
  ["darwin", {}, join(homedir(), "Library", "Application Support", "vectron")],
  [
    "win32",
    { APPDATA: "C:\\Users\\me\\AppData\\Roaming" },
    join("C:\\Users\\me\\AppData\\Roaming", "vectron"),
  ],
  ["linux", { VECTRON_CONFIG_DIR: "/elsewhere" }, "/elsewhere"],
] as const)("on %s with %j it is %s", (platform, env, expected) => {
  expect(configDir(env, platform)).toBe(expected);
});
