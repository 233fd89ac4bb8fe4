/**
 * Replaces references to chosen top-level names in emitted JavaScript by other expressions (`x` by `$cell.x`), minding
 * the names that inner scopes declare again. Works on the tree after TypeScript's own transformations: types are gone.
 */
import { ts } from '../typescript/typescript.ts';
import { blockNames, functionNames, headerNames, isVar, varNames } from './scopes.ts';
import { internals } from './typescript-internals.ts';

const { factory } = ts;

/** What a rewriting does with the constructs it meets. */
export interface RewriteRules {
  /** The expression that stands for a name, or undefined to leave the name alone. */
  reference(name: string): ts.Expression | undefined;
  /** The function that replaces the keyword of `import(…)`. */
  importCall: ts.Expression;
  /** What replaces `import.meta`. */
  importMeta: ts.Expression;
  /** The name under which an imported module is known at run time. */
  specifier(text: string): string;
  /** Replaces a `var` outside all functions but inside a block or loop; absent: it stays. */
  outerVar?(list: ts.VariableDeclarationList, place: 'statement' | 'loop target'): ts.Expression | undefined;
  /** Replaces a statement outside all functions (the cell's result may stand inside a `try` that `using` made). */
  outerStatement?(statement: ts.Statement): ts.Statement | undefined;
  /** `typeof x` must not fail for a name that has no value yet. */
  typeOf?(name: string): ts.Expression | undefined;
}

type Visit = (node: ts.Node) => ts.Node;

/** A visitor that rewrites statements of a file's top level. */
export function createRewriter(context: ts.TransformationContext, rules: RewriteRules): Visit {
  const rewriter = new Rewriter(context, rules);
  return (node) => rewriter.visit(node);
}

/** Where the visitor stands, and the steps that its table is made of. */
class Rewriter {
  readonly context: ts.TransformationContext;
  readonly rules: RewriteRules;
  /** The names that the scopes around the node declare, the outermost first. */
  readonly #hidden: ReadonlySet<string>[] = [];
  #functionDepth = 0;

  constructor(context: ts.TransformationContext, rules: RewriteRules) {
    this.context = context;
    this.rules = rules;
  }

  /** Whether the node stands outside all functions and classes. */
  get isOuter(): boolean {
    return this.#functionDepth === 0;
  }

  visit(node: ts.Node): ts.Node {
    const replaced = this.isOuter && ts.isStatement(node) ? this.rules.outerStatement?.(node) : undefined;
    return replaced ?? VISITORS[node.kind]?.(node, this) ?? this.each(node);
  }

  each(node: ts.Node): ts.Node {
    return ts.visitEachChild(node, (child) => this.visit(child), this.context);
  }

  /** Visits all children but one, which `replace` gives. */
  eachBut(node: ts.Node, one: ts.Node | undefined, replace: (child: ts.Node) => ts.Node): ts.Node {
    const visitor = (child: ts.Node) => (child === one ? replace(child) : this.visit(child));
    return ts.visitEachChild(node, visitor, this.context);
  }

  expression(node: ts.Expression): ts.Expression {
    return this.visit(node) as ts.Expression;
  }

  optional(node: ts.Expression | undefined): ts.Expression | undefined {
    return node && this.expression(node);
  }

  /** A property name is no reference, unless it is computed. */
  propertyName<N extends ts.PropertyName | undefined>(name: N): N {
    return name !== undefined && ts.isComputedPropertyName(name) ? (this.each(name) as N) : name;
  }

  /** What stands for a name here; undefined where the name stays. */
  referenceTo(node: ts.Node): ts.Expression | undefined {
    if (!ts.isIdentifier(node) || internals.isGeneratedIdentifier(node)) return undefined;
    if (this.#hidden.some((names) => names.has(node.text))) return undefined;
    const replacement = this.rules.reference(node.text);
    if (replacement === undefined) return undefined;
    // V8 reports a call like `(0, $cell.f)()` at its second bracket, which is to count as the place of the name.
    return ts.setEmitFlags(ts.setTextRange(replacement, node), ts.EmitFlags.NoTrailingSourceMap);
  }

  within<T>(names: ReadonlySet<string>, work: () => T): T {
    this.#hidden.push(names);
    try {
      return work();
    } finally {
      this.#hidden.pop();
    }
  }

  inFunction<T>(work: () => T): T {
    this.#functionDepth++;
    try {
      return work();
    } finally {
      this.#functionDepth--;
    }
  }
}

/** What is done with a node of one kind; undefined: its children are visited. */
type Visitor = (node: never, rewriter: Rewriter) => ts.Node | undefined;

const { SyntaxKind } = ts;

/** The kinds that are more than their children. */
const VISITORS: Partial<Record<ts.SyntaxKind, (node: ts.Node, rewriter: Rewriter) => ts.Node | undefined>> =
  visitors([
    // Scopes: they hide names.
    [SyntaxKind.FunctionDeclaration, visitFunction],
    [SyntaxKind.FunctionExpression, visitFunction],
    [SyntaxKind.ArrowFunction, visitFunction],
    [SyntaxKind.MethodDeclaration, visitFunction],
    [SyntaxKind.Constructor, visitFunction],
    [SyntaxKind.GetAccessor, visitFunction],
    [SyntaxKind.SetAccessor, visitFunction],
    [SyntaxKind.ClassDeclaration, visitClass],
    [SyntaxKind.ClassExpression, visitClass],
    [SyntaxKind.ClassStaticBlockDeclaration, visitStaticBlock],
    [SyntaxKind.Block, (node: ts.Block, it) => it.within(blockNames(node.statements), () => it.each(node))],
    [SyntaxKind.ForStatement, visitLoop],
    [SyntaxKind.ForInStatement, visitLoop],
    [SyntaxKind.ForOfStatement, visitLoop],
    [SyntaxKind.CatchClause, (node: ts.Node, it) => it.within(headerNames(node), () => it.each(node))],
    [SyntaxKind.CaseBlock, (node: ts.Node, it) => it.within(headerNames(node), () => it.each(node))],
    // Constructs with a rule of their own.
    [SyntaxKind.VariableStatement, visitVariables],
    [SyntaxKind.CallExpression, visitCall],
    [SyntaxKind.TaggedTemplateExpression, visitTaggedTemplate],
    [SyntaxKind.TypeOfExpression, visitTypeOf],
    [
      SyntaxKind.MetaProperty,
      (node: ts.MetaProperty, it) => (isImportMeta(node) ? it.rules.importMeta : node),
    ],
    // Names: references are replaced, those of properties, labels and declarations stay.
    [SyntaxKind.Identifier, (node: ts.Identifier, it) => it.referenceTo(node) ?? node],
    [SyntaxKind.PropertyAccessExpression, visitPropertyAccess],
    [SyntaxKind.PropertyAssignment, visitPropertyAssignment],
    [SyntaxKind.ShorthandPropertyAssignment, visitShorthand],
    [SyntaxKind.PropertyDeclaration, visitPropertyDeclaration],
    [SyntaxKind.BindingElement, visitBindingElement],
    [SyntaxKind.VariableDeclaration, visitVariableDeclaration],
    [SyntaxKind.Parameter, visitParameter],
    [SyntaxKind.LabeledStatement, visitLabel],
    [SyntaxKind.BreakStatement, (node: ts.Node) => node],
    [SyntaxKind.ContinueStatement, (node: ts.Node) => node],
  ]);

/** Each visitor takes the nodes of the kind that it stands beside. */
function visitors(table: readonly (readonly [ts.SyntaxKind, Visitor])[]): typeof VISITORS {
  return Object.fromEntries(table);
}

function visitFunction(node: ts.FunctionLikeDeclaration, it: Rewriter): ts.Node {
  // Members and function expressions carry names which are no references.
  const visitParts = () =>
    it.eachBut(node, node.name, (name) => it.propertyName(name as ts.PropertyName) as ts.Node);
  return it.inFunction(() => it.within(functionNames(node), visitParts));
}

/** Statements in a class stand in methods and static blocks only, which have a `var` scope of their own. */
function visitClass(node: ts.ClassLikeDeclaration, it: Rewriter): ts.Node {
  const names = new Set(node.name === undefined ? [] : [node.name.text]);
  return it.inFunction(() => it.within(names, () => it.eachBut(node, node.name, (name) => name)));
}

function visitStaticBlock(node: ts.ClassStaticBlockDeclaration, it: Rewriter): ts.Node {
  return it.within(varNames(node.body), () => it.each(node));
}

function visitLoop(node: ts.ForStatement | ts.ForInStatement | ts.ForOfStatement, it: Rewriter): ts.Node {
  const list = node.initializer;
  const isOuterVar = it.isOuter && list !== undefined && ts.isVariableDeclarationList(list) && isVar(list);
  return it.within(headerNames(node), () => {
    const place = ts.isForStatement(node) ? 'statement' : 'loop target';
    const replaced = isOuterVar ? it.rules.outerVar?.(list, place) : undefined;
    return replaced === undefined ? it.each(node) : it.eachBut(node, list, () => replaced);
  });
}

function visitVariables(node: ts.VariableStatement, it: Rewriter): ts.Node | undefined {
  if (!it.isOuter || !isVar(node.declarationList)) return undefined;
  const replaced = it.rules.outerVar?.(node.declarationList, 'statement');
  return replaced && ts.setTextRange(factory.createExpressionStatement(replaced), node);
}

function visitCall(node: ts.CallExpression, it: Rewriter): ts.Node | undefined {
  if (node.expression.kind === SyntaxKind.ImportKeyword) return visitImportCall(node, it);
  const callee = it.referenceTo(node.expression);
  if (callee === undefined) return undefined;
  const args = node.arguments.map((argument) => it.expression(argument));
  return factory.updateCallExpression(node, withoutThis(callee), undefined, args);
}

function visitImportCall(node: ts.CallExpression, it: Rewriter): ts.Node {
  const [specifier, ...rest] = node.arguments.map((argument) => it.expression(argument));
  const isKnown = specifier !== undefined && ts.isStringLiteralLike(specifier);
  const known = isKnown ? factory.createStringLiteral(it.rules.specifier(specifier.text)) : specifier;
  const all = known === undefined ? [] : [known, ...rest];
  return ts.setTextRange(factory.createCallExpression(it.rules.importCall, undefined, all), node);
}

function visitTaggedTemplate(node: ts.TaggedTemplateExpression, it: Rewriter): ts.Node | undefined {
  const tag = it.referenceTo(node.tag);
  if (tag === undefined) return undefined;
  const template = it.visit(node.template) as ts.TemplateLiteral;
  return factory.updateTaggedTemplateExpression(node, withoutThis(tag), undefined, template);
}

function visitTypeOf({ expression }: ts.TypeOfExpression, it: Rewriter): ts.Node | undefined {
  if (!ts.isIdentifier(expression) || it.referenceTo(expression) === undefined) return undefined;
  return it.rules.typeOf?.(expression.text);
}

function visitPropertyAccess(node: ts.PropertyAccessExpression, it: Rewriter): ts.Node {
  return factory.updatePropertyAccessExpression(node, it.expression(node.expression), node.name);
}

function visitPropertyAssignment(node: ts.PropertyAssignment, it: Rewriter): ts.Node {
  const value = it.expression(node.initializer);
  return factory.updatePropertyAssignment(node, it.propertyName(node.name), value);
}

/** `{ x }` becomes `{ x: $cell.x }`, and the target `{ x = 1 }` becomes `{ x: $cell.x = 1 }`. */
function visitShorthand(node: ts.ShorthandPropertyAssignment, it: Rewriter): ts.Node {
  const fallback = it.optional(node.objectAssignmentInitializer);
  const target = it.referenceTo(node.name);
  if (target === undefined) return factory.updateShorthandPropertyAssignment(node, node.name, fallback);
  const value = fallback === undefined ? target : factory.createAssignment(target, fallback);
  return ts.setTextRange(factory.createPropertyAssignment(node.name.text, value), node);
}

function visitPropertyDeclaration(node: ts.PropertyDeclaration, it: Rewriter): ts.Node {
  const name = it.propertyName(node.name);
  const value = it.optional(node.initializer);
  return factory.updatePropertyDeclaration(node, node.modifiers, name, undefined, undefined, value);
}

/** Declared names stay; default values and computed keys are visited. */
function visitBindingElement(node: ts.BindingElement, it: Rewriter): ts.Node {
  const key = it.propertyName(node.propertyName);
  const value = it.optional(node.initializer);
  return factory.updateBindingElement(node, node.dotDotDotToken, key, boundName(node.name, it), value);
}

function visitVariableDeclaration(node: ts.VariableDeclaration, it: Rewriter): ts.Node {
  const value = it.optional(node.initializer);
  return factory.updateVariableDeclaration(node, boundName(node.name, it), undefined, undefined, value);
}

function visitParameter(node: ts.ParameterDeclaration, it: Rewriter): ts.Node {
  const { modifiers, dotDotDotToken } = node;
  const name = boundName(node.name, it);
  const value = it.optional(node.initializer);
  return factory.updateParameterDeclaration(
    node,
    modifiers,
    dotDotDotToken,
    name,
    undefined,
    undefined,
    value,
  );
}

function boundName(name: ts.BindingName, it: Rewriter): ts.BindingName {
  return ts.isIdentifier(name) ? name : (it.visit(name) as ts.BindingPattern);
}

function visitLabel(node: ts.LabeledStatement, it: Rewriter): ts.Node {
  return factory.updateLabeledStatement(node, node.label, it.visit(node.statement) as ts.Statement);
}

function isImportMeta(node: ts.MetaProperty): boolean {
  return node.keywordToken === SyntaxKind.ImportKeyword;
}

/** `(0, $cell.f)`: calling a property this way passes no `this`, as a call of the plain name would. */
function withoutThis(callee: ts.Expression): ts.Expression {
  return factory.createParenthesizedExpression(factory.createComma(factory.createNumericLiteral(0), callee));
}
