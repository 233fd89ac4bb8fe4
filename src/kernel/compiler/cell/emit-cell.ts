/**
 * Turns the top level of a cell into the body of an async function whose variables live on one shared object, `$cell`:
 * a later cell, and a function of an earlier one, both see the newest value of a name, as in a Python notebook.
 *
 * ```ts
 * const f = async (x: number) => x + n;      $cell.f = { f: async (x) => x + $cell.n }.f;
 * let n = 2;                            →    $cell.n = 2;
 * await f(1)                                 return { value: await (0, $cell.f)(1) };
 * ```
 */
import { ts } from '../typescript/typescript.ts';
import { assignmentTarget, namedValue } from './assignment.ts';
import { createRewriter, type RewriteRules } from './rewrite.ts';
import { varNames } from './scopes.ts';
import { internals } from './typescript-internals.ts';

const { factory } = ts;

export interface CellEmitOptions {
  /** Names that live on the shared object: those this cell declares and those of earlier cells that it uses. */
  shared: ReadonlySet<string>;
  /** The statement whose value is the cell's result. */
  result: ts.Statement | undefined;
  /** Where the user's text starts: the imports before it stand for the shared object and vanish. */
  codeStart: number;
  /** Parameter names of the emitted function, chosen so that the cell does not use them. */
  cell: string;
  host: string;
  /** The name by which the runner finds an imported module. */
  specifier(text: string): string;
  /** Imports are hoisted as in any module, unless an earlier line of the cell may install them. */
  hoistImports: boolean;
}

/** An `after` transformer for `program.emit`. */
export function cellTransformer(options: CellEmitOptions): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const emitter = new CellEmitter(context, options);
    return factory.updateSourceFile(file, emitter.emit(file.statements));
  };
}

class CellEmitter {
  readonly #options: CellEmitOptions;
  readonly #visit: (node: ts.Node) => ts.Node;
  readonly #hoisted: ts.Statement[] = [];
  readonly #imports: ts.Statement[] = [];
  readonly #body: ts.Statement[] = [];

  constructor(context: ts.TransformationContext, options: CellEmitOptions) {
    this.#options = options;
    this.#visit = createRewriter(context, this.#rules());
  }

  emit(statements: readonly ts.Statement[]): ts.Statement[] {
    for (const statement of statements) this.#statement(statement);
    return [...this.#hoisted, ...this.#imports, ...this.#body];
  }

  #rules(): RewriteRules {
    const { shared, host, specifier } = this.#options;
    const hostMember = (name: string) =>
      factory.createPropertyAccessExpression(factory.createIdentifier(host), name);
    return {
      reference: (name) => (shared.has(name) ? this.#member(name) : undefined),
      importCall: hostMember('import'),
      importMeta: hostMember('meta'),
      specifier,
      outerVar: (list, place) => this.#outerVar(list, place),
      outerStatement: (statement) => this.#result(statement),
      typeOf: (name) => this.#typeOf(name),
    };
  }

  #member(name: string): ts.PropertyAccessExpression {
    return factory.createPropertyAccessExpression(factory.createIdentifier(this.#options.cell), name);
  }

  /** `typeof x` is answered with "undefined" while x has no value: reading such a name from `$cell` throws. */
  #typeOf(name: string): ts.Expression {
    const known = factory.createBinaryExpression(
      factory.createStringLiteral(name),
      ts.SyntaxKind.InKeyword,
      factory.createIdentifier(this.#options.cell),
    );
    const value = factory.createConditionalExpression(
      known,
      undefined,
      this.#member(name),
      undefined,
      factory.createVoidZero(),
    );
    return factory.createTypeOfExpression(factory.createParenthesizedExpression(value));
  }

  #statement(statement: ts.Statement): void {
    if (ts.isImportDeclaration(statement)) this.#import(statement);
    else if (ts.isExportDeclaration(statement)) this.#reExport(statement);
    else if (ts.isExportAssignment(statement)) this.#exportDefault(statement);
    else if (ts.isFunctionDeclaration(statement)) this.#function(statement);
    else if (ts.isClassDeclaration(statement)) this.#class(statement);
    else if (ts.isVariableStatement(statement)) this.#variables(statement);
    else this.#nested(statement);
  }

  #nested(statement: ts.Statement): void {
    for (const name of varNames(statement)) {
      this.#hoisted.push(this.#assign(factory.createIdentifier(name), factory.createVoidZero(), statement));
    }
    this.#body.push(this.#visit(statement) as ts.Statement);
  }

  /** `import d, { a as b } from 'x'` → `await $host.link('x', { d: 'default', b: 'a' })`, which binds the names live. */
  #import(statement: ts.ImportDeclaration): void {
    if (ts.getOriginalNode(statement).end < this.#options.codeStart) return;
    const clause = statement.importClause;
    const names: [local: string, imported: string][] = [];
    if (clause?.name !== undefined) names.push([clause.name.text, 'default']);
    const bindings = clause?.namedBindings;
    if (bindings !== undefined && ts.isNamespaceImport(bindings)) names.push([bindings.name.text, '*']);
    if (bindings !== undefined && ts.isNamedImports(bindings)) {
      for (const { name, propertyName } of bindings.elements)
        names.push([name.text, (propertyName ?? name).text]);
    }
    const properties = names.map(([local, imported]) =>
      factory.createPropertyAssignment(local, factory.createStringLiteral(imported)),
    );
    this.#link(statement, statement.moduleSpecifier, factory.createObjectLiteralExpression(properties));
  }

  /** `export … from 'x'` has no one to export to, but the module runs. */
  #reExport(statement: ts.ExportDeclaration): void {
    if (statement.moduleSpecifier === undefined) return;
    this.#link(statement, statement.moduleSpecifier, factory.createObjectLiteralExpression());
  }

  #link(statement: ts.Statement, specifier: ts.Expression, names: ts.Expression): void {
    const link = factory.createPropertyAccessExpression(factory.createIdentifier(this.#options.host), 'link');
    const text = factory.createStringLiteral(this.#options.specifier((specifier as ts.StringLiteral).text));
    const call = factory.createAwaitExpression(factory.createCallExpression(link, undefined, [text, names]));
    const target = this.#options.hoistImports ? this.#imports : this.#body;
    target.push(ts.setTextRange(factory.createExpressionStatement(call), statement));
  }

  #exportDefault(statement: ts.ExportAssignment): void {
    const value = this.#visit(statement.expression) as ts.Expression;
    const isResult = ts.getOriginalNode(statement) === this.#options.result;
    const plain = factory.createExpressionStatement(value);
    this.#body.push(ts.setTextRange(isResult ? returnValue(value) : plain, statement));
  }

  /** Functions stay declarations, which the engine hoists; their names are put on `$cell` before anything runs. */
  #function(statement: ts.FunctionDeclaration): void {
    const visited = this.#visit(statement) as ts.FunctionDeclaration;
    const { asteriskToken, name, parameters, body } = visited;
    if (name === undefined) return;
    const modifiers = visited.modifiers?.filter((it) => it.kind === ts.SyntaxKind.AsyncKeyword);
    const plain = factory.createFunctionDeclaration(
      modifiers,
      asteriskToken,
      name,
      undefined,
      parameters,
      undefined,
      body,
    );
    this.#body.push(ts.setTextRange(plain, statement));
    this.#hoisted.push(this.#assign(name, name, statement));
  }

  #class(statement: ts.ClassDeclaration): void {
    const visited = this.#visit(statement) as ts.ClassDeclaration;
    const { name, heritageClauses, members } = visited;
    const value = factory.createClassExpression(undefined, name, undefined, heritageClauses, members);
    ts.setTextRange(value, statement);
    if (name === undefined) this.#body.push(factory.createExpressionStatement(value));
    else this.#body.push(this.#assign(name, value, statement));
  }

  #assign(name: ts.Identifier, value: ts.Expression, range: ts.Node): ts.Statement {
    const assignment = factory.createAssignment(this.#member(name.text), value);
    return ts.setTextRange(factory.createExpressionStatement(assignment), range);
  }

  /** Each declarator becomes an assignment; variables that TypeScript itself made up stay local. */
  #variables(statement: ts.VariableStatement): void {
    const list = statement.declarationList;
    for (const declaration of list.declarations) {
      if (isMadeUp(declaration)) {
        const local = factory.createVariableDeclarationList(
          [this.#visit(declaration) as ts.VariableDeclaration],
          list.flags,
        );
        this.#body.push(factory.createVariableStatement(undefined, local));
      } else {
        const assignment = this.#assignment(declaration);
        this.#body.push(ts.setTextRange(factory.createExpressionStatement(assignment), declaration));
      }
    }
  }

  #assignment(declaration: ts.VariableDeclaration): ts.Expression {
    const { name, initializer } = declaration;
    const visit = (node: ts.Expression) => this.#visit(node) as ts.Expression;
    const value = initializer === undefined ? factory.createVoidZero() : namedValue(name, visit(initializer));
    const target = assignmentTarget(name, (identifier) => this.#member(identifier.text), visit);
    const assignment = factory.createAssignment(ts.setTextRange(target, name), value);
    return ts.isObjectLiteralExpression(target)
      ? factory.createParenthesizedExpression(assignment)
      : assignment;
  }

  /** `var` inside blocks and loops; its name got a place at the start of the cell. */
  #outerVar(list: ts.VariableDeclarationList, place: 'statement' | 'loop target'): ts.Expression | undefined {
    if (list.declarations.some(isMadeUp)) return undefined;
    if (place === 'loop target') {
      const visit = (node: ts.Expression) => this.#visit(node) as ts.Expression;
      return assignmentTarget(list.declarations[0]!.name, (name) => this.#member(name.text), visit);
    }
    const initialized = list.declarations.filter(({ initializer }) => initializer !== undefined);
    if (initialized.length === 0) return factory.createVoidZero();
    return initialized
      .map((declaration) => this.#assignment(declaration))
      .reduce((all, next) => factory.createComma(all, next));
  }

  #result(statement: ts.Statement): ts.Statement | undefined {
    if (!ts.isExpressionStatement(statement)) return undefined;
    if (ts.getOriginalNode(statement) !== this.#options.result) return undefined;
    return ts.setTextRange(returnValue(this.#visit(statement.expression) as ts.Expression), statement);
  }
}

/** Whether TypeScript introduced this variable: it has no name before printing and is no one's to see. */
function isMadeUp(declaration: ts.VariableDeclaration): boolean {
  return ts.isIdentifier(declaration.name) && internals.isGeneratedIdentifier(declaration.name);
}

/** `return { value: … }`: in an object, so that a promise is handed over as it is. */
function returnValue(value: ts.Expression): ts.Statement {
  const property = factory.createPropertyAssignment('value', value);
  return factory.createReturnStatement(factory.createObjectLiteralExpression([property]));
}
