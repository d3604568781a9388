import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

// Reads resource types and the shapes of their inputs out of an installed SDK of a Pulumi provider.

/** A property of a Pulumi resource, or of an object in it. */
export interface Property {
    /** `versioningConfiguration` */
    name: string;
    many: boolean;
    /** Whether it is a file, or several. */
    asset?: true;
    /** Properties of an object. */
    properties?: Property[];
}

/** A resource type of a Pulumi provider. */
export interface PulumiType {
    /** `aws:s3/bucketVersioning:BucketVersioning` */
    token: string;
    inputs: Property[];
    /** Names of properties that are computed only. */
    outputs: string[];
}

type Interfaces = Map<string, ts.InterfaceDeclaration>;

/** All resource types in the folder of an SDK. */
export function readPulumiTypes(folder: string): PulumiType[] {
    const shared: Interfaces = new Map();
    collect(parse(join(folder, "types/input.d.ts")), "inputs.", shared);
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".js") && !/^(node_modules|types|tests|config)\//.test(file))
        .flatMap((file) => readType(join(folder, file), shared) ?? []);
}

function readType(file: string, shared: Interfaces): PulumiType | undefined {
    const source = readFileSync(file, "utf8");
    const token = /static __pulumiType = '([^']+)'/.exec(source)?.[1];
    if (token === undefined || !token.includes("/")) {
        return undefined;
    }
    const own: Interfaces = new Map(shared);
    collect(parse(file.replace(/\.js$/, ".d.ts")), "", own);
    const args = own.get(`${token.split(":")[2]}Args`);
    const outputs = [...source.matchAll(/resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g)].map(([, name]) => name!);
    return { token, inputs: args ? properties(args, own) : [], outputs: [...new Set(outputs)] };
}

const parse = (file: string): ts.SourceFile =>
    ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, false);

function collect(node: ts.Node, prefix: string, into: Interfaces): void {
    ts.forEachChild(node, (child) => {
        if (ts.isInterfaceDeclaration(child)) {
            into.set(prefix + child.name.text, child);
        } else if (ts.isModuleDeclaration(child) && child.body) {
            collect(child.body, `${prefix}${child.name.text}.`, into);
        }
    });
}

function properties(declaration: ts.InterfaceDeclaration, interfaces: Interfaces, within: ts.Node[] = []): Property[] {
    const above = [...within, declaration];
    return declaration.members.filter(ts.isPropertySignature).map((member) => {
        const shape = shapeOf(member.type!);
        const object = shape.object === undefined ? undefined : interfaces.get(shape.object);
        return {
            name: (member.name as ts.Identifier).text,
            many: shape.many,
            ...(shape.object?.startsWith("pulumi.asset.") && { asset: true as const }),
            ...(object && !above.includes(object) && { properties: properties(object, interfaces, above) }),
        };
    });
}

/** Whether a type is an array, and the interface that it or its elements are of. */
function shapeOf(type: ts.TypeNode): { many: boolean; object?: string } {
    if (ts.isUnionTypeNode(type)) {
        const shapes = type.types.map(shapeOf);
        return { many: shapes.some(({ many }) => many), object: shapes.find(({ object }) => object)?.object };
    }
    if (ts.isArrayTypeNode(type)) {
        return { ...shapeOf(type.elementType), many: true };
    }
    if (ts.isTypeReferenceNode(type)) {
        const name = nameOf(type.typeName);
        return name === "pulumi.Input" ? shapeOf(type.typeArguments![0]!) : { many: false, object: name };
    }
    return { many: false };
}

const nameOf = (name: ts.EntityName): string =>
    ts.isIdentifier(name) ? name.text : `${nameOf(name.left)}.${name.right.text}`;
