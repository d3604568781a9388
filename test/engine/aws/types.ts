import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** What a value may look like. */
export type Shape =
    | "string"
    | "number"
    | "boolean"
    | "any"
    | { list: Shape }
    | { map: Shape }
    | { object: Properties }
    | { either: Shape[] };

export interface Property {
    shape: Shape;
    required: boolean;
}

export type Properties = ReadonlyMap<string, Property>;

const scalars = new Map<ts.SyntaxKind, "string" | "number" | "boolean">([
    [ts.SyntaxKind.StringKeyword, "string"],
    [ts.SyntaxKind.NumberKeyword, "number"],
    [ts.SyntaxKind.BooleanKeyword, "boolean"],
]);

const packages = new Map<string, Package>();

/**
 * The inputs of a type of resource, as the declarations of the installed package have them. The first call for a package
 * takes about half a second.
 */
export function propertiesOf(type: string): Properties {
    const [name = "", module = "", resource = ""] = type.split(":");
    const found = packages.get(name) ?? new Package(name);
    packages.set(name, found);
    return found.inputsOf(module, resource);
}

/** Interfaces by their full name: `lambda.FunctionVpcConfig`. */
type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

/** `@pulumi/<name>`. */
class Package {
    private readonly folder: string;
    private readonly nested: Interfaces;
    private readonly read = new Map<ts.InterfaceDeclaration, Properties>();
    private readonly resources = new Map<string, Properties>();

    constructor(private readonly name: string) {
        this.folder = path.join(__dirname, "../../../node_modules/@pulumi", name);
        this.nested = interfaces(path.join(this.folder, "types/input.d.ts"));
    }

    inputsOf(module: string, resource: string): Properties {
        const file = `${module.replace(/^index\//, "")}.d.ts`;
        const key = `${module}:${resource}`;
        let properties = this.resources.get(key);
        if (!properties) {
            const declared = interfaces(path.join(this.folder, file)).get(`${resource}Args`);
            if (!declared) {
                throw new Error(`@pulumi/${this.name} has no ${resource}Args in ${file}`);
            }
            properties = this.properties(declared);
            this.resources.set(key, properties);
        }
        return properties;
    }

    private properties(declared: ts.InterfaceDeclaration): Properties {
        const known = this.read.get(declared);
        if (known) {
            return known;
        }
        const properties = new Map<string, Property>();
        // Known before it is complete, because it may contain itself.
        this.read.set(declared, properties);
        for (const member of declared.members.filter(ts.isPropertySignature)) {
            const { text } = member.name as ts.Identifier;
            properties.set(text, { shape: this.shape(member.type!), required: !member.questionToken });
        }
        return properties;
    }

    private shape(type: ts.TypeNode): Shape {
        const scalar = scalars.get(type.kind);
        if (scalar) {
            return scalar;
        }
        if (ts.isArrayTypeNode(type)) {
            return { list: this.shape(type.elementType) };
        }
        if (ts.isTypeLiteralNode(type)) {
            const [member] = type.members;
            return member && ts.isIndexSignatureDeclaration(member) ? { map: this.shape(member.type) } : "any";
        }
        if (ts.isUnionTypeNode(type)) {
            const either = type.types
                .filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword)
                .map((member) => this.shape(member));
            return either.length === 1 ? either[0]! : { either };
        }
        return ts.isTypeReferenceNode(type) ? this.reference(type) : "any";
    }

    private reference(type: ts.TypeReferenceNode): Shape {
        const name = fullName(type.typeName);
        if (name === "pulumi.Input") {
            return this.shape(type.typeArguments![0]!);
        }
        const declared = name.startsWith("inputs.") && this.nested.get(name.slice("inputs.".length));
        if (declared) {
            return { object: this.properties(declared) };
        }
        // Files are objects of Pulumi's own. What is left are classes, which arrive as their ids, and enumerations.
        return name.startsWith("pulumi.") ? "any" : "string";
    }
}

function interfaces(file: string): Interfaces {
    const found = new Map<string, ts.InterfaceDeclaration>();
    const walk = (statements: readonly ts.Statement[], prefix: string): void => {
        for (const statement of statements) {
            if (ts.isInterfaceDeclaration(statement)) {
                found.set(prefix + statement.name.text, statement);
            } else if (ts.isModuleDeclaration(statement) && statement.body && ts.isModuleBlock(statement.body)) {
                walk(statement.body.statements, `${prefix}${statement.name.text}.`);
            }
        }
    };
    walk(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022).statements, "");
    return found;
}

const fullName = (name: ts.EntityName): string =>
    ts.isIdentifier(name) ? name.text : `${fullName(name.left)}.${name.right.text}`;
