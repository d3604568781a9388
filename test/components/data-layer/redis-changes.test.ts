import assert from "node:assert/strict";
import { engineProblem, replicasProblem } from "../../../components/data-layer/redis-engine";

describe("changes of a cache", () => {
    it("cannot be another engine", () => {
        assert.equal(engineProblem({ engine: "valkey" }, { engine: "valkey" }), undefined);
        assert.match(
            String(engineProblem({ engine: "valkey" }, { engine: "redis" })),
            /engine is "redis", but valkey runs/,
        );
    });

    it("cannot take away the last replica of a Multi-AZ cache in one step", () => {
        const cache = (replicasPerNodeGroup: number, multiAzEnabled: boolean): Record<string, unknown> => ({
            replicationGroupId: "aipx-dev-redis",
            replicasPerNodeGroup,
            multiAzEnabled,
        });
        assert.equal(replicasProblem(cache(2, true), cache(1, true)), undefined);
        assert.equal(replicasProblem(cache(1, false), cache(0, false)), undefined);
        assert.match(
            String(replicasProblem(cache(1, true), cache(0, false))),
            /modify-replication-group --replication-group-id aipx-dev-redis --no-multi-az-enabled/,
        );
    });
});
