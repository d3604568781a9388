import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sizeText } from "../../plan/service/report";
import { libraries } from "../libraries";
import { services } from "../services";
import { allImages, containerExample, containers, functionExample, functions } from "../services/common";
import { anchor, bullets, code, quoted, table } from "./markdown";
import { messageSections } from "./message-section";
import { serviceSection } from "./service-section";
import { type DescribedStack } from "./stacks";

/**
 * Text of docs/images.md, before it is laid out.
 *
 * @throws Error naming the first thing that the program has and the contract does not describe.
 */
export function imagesDocument(stacks: DescribedStack[]): string {
    const [first, ...others] = stacks as [DescribedStack, ...DescribedStack[]];
    return [
        "# The contract of images",
        "<!-- Written by `npm run docs` from the program and contract/. -->",
        "What the platform gives to each image and asks of it: all that a team needs in order to build one. The program itself says " +
            `what is given, for the stack ${quoted(first.stack)}, as if every image were set; [what differs](#what-differs-between-stacks) ` +
            "in other stacks is at the end. One service with all its details: `npm run plan -- dev --service oms`.",
        bullets([
            ...services.map(({ title }) => `[${title}](#${anchor(title)})`),
            ...[
                "Kafka topics",
                "Events on the bus",
                "WebSocket frames",
                "Events that invoke functions",
                "Log lines",
            ].map((title) => `[${title}](#${anchor(title)})`),
            "[The OMS by gRPC](#the-oms-by-grpc)",
            "[Client libraries](#client-libraries)",
        ]),
        "## All images",
        bullets(allImages),
        "## All containers",
        "Ingestion and the OMS run on ECS Fargate.",
        bullets(containers),
        code("dockerfile", containerExample.trimStart()),
        "## All functions",
        "All others run on Lambda, inside the VPC.",
        bullets(functions),
        code("dockerfile", functionExample.trimStart()),
        ...services.map((contract) =>
            serviceSection(
                contract,
                servicesOf(first, contract.name),
                others.flatMap((stack) => stack.services.get(contract.name) ?? []),
            ),
        ),
        ...messageSections(first),
        "## The OMS by gRPC",
        "`contract/oms.proto`; package `aipx.oms.v1`.",
        code("proto", proto()),
        "## Client libraries",
        ...Object.values(libraries).flatMap(({ title, traps }) => [`### ${title}`, bullets(traps)]),
        ...differences(stacks),
    ].join("\n\n");
}

/** Text of the OMS's interface. */
export const proto = (): string => readFileSync(join(__dirname, "../oms.proto"), "utf8");

function servicesOf({ stack, services: described }: DescribedStack, section: string) {
    const found = described.get(section);
    if (!found) {
        throw new Error(`stack ${stack} has no service of the image ${section}, which contract/services describes`);
    }
    return found;
}

/** Sizes and settings by stack. */
function differences(stacks: DescribedStack[]): string[] {
    const names = stacks.map(({ stack }) => stack);
    const short = [
        ...new Set(stacks.flatMap(({ services: all }) => [...all.values()].flat().map((each) => each.service))),
    ];
    const of = (stack: DescribedStack, service: string) =>
        [...stack.services.values()].flat().find((each) => each.service === service);
    const sizes = short.map((service) => [
        quoted(service),
        ...stacks.map((stack) => {
            const found = of(stack, service);
            return found ? `${found.kind}, ${sizeText(found)}` : "-";
        }),
    ]);
    const values = short.flatMap((service) => {
        const variables = [
            ...new Set(stacks.flatMap((stack) => of(stack, service)?.environment.map(({ name }) => name) ?? [])),
        ];
        return variables.flatMap((name) => {
            const each = stacks.map((stack) => {
                const variable = of(stack, service)?.environment.find((one) => one.name === name);
                return { stack: stack.stack, text: variable ? (variable.value ?? variable.source ?? "") : "-" };
            });
            // What differs by the stack's name alone says nothing; what AWS decides is a stand-in.
            const differing = new Set(
                each.map(({ stack, text }) =>
                    text
                        .split(stack)
                        .join("*")
                        .replace(/[0-9a-f]{6,}/g, "*"),
                ),
            );
            return differing.size > 1 ? [[quoted(service), quoted(name), ...each.map(({ text }) => quoted(text))]] : [];
        });
    });
    return [
        "## What differs between stacks",
        "Names hold the stack's name. Sizes:",
        table(["Service", ...names], sizes),
        ...(values.length === 0 ? [] : ["Values of variables:", table(["Service", "Variable", ...names], values)]),
    ];
}
