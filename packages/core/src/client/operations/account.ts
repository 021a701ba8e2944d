import { type CallOptions, checkCallOptions } from "../../call/call-options.ts";
import {
  MAX_INT32,
  refuseUnknownKeys,
  requireBoolean,
  requireInteger,
  requireName,
  requireObject,
  requireOneOf,
  requireText,
} from "../../data/checks.ts";
import { toPayload } from "../../data/payload.ts";
import {
  type Feedback,
  type FeedbackItem,
  PLANS,
  type Plan,
  type SubscriptionStatus,
  type UserProfile,
} from "../../data/types.ts";
import { invalidArgument } from "../../errors/invalid-argument.ts";
import { PLAN, SUBSCRIPTION_STATUS } from "../../gen/vectron/auth/v1/enums.ts";
import type { UserProfile as UserProfileMessage } from "../../gen/vectron/auth/v1/messages.ts";
import type {
  FeedbackItem as FeedbackItemMessage,
  SubmitFeedbackRequest,
} from "../../gen/vectron/v1/messages.ts";
import { vectronService } from "../../gen/vectron/v1/methods.ts";
import type { ClientContext } from "../client-context.ts";

/** Records how relevant the results of a search were; returns the feedback's id. */
export async function submitFeedback(
  context: ClientContext,
  feedback: Feedback,
  options: CallOptions = {},
): Promise<string> {
  const message = toFeedbackRequest(feedback);
  checkCallOptions(options);
  const reply = await context.runner.unary(
    { method: vectronService.submitFeedback, collection: message.collection, message },
    options,
  );
  return reply.feedbackId;
}

/** Changes the caller's own profile; returns it as it is now. */
export async function updateUserProfile(
  context: ClientContext,
  change: { readonly plan: Plan },
  options: CallOptions = {},
): Promise<UserProfile> {
  requireObject("profile", change);
  refuseUnknownKeys("profile", change, ["plan"]);
  const plan = toPlanNumber(change.plan);
  checkCallOptions(options);
  const { user } = await context.runner.unary(
    { method: vectronService.updateUserProfile, message: { plan } },
    options,
  );
  return toUserProfile(user);
}

const PLAN_NUMBERS: Readonly<Record<Plan, number>> = { free: PLAN.FREE, paid: PLAN.PAID };

/** A plan as the wire has it. */
export function toPlanNumber(plan: Plan): number {
  return PLAN_NUMBERS[requireOneOf("plan", plan, PLANS)];
}

const STATUS_NUMBERS: Readonly<Record<SubscriptionStatus, number>> = {
  active: SUBSCRIPTION_STATUS.ACTIVE,
  canceled: SUBSCRIPTION_STATUS.CANCELED,
  "past-due": SUBSCRIPTION_STATUS.PAST_DUE,
};

/** An account as users see it. */
export function toUserProfile(message: UserProfileMessage | undefined): UserProfile {
  return {
    id: message?.id ?? "",
    email: message?.email ?? "",
    createdAt: new Date(Number(message?.createdAt ?? 0) * 1_000),
    plan: nameOf(PLAN_NUMBERS, message?.plan),
    subscriptionStatus: nameOf(STATUS_NUMBERS, message?.subscriptionStatus),
  };
}

function nameOf<T extends string>(
  numbers: Readonly<Record<T, number>>,
  value: number | undefined,
): T | undefined {
  return (Object.keys(numbers) as T[]).find((name) => numbers[name] === value);
}

const FEEDBACK_KEYS = ["collection", "query", "items", "resultIds", "context"];
const ITEM_KEYS = ["resultId", "relevanceScore", "clicked", "position", "comment"];

function toFeedbackRequest(feedback: Feedback): SubmitFeedbackRequest {
  requireObject("feedback", feedback);
  refuseUnknownKeys("feedback", feedback, FEEDBACK_KEYS);
  const { collection, query = "", items, resultIds, context } = feedback;
  if (!Array.isArray(items) || items.length === 0) {
    throw invalidArgument("items", items, "an array of at least one feedback item");
  }
  if (resultIds !== undefined && !Array.isArray(resultIds)) {
    throw invalidArgument("resultIds", resultIds, "an array of ids");
  }
  const feedbackItems = Array.from(items, (item, index) => toFeedbackItem(`items[${index}]`, item));
  return {
    collection: requireName("collection", collection),
    query: requireText("query", query),
    resultIds:
      resultIds === undefined
        ? feedbackItems.map((item) => item.resultId)
        : Array.from(resultIds, (id, index) => requireName(`resultIds[${index}]`, id)),
    feedbackItems,
    context: toPayload("context", context),
  };
}

function toFeedbackItem(argument: string, item: FeedbackItem): FeedbackItemMessage {
  requireObject(argument, item);
  refuseUnknownKeys(argument, item, ITEM_KEYS);
  const { resultId, relevanceScore, clicked = false, position = 0, comment = "" } = item;
  return {
    resultId: requireName(`${argument}.resultId`, resultId),
    relevanceScore: requireInteger(`${argument}.relevanceScore`, relevanceScore, 1, 5),
    clicked: requireBoolean(`${argument}.clicked`, clicked),
    position: requireInteger(`${argument}.position`, position, 0, MAX_INT32),
    comment: requireText(`${argument}.comment`, comment),
  };
}
