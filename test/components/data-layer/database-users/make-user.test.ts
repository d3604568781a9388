import assert from "node:assert/strict";
import { type DatabaseUser, makeUser } from "../../../../components/data-layer/database-users/make-user";
import { describePostgres, master } from "../../../support/postgres";

const oms: DatabaseUser = { user: "aipx_dev_oms", schema: "oms", connectionLimit: 20 };
const cognitive: DatabaseUser = { user: "aipx_dev_cognitive", schema: "cognitive", connectionLimit: 20 };

/** What LangGraph's saver for Python does to a new database: names without a schema, and indexes that no transaction may surround. */
const saver = [
    "CREATE TABLE IF NOT EXISTS checkpoint_migrations (v INTEGER PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS checkpoints (thread_id TEXT NOT NULL, checkpoint JSONB NOT NULL, PRIMARY KEY (thread_id))",
    "CREATE TABLE IF NOT EXISTS checkpoint_blobs (thread_id TEXT NOT NULL, channel TEXT NOT NULL, blob BYTEA NOT NULL)",
    "ALTER TABLE checkpoint_blobs ALTER COLUMN blob DROP NOT NULL",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS checkpoint_blobs_thread_id_idx ON checkpoint_blobs (thread_id)",
    "INSERT INTO checkpoint_migrations (v) VALUES (0)",
    `INSERT INTO checkpoints VALUES ('a', '{"answer": 42}')`,
];

describePostgres("makeUser", (server) => {
    const make = async (...wanted: DatabaseUser[]): Promise<void> => {
        const client = await server().connect(master.username);
        try {
            for (const each of wanted) {
                await makeUser(client, each);
            }
        } finally {
            await client.end();
        }
    };
    const asMaster = (...statements: string[]): Promise<Record<string, any>[]> =>
        server().sql(master.username, ...statements);
    const asSuperuser = (...statements: string[]): Promise<Record<string, any>[]> =>
        server().sql("rdsadmin", ...statements);

    beforeEach(() => server().reset());

    describe("what it must not do", () => {
        it("would fail if the master user, who is no superuser, gave the schema to the user", async () => {
            await asMaster("CREATE USER aipx_dev_oms");
            await assert.rejects(
                asMaster("CREATE SCHEMA oms AUTHORIZATION aipx_dev_oms"),
                /must be (member of role|able to SET ROLE) "aipx_dev_oms"/,
            );
        });

        it("would lock the master user out by membership in a user who signs in with IAM", async () => {
            const wrong = { password: "wrong" };
            const trying = (): Promise<unknown> => server().session(master.username, wrong, "SELECT 1");
            await assert.rejects(trying(), /password authentication failed/);
            await asMaster(
                "CREATE USER aipx_dev_oms",
                "GRANT rds_iam TO aipx_dev_oms",
                "GRANT aipx_dev_oms TO aipx_admin",
            );
            const [found] = await asMaster("SELECT pg_has_role('rds_iam', 'USAGE') AS iam");
            assert.equal(found!.iam, true);
            if (server().major < 16) {
                // The password is no longer asked for; RDS asks IAM.
                await trying();
            }
        });
    });

    it("lets a user in who makes tables in its own schema, without naming it", async () => {
        await make(oms, cognitive);
        const found = await server().sql(
            cognitive.user,
            ...saver,
            `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE tableowner = current_user ORDER BY 1`,
        );
        assert.deepEqual(
            found.map(({ name }) => name),
            ["checkpoint_blobs", "checkpoint_migrations", "checkpoints"].map((table) => `cognitive.${table}`),
        );
        assert.deepEqual(
            await server().sql(cognitive.user, "SELECT checkpoint -> 'answer' AS answer FROM checkpoints"),
            [{ answer: 42 }],
        );
    });

    it("gives each user no more than its own schema", async () => {
        await make(oms, cognitive);
        await server().sql(oms.user, "CREATE TABLE positions (symbol TEXT)");
        for (const [statement, refusal] of [
            ["SELECT * FROM oms.positions", /permission denied for schema oms/],
            ["CREATE TABLE oms.mine ()", /permission denied for schema oms/],
            ["SELECT * FROM positions", /relation "positions" does not exist/],
            ["CREATE TABLE public.mine ()", /permission denied for schema public/],
            ["CREATE SCHEMA another", /permission denied for database aipx/],
            ["CREATE SCHEMA IF NOT EXISTS cognitive", /permission denied for database aipx/],
            ["DROP SCHEMA cognitive", /must be owner of schema cognitive/],
            ["ALTER SCHEMA cognitive OWNER TO aipx_dev_oms", /must be owner of schema cognitive/],
            ["CREATE ROLE another", /permission denied to create role/],
            ["SET ROLE aipx_admin", /permission denied to set role "aipx_admin"/],
            ["SET ROLE aipx_dev_oms", /permission denied to set role "aipx_dev_oms"/],
        ] as const) {
            await assert.rejects(server().sql(cognitive.user, statement), refusal, statement);
        }
        // A right that its owner gives away leads nowhere: nobody else gets into the schema.
        await server().sql(oms.user, "GRANT SELECT ON positions TO aipx_dev_cognitive");
        await assert.rejects(
            server().sql(cognitive.user, "SELECT * FROM oms.positions"),
            /permission denied for schema oms/,
        );
    });

    it("closes the database, and schema public, to all that it has not let in", async () => {
        await asSuperuser("CREATE ROLE aipx_other LOGIN", "GRANT rds_iam TO aipx_other");
        if (server().major < 15) {
            await server().sql("aipx_other", "CREATE TABLE public.theirs ()");
        }
        await make(oms);
        await assert.rejects(server().sql("aipx_other", "SELECT 1"), /permission denied for database "aipx"/);
        await asSuperuser("GRANT CONNECT ON DATABASE aipx TO aipx_other");
        await assert.rejects(
            server().sql("aipx_other", "SELECT * FROM public.x"),
            /permission denied for schema public/,
        );
    });

    it("lets nobody in without TLS", async () => {
        await make(oms);
        await assert.rejects(server().session(oms.user, { ssl: false }, "SELECT 1"), /no encryption/);
        assert.deepEqual(await server().sql(oms.user, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), [
            { ssl: true },
        ]);
    });

    it("limits what a user may take, and how long", async () => {
        await make({ ...oms, connectionLimit: 2.9 });
        const [settings] = await server().sql(
            oms.user,
            `SELECT current_setting('statement_timeout') AS statement, current_setting('search_path') AS path,
            current_setting('idle_in_transaction_session_timeout') AS idle`,
        );
        assert.deepEqual(settings, { statement: "1min", path: "oms", idle: "1min" });
        const open = await Promise.all([server().connect(oms.user), server().connect(oms.user)]);
        await assert.rejects(server().connect(oms.user), /too many connections for role "aipx_dev_oms"/);
        await Promise.all(open.map((client) => client.end()));
        // In another database of the server nothing of it holds.
        assert.deepEqual(await server().session(oms.user, { database: "postgres" }, "SHOW search_path"), [
            { search_path: '"$user", public' },
        ]);
    });

    it("keeps the master user's password good", async () => {
        await make(oms, cognitive);
        const [found] = await asMaster("SELECT pg_has_role('rds_iam', 'USAGE') AS iam");
        assert.equal(found!.iam, false);
        await assert.rejects(
            server().session(master.username, { password: "wrong" }, "SELECT 1"),
            /password authentication/,
        );
    });

    it("changes nothing the second time, and loses no data", async () => {
        const state = (): Promise<Record<string, any>[]> =>
            asSuperuser(
                `SELECT rolname, rolcanlogin, rolconnlimit, rolconfig::text, nspname, nspacl::text, datacl::text, setconfig::text
                FROM pg_roles JOIN pg_db_role_setting ON setrole = pg_roles.oid, pg_namespace, pg_database
                WHERE rolname LIKE 'aipx%' AND datname = 'aipx' AND nspname !~ '^pg_' ORDER BY rolname, nspname`,
            );
        await make(oms, cognitive);
        await server().sql(oms.user, "CREATE TABLE positions AS SELECT 'KRX:005930' AS symbol");
        const before = await state();
        assert.ok(before.length > 0);
        await make(oms, cognitive);
        assert.deepEqual(await state(), before);
        assert.deepEqual(await server().sql(oms.user, "SELECT symbol FROM positions"), [{ symbol: "KRX:005930" }]);
    });

    it("may be done by several at once", async () => {
        const wanted = Array.from({ length: 4 }, (_unused, index) => ({
            user: `aipx_dev_service_${index}`,
            schema: `service_${index}`,
            connectionLimit: 5,
        }));
        await Promise.all([...wanted, ...wanted, ...wanted].map((each) => make(each)));
        for (const { user, schema } of wanted) {
            assert.deepEqual(
                await server().sql(
                    user,
                    "CREATE TABLE mine ()",
                    "SELECT 'mine'::regclass::text AS mine, current_schema",
                ),
                [{ mine: "mine", current_schema: schema }],
            );
        }
    });

    it("mends what was left half done, or changed by hand", async () => {
        // A user who was made by hand, with a schema that a person gave away, and too much besides.
        await asMaster(
            "CREATE USER aipx_dev_oms PASSWORD 'old' NOLOGIN CONNECTION LIMIT 1",
            "GRANT rds_iam TO aipx_dev_oms",
        );
        await asSuperuser(
            "CREATE SCHEMA oms AUTHORIZATION aipx_dev_oms",
            "ALTER ROLE aipx_dev_oms IN DATABASE aipx SET search_path = public",
            "GRANT ALL ON SCHEMA public TO PUBLIC",
        );
        await make(oms);
        assert.deepEqual(await server().sql(oms.user, "CREATE TABLE positions ()", "SELECT current_schema"), [
            { current_schema: "oms" },
        ]);
        const tables = await asSuperuser("SELECT schemaname FROM pg_tables WHERE tablename = 'positions'");
        assert.deepEqual(tables, [{ schemaname: "oms" }]);
    });

    it("takes the master user out of a user it had been made a member of", async () => {
        await asMaster("CREATE USER aipx_dev_oms", "GRANT aipx_dev_oms TO aipx_admin");
        await make(oms);
        const [found] = await asMaster("SELECT pg_has_role('rds_iam', 'USAGE') AS iam");
        assert.equal(found!.iam, false);
    });

    it("works where schema public is gone", async () => {
        await asSuperuser("DROP SCHEMA public");
        await make(oms);
        await server().sql(oms.user, "CREATE TABLE positions ()");
    });

    it("adds users, and leaves those alone that nobody asks for any more", async () => {
        await make(oms);
        await server().sql(oms.user, "CREATE TABLE positions ()");
        await make(cognitive);
        await server().sql(cognitive.user, "CREATE TABLE checkpoints ()");
        assert.deepEqual(await server().sql(oms.user, "SELECT count(*)::int AS count FROM positions"), [{ count: 0 }]);
    });

    it("removes a user with its data as docs/operations.md has it", async () => {
        await make(oms, cognitive);
        await server().sql(cognitive.user, ...saver);
        await asMaster(
            "DROP SCHEMA cognitive CASCADE",
            "REVOKE ALL ON DATABASE aipx FROM aipx_dev_cognitive",
            "DROP ROLE aipx_dev_cognitive",
        );
        const left = await asSuperuser("SELECT rolname FROM pg_roles WHERE rolname LIKE 'aipx\\_dev%'");
        assert.deepEqual(left, [{ rolname: "aipx_dev_oms" }]);
    });

    it("takes names for names", async () => {
        const odd = { user: 'aipx_"; DROP ROLE x', schema: `o'"ms; --`, connectionLimit: 3 };
        await make(odd, odd);
        assert.deepEqual(await server().sql(odd.user, "CREATE TABLE mine ()", "SELECT current_schema"), [
            { current_schema: odd.schema },
        ]);
    });

    for (const [title, spoil, message] of [
        [
            "a schema of somebody else's",
            ["CREATE ROLE aipx_stranger", "CREATE SCHEMA oms AUTHORIZATION aipx_stranger"],
            /CREATE ON SCHEMA "oms" TO "aipx_dev_oms": permission denied for schema oms \(42501\)/,
        ],
        [
            "a schema of somebody else's that the master user may look into",
            [
                "CREATE ROLE aipx_stranger",
                "CREATE SCHEMA oms AUTHORIZATION aipx_stranger",
                "GRANT USAGE ON SCHEMA oms TO aipx_admin",
            ],
            /aipx_dev_oms may not make tables in schema oms, which belongs to somebody else/,
        ],
        [
            "a database of somebody else's",
            ["CREATE ROLE aipx_stranger", "ALTER DATABASE aipx OWNER TO aipx_stranger"],
            /permission denied for database aipx|everybody may still connect to the database/,
        ],
        [
            "a master user who is a member of another IAM user",
            ["CREATE ROLE aipx_stranger", "GRANT rds_iam TO aipx_stranger", "GRANT aipx_stranger TO aipx_admin"],
            /the master user would be a member of rds_iam, and RDS take its password no more/,
        ],
    ] as const) {
        it(`refuses, and changes nothing: ${title}`, async () => {
            const client = await server().connect(master.username);
            try {
                await asSuperuser(...spoil);
                await assert.rejects(makeUser(client, oms), { message });
            } finally {
                await client.end();
            }
            assert.deepEqual(await asSuperuser("SELECT FROM pg_roles WHERE rolname = 'aipx_dev_oms'"), []);
        });
    }

    it("says which statement PostgreSQL refused", async () => {
        await asSuperuser(
            "CREATE ROLE aipx_weak LOGIN",
            "GRANT rds_iam TO aipx_weak",
            "ALTER DATABASE aipx OWNER TO aipx_weak",
        );
        const client = await server().connect("aipx_weak");
        try {
            await assert.rejects(makeUser(client, oms), {
                message: 'PostgreSQL: CREATE ROLE "aipx_dev_oms": permission denied to create role (42501)',
            });
        } finally {
            await client.end();
        }
    });
});
