import { join } from "node:path";
import { planStack, type Plan } from "../../plan/plan";
import { readProject } from "../../plan/stack-config";

export { stackNames } from "../settings/stack-file";

const plans = new Map<string, Promise<Plan>>();

/**
 * The plan of a stack's real file: as `npm run plan` shows it, with images assumed, or as configured. Made once for all
 * tests, which only read it.
 */
export function planOf(stack: string, asConfigured = false): Promise<Plan> {
    const key = `${stack} ${asConfigured}`;
    let plan = plans.get(key);
    if (!plan) {
        plan = planStack(readProject(join(__dirname, "../..")), stack, { asConfigured });
        plans.set(key, plan);
    }
    return plan;
}
