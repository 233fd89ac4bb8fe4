/**
 * Turns a local TypeScript or JavaScript module into the body of an async function, so that the runner can evaluate it
 * again when it was edited. Its own variables stay local; only imports and exports change:
 *
 * ```ts
 * import { load } from './files.ts';        $host.export({ count: () => count });
 * export let count = load().length;    →    const files_1 = await $host.import('/home/me/files.ts');
 *                                           let count = (0, files_1.load)().length;
 * ```
 */

import { hasModifier } from '../cell/declarations.ts';
import { createRewriter } from '../cell/rewrite.ts';
import { blockNames, forEachBoundName, varNames } from '../cell/scopes.ts';
import { ts } from '../typescript/typescript.ts';

const { factory } = ts;

/** An `after` transformer for `ts.transpileModule`. @param specifier names an imported module for the runner */
export function moduleTransformer(
  host: string,
  specifier: (text: string) => string,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const emitter = new ModuleEmitter(context, host, specifier);
    return factory.updateSourceFile(file, emitter.emit(file.statements));
  };
}

class ModuleEmitter {
  readonly #host: string;
  readonly #specifier: (text: string) => string;
  readonly #visit: (node: ts.Node) => ts.Node;
  /** Local name of an import → how to read it. */
  readonly #imported = new Map<string, () => ts.Expression>();
  /** Exported name → how to read it. */
  readonly #exported = new Map<string, () => ts.Expression>();
  readonly #imports: ts.Statement[] = [];
  readonly #body: ts.Statement[] = [];

  constructor(context: ts.TransformationContext, host: string, specifier: (text: string) => string) {
    this.#host = host;
    this.#specifier = specifier;
    this.#visit = createRewriter(context, {
      reference: (name) => this.#imported.get(name)?.(),
      importCall: this.#hostMember('import'),
      importMeta: this.#hostMember('meta'),
      specifier,
    });
  }

  emit(statements: readonly ts.Statement[]): ts.Statement[] {
    for (const statement of statements) {
      if (ts.isImportDeclaration(statement)) this.#import(statement);
      else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) this.#reExport(statement);
    }
    for (const name of [...blockNames(statements), ...varNames(factory.createBlock(statements))]) {
      this.#imported.delete(name);
    }
    for (const statement of statements) this.#statement(statement);
    return [this.#exportCall(), ...this.#imports, ...this.#body];
  }

  #hostMember(name: string): ts.Expression {
    return factory.createPropertyAccessExpression(factory.createIdentifier(this.#host), name);
  }

  /** Adds `const module_1 = await $host.import('x')`. @returns its variable */
  #load(specifier: ts.Expression, range: ts.Node): ts.Identifier {
    const text = this.#specifier((specifier as ts.StringLiteral).text);
    const variable = factory.createUniqueName('module');
    const call = factory.createCallExpression(this.#hostMember('import'), undefined, [
      factory.createStringLiteral(text),
    ]);
    const declaration = factory.createVariableDeclaration(
      variable,
      undefined,
      undefined,
      factory.createAwaitExpression(call),
    );
    const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
    this.#imports.push(ts.setTextRange(factory.createVariableStatement(undefined, list), range));
    return variable;
  }

  #import(statement: ts.ImportDeclaration): void {
    const module = this.#load(statement.moduleSpecifier, statement);
    const clause = statement.importClause;
    if (clause?.name !== undefined) this.#imported.set(clause.name.text, member(module, 'default'));
    const bindings = clause?.namedBindings;
    if (bindings === undefined) return;
    if (ts.isNamespaceImport(bindings)) this.#imported.set(bindings.name.text, () => module);
    else {
      for (const { name, propertyName } of bindings.elements) {
        this.#imported.set(name.text, member(module, (propertyName ?? name).text));
      }
    }
  }

  #reExport(statement: ts.ExportDeclaration): void {
    const module = this.#load(statement.moduleSpecifier!, statement);
    const clause = statement.exportClause;
    if (clause === undefined) {
      const call = factory.createCallExpression(this.#hostMember('exportAll'), undefined, [module]);
      this.#imports.push(factory.createExpressionStatement(call));
    } else if (ts.isNamespaceExport(clause)) {
      this.#exported.set(clause.name.text, () => module);
    } else {
      for (const { name, propertyName } of clause.elements) {
        this.#exported.set(name.text, member(module, (propertyName ?? name).text));
      }
    }
  }

  #statement(statement: ts.Statement): void {
    if (ts.isImportDeclaration(statement)) return;
    if (ts.isExportDeclaration(statement)) this.#exportList(statement);
    else if (ts.isExportAssignment(statement)) this.#exportDefault(statement);
    else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      this.#body.push(this.#exportedDeclaration(statement));
    } else if (ts.isVariableStatement(statement)) this.#variables(statement);
    else this.#body.push(this.#visit(statement) as ts.Statement);
  }

  #exportList(statement: ts.ExportDeclaration): void {
    if (statement.moduleSpecifier !== undefined || statement.exportClause === undefined) return;
    if (!ts.isNamedExports(statement.exportClause)) return;
    for (const { name, propertyName } of statement.exportClause.elements) {
      const local = (propertyName ?? name).text;
      this.#exported.set(name.text, this.#imported.get(local) ?? (() => factory.createIdentifier(local)));
    }
  }

  #exportDefault(statement: ts.ExportAssignment): void {
    const variable = factory.createUniqueName('default');
    const value = this.#visit(statement.expression) as ts.Expression;
    const declaration = factory.createVariableDeclaration(variable, undefined, undefined, value);
    const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
    this.#body.push(ts.setTextRange(factory.createVariableStatement(undefined, list), statement));
    this.#exported.set('default', () => variable);
  }

  #exportedDeclaration(statement: ts.FunctionDeclaration | ts.ClassDeclaration): ts.Statement {
    const visited = this.#visit(statement) as ts.FunctionDeclaration | ts.ClassDeclaration;
    const name = visited.name ?? factory.createUniqueName('default');
    if (isExported(statement)) {
      const exported = hasModifier(statement, ts.SyntaxKind.DefaultKeyword) ? 'default' : name.text;
      this.#exported.set(exported, () => name);
    }
    const modifiers = visited.modifiers?.filter((it) => it.kind === ts.SyntaxKind.AsyncKeyword);
    if (ts.isClassDeclaration(visited)) {
      const { heritageClauses, members } = visited;
      return factory.updateClassDeclaration(visited, modifiers, name, undefined, heritageClauses, members);
    }
    const { asteriskToken, parameters, body } = visited;
    return factory.updateFunctionDeclaration(
      visited,
      modifiers,
      asteriskToken,
      name,
      undefined,
      parameters,
      undefined,
      body,
    );
  }

  #variables(statement: ts.VariableStatement): void {
    const visited = this.#visit(statement) as ts.VariableStatement;
    if (isExported(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        forEachBoundName(name, (it) => {
          this.#exported.set(it.text, () => factory.createIdentifier(it.text));
        });
      }
    }
    this.#body.push(factory.updateVariableStatement(visited, undefined, visited.declarationList));
  }

  /** `$host.export({ a: () => a })`, before anything runs: modules may import each other in a circle. */
  #exportCall(): ts.Statement {
    const getters = [...this.#exported].map(([name, read]) => {
      const getter = factory.createArrowFunction(undefined, undefined, [], undefined, undefined, read());
      return factory.createPropertyAssignment(factory.createStringLiteral(name), getter);
    });
    const call = factory.createCallExpression(this.#hostMember('export'), undefined, [
      factory.createObjectLiteralExpression(getters),
    ]);
    return factory.createExpressionStatement(call);
  }
}

function member(module: ts.Identifier, name: string): () => ts.Expression {
  return () => factory.createElementAccessExpression(module, factory.createStringLiteral(name));
}

function isExported(statement: ts.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword);
}
