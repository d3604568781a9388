import { type Scope } from "./scope";

/** Name of the role that tasks of a service have. */
export const taskRoleName = (scope: Scope, service: string): string => scope.name(service, "task");

/** Name of the role that ECS starts tasks of a service with. */
export const executionRoleName = (scope: Scope, service: string): string => scope.name(service, "execution");
