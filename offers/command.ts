import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { type Names, offersFile, regionsFile } from "../settings/offers";
import { UsageError } from "../plan/usage-error";
import { askOffers, askRegions } from "./ask";

const usage = `npm run offers [-- REGION ...]

Asks AWS what it offers, and writes settings/offers/REGION.json and settings/offers/regions.json. Without a region it asks about
those that have a table already. Nothing is written unless AWS has answered everything.

It needs credentials of an account, as the AWS CLI takes them (AWS_PROFILE, aws sso login), and the permissions
  ec2:DescribeAvailabilityZones, ec2:DescribeRegions, elasticache:DescribeCacheEngineVersions, kafka:ListKafkaVersions,
  pricing:GetProducts, rds:DescribeDBEngineVersions, rds:DescribeDBMajorEngineVersions, rds:DescribeOrderableDBInstanceOptions`;

/** Exit codes of the command. */
const exit = { done: 0, failed: 1, badUse: 2 } as const;

/**
 * `npm run offers`: brings the tables of what AWS offers up to date.
 *
 * @param folder Where the tables are.
 * @returns The exit code.
 */
export async function offersCommand(args: string[], folder: string): Promise<number> {
    const tell = (line: string): boolean => process.stderr.write(`${line}\n`);
    try {
        if (args.includes("--help")) {
            process.stdout.write(`${usage}\n`);
            return exit.done;
        }
        const asked = regionsOf(args, folder);
        const today = new Date().toISOString().slice(0, 10);
        const files = new Map<string, unknown>();
        for (const region of asked) {
            files.set(offersFile(region, folder), await askOffers(region, today, (line) => tell(`${region}: ${line}`)));
        }
        const known = JSON.parse(readFileSync(regionsFile(folder), "utf8")) as Names;
        const regions = await askRegions(asked[0]!, today, known.names);
        tell(`regions: ${regions.names.length}`);
        await write(files.set(regionsFile(folder), regions));
        tell(`wrote ${[...files.keys()].join(", ")}`);
        return exit.done;
    } catch (error) {
        const { name, message } = error as Error;
        if (error instanceof UsageError) {
            tell(message);
            return exit.badUse;
        }
        if (name === "CredentialsProviderError") {
            tell(
                `There are no credentials to ask AWS with (${message}). Sign in as for the AWS CLI: set AWS_PROFILE, or aws sso login. Nothing was written.`,
            );
            return exit.badUse;
        }
        tell(`${name}: ${message}\nNothing was written. npm run offers -- --help says what permissions are needed.`);
        return exit.failed;
    }
}

function regionsOf(args: string[], folder: string): string[] {
    const wrong = args.find((arg) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(arg));
    if (wrong !== undefined) {
        throw new UsageError(`${JSON.stringify(wrong)} is no region such as ap-northeast-2\n\n${usage}`);
    }
    const tables = readdirSync(folder)
        .map((file) => file.replace(/\.json$/, ""))
        .filter((name) => /-\d$/.test(name));
    return args.length > 0 ? [...new Set(args)] : tables;
}

/** Writes all files, each at once: whoever reads them meanwhile sees the old one or the new one. */
async function write(files: ReadonlyMap<string, unknown>): Promise<void> {
    const texts = new Map<string, string>();
    const style = await resolveConfig(regionsFile());
    for (const [file, content] of files) {
        texts.set(file, await format(JSON.stringify(content), { ...style, parser: "json" }));
    }
    try {
        texts.forEach((text, file) => writeFileSync(`${file}.part`, text));
        texts.forEach((_, file) => renameSync(`${file}.part`, file));
    } finally {
        texts.forEach((_, file) => rmSync(`${file}.part`, { force: true }));
    }
}
