import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { table } from "../settings/document";
import { monthlyCost, sum } from "./cost";
import { planStack } from "./plan";
import { readProject } from "./stack-config";

const root = join(__dirname, "..");

/** Text of docs/cost.md, from what each stack makes. */
export async function costDocument(): Promise<string> {
    const project = readProject(root);
    const sections: string[] = [];
    const sums: string[][] = [];
    for (const stack of project.stacks) {
        const { recording, assumed } = await planStack(project, stack, { asConfigured: false });
        const { environment, budget } = assumed.settings!;
        const lines = monthlyCost(recording, environment.disposable);
        const total = sum(lines);
        sums.push([
            stack,
            dollars(total),
            dollars(budget.monthlyUsd),
            `${Math.round((budget.monthlyUsd / total - 1) * 100)} %`,
        ]);
        sections.push(
            `## ${stack}`,
            table(
                ["What", "USD a month", "How it is counted"],
                [
                    ...lines.map(({ what, usd, how }) => [what, usd === undefined ? "not known" : usd.toFixed(2), how]),
                    ["**Sum**", `**${total.toFixed(2)}**`, ""],
                ],
            ),
        );
    }
    return `${[...introduction, table(["Stack", "Sum", "Budget", "Above the sum"], sums), ...sections].join("\n\n")}\n`;
}

const introduction = [
    "# Cost",
    "<!-- Written by `node --require ./plan/register.cjs plan/cost-document.ts` from what the plan makes and the prices in plan/cost.ts. -->",
    [
        "What each stack costs a month with all its images and a load balancer: in Seoul, on demand, before tax, by AWS's price",
        "list of autumn 2026. Lines that depend on traffic are guesses, and say so: compare them with the first month's bill.",
        "Budgets (`aipx:budget.monthlyUsd`) are set 10 to 20 % above the sum, so that they speak when something is wrong.",
    ].join("\n"),
];

const dollars = (usd: number): string => `$${Math.round(usd).toLocaleString("en")}`;

if (require.main === module) {
    void costDocument().then((text) => writeFileSync(join(root, "docs/cost.md"), text));
}
