import { type Words } from "../plan/service/words";
import { statementWords } from "./actions";
import { connectionWords } from "./destinations";
import { variables } from "./variables";

/** What `npm run plan -- dev --service oms` says beside names and numbers. */
export const words: Words = {
    variable: (name) => variables[name]?.meaning,
    statement: statementWords,
    connection: connectionWords,
};
