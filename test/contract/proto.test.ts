import assert from "node:assert/strict";
import { once } from "node:events";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { proto } from "../../contract/document";

const file = path.join(__dirname, "../../contract/oms.proto");
const options = { keepCase: true, enums: String, longs: String, defaults: true, oneofs: true };

describe("contract/oms.proto", () => {
    const definitions = loadSync(file, options);
    const loaded = grpc.loadPackageDefinition(definitions) as any;
    const { OrderService, ExecutionNoticeService } = loaded.aipx.oms.v1 as Record<
        string,
        grpc.ServiceClientConstructor
    >;

    it("is the package aipx.oms.v1 with two services, both of them streams in both directions", () => {
        const methods = Object.fromEntries(
            Object.entries({ OrderService: OrderService!, ExecutionNoticeService: ExecutionNoticeService! }).map(
                ([name, { service }]) => [
                    name,
                    Object.values(service).map(({ path, requestStream, responseStream }) => [
                        path,
                        requestStream,
                        responseStream,
                    ]),
                ],
            ),
        );
        assert.deepEqual(methods, {
            OrderService: [["/aipx.oms.v1.OrderService/Trade", true, true]],
            ExecutionNoticeService: [["/aipx.oms.v1.ExecutionNoticeService/Deliver", true, true]],
        });
        assert.match(proto(), /grpc\.health\.v1\.Health/);
    });

    it("begins every enum with a value that means nothing, and gives no number twice", () => {
        for (const [, body = ""] of proto().matchAll(/^enum \w+ \{([^}]*)\}/gm)) {
            assert.match(body.replace(/\/\/.*$/gm, ""), /^\s*\w+_UNSPECIFIED = 0;/);
            const numbers = [...body.matchAll(/= (\d+);/g)].map(([, number]) => number);
            assert.equal(new Set(numbers).size, numbers.length, body);
        }
    });

    it("carries an order to a server and its results back, unchanged", async () => {
        const server = new grpc.Server();
        const received: any[] = [];
        server.addService(OrderService!.service, {
            Trade: (call: grpc.ServerDuplexStream<any, any>) => {
                call.write({ sequence: 1, trading_state: { halted: false } });
                call.on("data", (command) => {
                    received.push(command);
                    call.write({
                        sequence: received.length + 1,
                        result: {
                            command_sequence: command.sequence,
                            order_id: command.submit?.order_id ?? "",
                            code: "RESULT_CODE_ACCEPTED",
                            broker_order_id: "0000117057",
                        },
                    });
                });
                call.on("end", () => call.end());
            },
        });
        const port = await new Promise<number>((resolve, reject) =>
            server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
                error ? reject(error) : resolve(bound),
            ),
        );
        const client: any = new OrderService!(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
        try {
            const submit = {
                order_id: "momentum:ticks:3:1180294",
                strategy: "strategy-momentum",
                symbol: "005930",
                side: "SIDE_BUY",
                type: "ORDER_TYPE_LIMIT",
                price_won: "71200",
                quantity: "9007199254740993",
                time_in_force: "TIME_IN_FORCE_DAY",
                venue: "VENUE_KRX",
                intent_expires_at: { seconds: "1795737633", nanos: 0 },
                based_on: { seconds: "1795737603", nanos: 127_000_000 },
            };
            const call = client.Trade() as grpc.ClientDuplexStream<any, any>;
            const reports: any[] = [];
            call.on("data", (report) => reports.push(report));
            call.write({ sequence: 1, submit });
            call.write({ sequence: 2, cancel: { order_id: "c", original_order_id: submit.order_id } });
            call.write({ sequence: 3, heartbeat: {} });
            call.end();
            await once(call, "end");
            assert.deepEqual(received[0].submit, submit);
            assert.deepEqual(
                received.map(({ sequence, command }) => [sequence, command]),
                [
                    ["1", "submit"],
                    ["2", "cancel"],
                    ["3", "heartbeat"],
                ],
            );
            assert.deepEqual(
                reports.map(({ sequence, report }) => [sequence, report]),
                [
                    ["1", "trading_state"],
                    ["2", "result"],
                    ["3", "result"],
                    ["4", "result"],
                ],
            );
            assert.equal(reports[1].result.broker_order_id, "0000117057");
        } finally {
            client.close();
            server.forceShutdown();
        }
    });

    it("has results for all that the prose of services names", () => {
        for (const code of ["EXPIRED", "RISK_LIMIT", "HALTED", "BROKER_REJECTED", "PENDING", "CONFLICT"]) {
            assert.match(proto(), new RegExp(`RESULT_CODE_${code} = \\d+;`));
        }
    });
});
