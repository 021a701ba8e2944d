import { runNodeJs } from "@bufbuild/protoplugin";
import { vectronPlugin } from "./plugin.ts";

runNodeJs(vectronPlugin);
