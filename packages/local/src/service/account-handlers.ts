import { PLAN, SUBSCRIPTION_STATUS, type UserProfile } from "@vectron/core/wire";
import { checkFeedback } from "./checks.ts";
import type { VectronHandlers } from "./handlers.ts";
import { randomUuid } from "./random-uuid.ts";

/** The calls that are about the caller. There is one local user, whose profile lasts as long as the service. */
export function accountHandlers(): Pick<VectronHandlers, "updateUserProfile" | "submitFeedback"> {
  let profile: UserProfile = {
    id: "local",
    email: "local@localhost",
    createdAt: String(Math.floor(Date.now() / 1000)),
    plan: PLAN.FREE,
    subscriptionStatus: SUBSCRIPTION_STATUS.ACTIVE,
  };
  return {
    updateUserProfile({ plan }) {
      // Any number is a plan, as on a stock server.
      profile = { ...profile, plan };
      return { user: profile };
    },

    submitFeedback(request) {
      // No call reads feedback, so it is checked, acknowledged and let go.
      checkFeedback(request);
      return { success: true, feedbackId: randomUuid() };
    },
  };
}
