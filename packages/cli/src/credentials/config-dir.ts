import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The directory of the profile file and the credentials: where the platform keeps
 * such things, or `VECTRON_CONFIG_DIR`.
 */
export function configDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env.VECTRON_CONFIG_DIR) return env.VECTRON_CONFIG_DIR;
  if (platform === "win32") return join(env.APPDATA || join(homedir(), "AppData", "Roaming"), "vectron");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "vectron");
  return join(env.XDG_CONFIG_HOME || join(homedir(), ".config"), "vectron");
}
