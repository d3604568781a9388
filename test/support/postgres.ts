import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
    cpSync,
    chownSync,
    existsSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";
import { makeAuthority, makeCertificate } from "./certificates";

// A real PostgreSQL that looks as RDS's does: a superuser who is AWS's own, a master user who is none, the role `rds_iam`, and no
// connection without TLS. Each runs in a folder of its own on a free port of this machine, and is never installed.

/** A server that is on this machine. */
interface Installation {
    /** Folder of `initdb` and `postgres`. */
    bin: string;
    /** 15 */
    major: number;
}

const pinned = join(__dirname, "../../.ci/postgres/package.json");

/** The major version that the stacks run. */
const stackMajor = 17;

const howToGet = [
    "Debian and Ubuntu: apt-get install postgresql (the server is not used, only its programs);",
    `PostgreSQL ${stackMajor}, as the stacks have it: .ci/provide-postgres, which fetches it from npm.`,
].join("\n");

/** One of each major version: those on the path, those where Debian puts them, and the one of `.ci/provide-postgres`. */
function findInstallations({ PATH = "", XDG_CACHE_HOME, HOME = homedir() } = process.env): Installation[] {
    const debian = "/usr/lib/postgresql";
    const { optionalDependencies } = JSON.parse(readFileSync(pinned, "utf8")) as {
        optionalDependencies: Record<string, string>;
    };
    const [version] = Object.values(optionalDependencies)[0]!.split("-");
    const folders = [
        ...(existsSync(debian) ? readdirSync(debian).map((major) => join(debian, major, "bin")) : []),
        join(XDG_CACHE_HOME || join(HOME, ".cache"), "aipx", `postgresql-${version}`, "native", "bin"),
        ...PATH.split(delimiter),
    ];
    const found = new Map<number, Installation>();
    for (const folder of folders.filter((each) => existsSync(join(each, "postgres")))) {
        // A link alone on the path has no `initdb` beside it.
        const bin = dirname(realpathSync(join(folder, "postgres")));
        const version = execFileSync(join(bin, "postgres"), ["--version"], { encoding: "utf8" });
        const major = Number(/(\d+)/.exec(version)![1]);
        if (existsSync(join(bin, "initdb")) && !found.has(major)) {
            found.set(major, { bin, major });
        }
    }
    return [...found.values()].sort((one, other) => one.major - other.major);
}

let announced = false;

/**
 * Tests that need a real PostgreSQL, once for each that is on this machine. Without any they are skipped, with a word on how to get one;
 * where they are required, in CI and with `AIPX_REQUIRE_ENGINE=1`, the version that the stacks run must be among them.
 */
export function describePostgres(title: string, tests: (server: () => PostgresServer) => void): void {
    const installations = findInstallations();
    const required = process.env.CI === "true" || process.env.AIPX_REQUIRE_ENGINE === "1";
    if (required && !installations.some(({ major }) => major === stackMajor)) {
        throw new Error(`${title}: this needs PostgreSQL ${stackMajor}.\n${howToGet}`);
    }
    if (installations.length === 0) {
        describe.skip(title, () => tests(() => undefined as never));
        if (!announced) {
            announced = true;
            after(() => console.warn(`\n  Tests on a real PostgreSQL were skipped.\n${howToGet}`));
        }
    }
    for (const installation of installations) {
        describe(`${title} on PostgreSQL ${installation.major}`, function () {
            this.timeout(120_000);
            let server: PostgresServer;
            before(async () => {
                server = await PostgresServer.start(installation);
            });
            after(() => server?.stop());
            tests(() => server);
        });
    }
}

/** Name and password of the master user, as RDS keeps them in its secret. */
export const master = { username: "aipx_admin", password: 'it\'s "secret" & long' };

export class PostgresServer {
    /** Certificate of the authority that signed the server's. */
    readonly certificateAuthority: string;
    private process: ChildProcess | undefined;

    private constructor(
        readonly major: number,
        readonly port: number,
        private readonly folder: string,
        private readonly bin: string,
    ) {
        const authority = makeAuthority(folder, "authority");
        makeCertificate(folder, "server", authority, "localhost");
        this.certificateAuthority = authority.certificate;
    }

    static async start({ bin, major }: Installation): Promise<PostgresServer> {
        const folder = mkdtempSync(join(tmpdir(), "aipx-postgres-"));
        // The server refuses to run as root, and another user may not get into root's folders.
        const programs = join(folder, "programs");
        const isForeign = bin.startsWith(homedir());
        if (isForeign) {
            cpSync(dirname(bin), programs, { recursive: true, verbatimSymlinks: true });
        }
        const server = new PostgresServer(major, await freePort(), folder, isForeign ? join(programs, "bin") : bin);
        try {
            await server.run();
        } catch (error) {
            await server.stop();
            throw error;
        }
        return server;
    }

    /** Signed in to a database; the caller ends it. */
    async connect(user: string, more: ClientConfig = {}): Promise<Client> {
        const client = new Client({
            ...{ host: "localhost", port: this.port, database: "aipx", user },
            password: user === master.username ? master.password : undefined,
            ssl: { ca: this.certificateAuthority },
            ...more,
        });
        client.on("error", () => undefined);
        await client.connect();
        return client;
    }

    /** Runs statements one after the other as a user, and gives the rows of the last. */
    async sql(user: string, ...statements: string[]): Promise<Record<string, any>[]> {
        return this.session(user, {}, ...statements);
    }

    async session(user: string, more: ClientConfig, ...statements: string[]): Promise<Record<string, any>[]> {
        const client = await this.connect(user, more);
        try {
            let rows: Record<string, any>[] = [];
            for (const statement of statements) {
                ({ rows } = await client.query(statement));
            }
            return rows;
        } finally {
            await client.end();
        }
    }

    /** Makes the database anew, and takes away all users but the master user, as in a new instance of RDS. */
    async reset(): Promise<void> {
        const admin = await this.connect("rdsadmin", { database: "postgres" });
        try {
            await admin.query("DROP DATABASE IF EXISTS aipx WITH (FORCE)");
            const { rows } = await admin.query<{ rolname: string }>(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE 'aipx\\_%' AND rolname <> 'aipx_admin'",
            );
            for (const { rolname } of rows) {
                await admin.query(`DROP ROLE ${admin.escapeIdentifier(rolname)}`);
            }
            await admin.query("CREATE DATABASE aipx OWNER aipx_admin");
        } finally {
            await admin.end();
        }
    }

    async stop(): Promise<void> {
        const { process: server } = this;
        if (server?.exitCode === null && server.pid !== undefined) {
            const ended = new Promise((resolve) => server.once("exit", resolve));
            server.kill("SIGINT");
            await ended;
        }
        rmSync(this.folder, { recursive: true, force: true });
    }

    private async run(): Promise<void> {
        const { folder, port } = this;
        const data = join(folder, "data");
        chown(folder);
        this.program("initdb", "--pgdata", data, "--username=rdsadmin", "--encoding=UTF8", "--locale=C", "--no-sync");
        writeFileSync(join(data, "pg_hba.conf"), admission(this.major));
        const settings = {
            port,
            listen_addresses: "127.0.0.1",
            unix_socket_directories: "",
            fsync: "off",
            ssl: "on",
            ssl_cert_file: join(folder, "server.crt"),
            ssl_key_file: join(folder, "server.key"),
        };
        const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
        let output = "";
        this.process = spawn(join(this.bin, "postgres"), ["-D", data, ...options], {
            ...this.surroundings,
            stdio: ["ignore", "ignore", "pipe"],
        });
        this.process.stderr!.on("data", (text) => (output += text));
        await this.untilReady(() => output);
        await this.session(
            "rdsadmin",
            { database: "postgres" },
            "CREATE ROLE rds_iam",
            "CREATE ROLE rds_superuser",
            `CREATE ROLE aipx_admin LOGIN CREATEROLE CREATEDB PASSWORD '${master.password.replace(/'/g, "''")}'`,
            "GRANT rds_superuser TO aipx_admin",
            // Since 16, who has CREATEROLE may no longer grant every role; RDS's master user may grant this one.
            ...(this.major < 16 ? [] : ["GRANT rds_iam TO rds_superuser WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"]),
        );
        await this.reset();
    }

    private async untilReady(output: () => string): Promise<void> {
        for (let attempts = 0; ; attempts++) {
            try {
                await this.session("rdsadmin", { database: "postgres" }, "SELECT 1");
                return;
            } catch (error) {
                if (attempts === 100 || this.process!.exitCode !== null) {
                    (error as Error).message += `\nPostgreSQL does not start:\n${output()}`;
                    throw error;
                }
                await sleep(100);
            }
        }
    }

    private program(name: string, ...args: string[]): void {
        execFileSync(join(this.bin, name), args, { ...this.surroundings, stdio: "pipe" });
    }

    private get surroundings(): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } {
        return {
            ...nobody(),
            cwd: this.folder,
            env: { PATH: process.env.PATH, LD_LIBRARY_PATH: join(this.bin, "../lib"), TZ: "UTC" },
        };
    }
}

/** Who gets in how. All over TLS, as with `rds.force_ssl`. */
const admission = (major: number): string =>
    [
        "hostssl all rdsadmin 127.0.0.1/32 trust",
        // Since 16, who makes a role is a member of it, with the mere right to grant it on; PostgreSQL counts that here, RDS does not.
        ...(major < 16 ? [] : ["hostssl all aipx_admin 127.0.0.1/32 scram-sha-256"]),
        // RDS asks IAM about members of this role, and takes no password of theirs.
        "hostssl all +rds_iam 127.0.0.1/32 trust",
        "hostssl all all 127.0.0.1/32 scram-sha-256",
        "",
    ].join("\n");

/** An unprivileged user, if this is root. */
const nobody = (): { uid?: number; gid?: number } => (process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {});

function chown(folder: string): void {
    const { uid, gid } = nobody();
    if (uid !== undefined) {
        for (const each of ["", ...readdirSync(folder).filter((name) => name !== "programs")]) {
            chownSync(join(folder, each), uid, gid!);
        }
    }
}

function freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
        const server = createServer().once("error", reject);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address() as { port: number };
            server.close(() => resolve(port));
        });
    });
}
