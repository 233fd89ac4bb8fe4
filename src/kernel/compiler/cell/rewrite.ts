/**
 * Replaces references to chosen top-level names in emitted JavaScript by other expressions (`x` by `$cell.x`), minding
 * the names that inner scopes declare again. Works on the tree after TypeScript's own transformations: types are gone.
 */
import ts from 'typescript';
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
  const hidden: Set<string>[] = [];
  let functionDepth = 0;

  const isHidden = (name: string) => hidden.some((names) => names.has(name));
  const referenceTo = (node: ts.Node): ts.Expression | undefined => {
    if (!ts.isIdentifier(node) || internals.isGeneratedIdentifier(node) || isHidden(node.text))
      return undefined;
    const replacement = rules.reference(node.text);
    if (replacement === undefined) return undefined;
    // V8 reports a call like `(0, $cell.f)()` at its second bracket, which is to count as the place of the name.
    return ts.setEmitFlags(ts.setTextRange(replacement, node), ts.EmitFlags.NoTrailingSourceMap);
  };
  const within = <T>(names: Set<string>, work: () => T): T => {
    hidden.push(names);
    try {
      return work();
    } finally {
      hidden.pop();
    }
  };
  const each = (node: ts.Node): ts.Node => ts.visitEachChild(node, visit, context);
  const expression = (node: ts.Expression): ts.Expression => visit(node) as ts.Expression;
  const optional = (node: ts.Expression | undefined) => node && expression(node);
  /** A property name is no reference, unless it is computed. */
  const propertyName = <N extends ts.PropertyName | undefined>(name: N): N =>
    name !== undefined && ts.isComputedPropertyName(name) ? (each(name) as N) : name;

  function visit(node: ts.Node): ts.Node {
    if (functionDepth === 0 && ts.isStatement(node)) {
      const replaced = rules.outerStatement?.(node);
      if (replaced !== undefined) return replaced;
    }
    return visitScope(node) ?? visitSpecial(node) ?? visitName(node) ?? each(node);
  }

  function visitScope(node: ts.Node): ts.Node | undefined {
    if (ts.isFunctionLike(node) && 'body' in node) return visitFunction(node as ts.FunctionLikeDeclaration);
    if (ts.isClassLike(node)) {
      return within(new Set(node.name === undefined ? [] : [node.name.text]), () => visitClass(node));
    }
    if (ts.isClassStaticBlockDeclaration(node)) return within(varNames(node.body), () => each(node));
    if (ts.isBlock(node)) return within(blockNames(node.statements), () => each(node));
    if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)) {
      return within(headerNames(node), () => visitLoop(node));
    }
    if (ts.isCatchClause(node) || ts.isCaseBlock(node)) return within(headerNames(node), () => each(node));
    return undefined;
  }

  function visitFunction(node: ts.FunctionLikeDeclaration): ts.Node {
    functionDepth++;
    const visited = within(functionNames(node), () => eachWithOwnName(node));
    functionDepth--;
    return visited;
  }

  /** Members and function expressions carry names which are no references. */
  function eachWithOwnName(node: ts.FunctionLikeDeclaration): ts.Node {
    const name = node.name;
    return ts.visitEachChild(
      node,
      (child) => (child === name ? propertyName(child as ts.PropertyName) : visit(child)),
      context,
    );
  }

  /** Statements in a class stand in methods and static blocks only, which have a `var` scope of their own. */
  function visitClass(node: ts.ClassLikeDeclaration): ts.Node {
    functionDepth++;
    const visited = ts.visitEachChild(node, (child) => (child === node.name ? child : visit(child)), context);
    functionDepth--;
    return visited;
  }

  function visitLoop(node: ts.ForStatement | ts.ForInStatement | ts.ForOfStatement): ts.Node {
    const list = node.initializer;
    if (functionDepth > 0 || list === undefined || !ts.isVariableDeclarationList(list) || !isVar(list)) {
      return each(node);
    }
    const replaced = rules.outerVar?.(list, ts.isForStatement(node) ? 'statement' : 'loop target');
    if (replaced === undefined) return each(node);
    return ts.visitEachChild(node, (child) => (child === list ? replaced : visit(child)), context);
  }

  function visitSpecial(node: ts.Node): ts.Node | undefined {
    if (ts.isVariableStatement(node) && functionDepth === 0 && isVar(node.declarationList)) {
      const replaced = rules.outerVar?.(node.declarationList, 'statement');
      if (replaced !== undefined) return ts.setTextRange(factory.createExpressionStatement(replaced), node);
    }
    if (ts.isCallExpression(node)) return visitCall(node);
    if (ts.isTaggedTemplateExpression(node)) {
      const tag = referenceTo(node.tag);
      if (tag === undefined) return undefined;
      const template = visit(node.template) as ts.TemplateLiteral;
      return factory.updateTaggedTemplateExpression(node, withoutThis(tag), undefined, template);
    }
    if (ts.isTypeOfExpression(node) && ts.isIdentifier(node.expression) && referenceTo(node.expression)) {
      return rules.typeOf?.(node.expression.text);
    }
    if (ts.isMetaProperty(node)) {
      return node.keywordToken === ts.SyntaxKind.ImportKeyword ? rules.importMeta : node;
    }
    return undefined;
  }

  function visitCall(node: ts.CallExpression): ts.Node | undefined {
    const args = () => node.arguments.map(expression);
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier, ...rest] = args();
      const known =
        specifier !== undefined && ts.isStringLiteralLike(specifier)
          ? factory.createStringLiteral(rules.specifier(specifier.text))
          : specifier;
      const all = known === undefined ? [] : [known, ...rest];
      return ts.setTextRange(factory.createCallExpression(rules.importCall, undefined, all), node);
    }
    const callee = referenceTo(node.expression);
    if (callee === undefined) return undefined;
    return factory.updateCallExpression(node, withoutThis(callee), undefined, args());
  }

  function visitName(node: ts.Node): ts.Node | undefined {
    if (ts.isIdentifier(node)) return referenceTo(node) ?? node;
    if (ts.isPropertyAccessExpression(node)) {
      return factory.updatePropertyAccessExpression(node, expression(node.expression), node.name);
    }
    if (ts.isPropertyAssignment(node)) {
      return factory.updatePropertyAssignment(node, propertyName(node.name), expression(node.initializer));
    }
    if (ts.isShorthandPropertyAssignment(node)) return visitShorthand(node);
    if (ts.isPropertyDeclaration(node)) {
      const value = optional(node.initializer);
      const { modifiers } = node;
      return factory.updatePropertyDeclaration(
        node,
        modifiers,
        propertyName(node.name),
        undefined,
        undefined,
        value,
      );
    }
    if (ts.isBindingElement(node) || ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      return visitBinding(node);
    }
    if (ts.isLabeledStatement(node)) {
      return factory.updateLabeledStatement(node, node.label, visit(node.statement) as ts.Statement);
    }
    if (ts.isBreakOrContinueStatement(node)) return node;
    return undefined;
  }

  /** `{ x }` becomes `{ x: $cell.x }`, and the target `{ x = 1 }` becomes `{ x: $cell.x = 1 }`. */
  function visitShorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
    const fallback = optional(node.objectAssignmentInitializer);
    const target = referenceTo(node.name);
    if (target === undefined) return factory.updateShorthandPropertyAssignment(node, node.name, fallback);
    const value = fallback === undefined ? target : factory.createAssignment(target, fallback);
    return ts.setTextRange(factory.createPropertyAssignment(node.name.text, value), node);
  }

  /** Declared names stay; default values and computed keys are visited. */
  function visitBinding(node: ts.BindingElement | ts.VariableDeclaration | ts.ParameterDeclaration): ts.Node {
    const name = ts.isIdentifier(node.name) ? node.name : (visit(node.name) as ts.BindingPattern);
    const value = optional(node.initializer);
    if (ts.isBindingElement(node)) {
      const key = propertyName(node.propertyName);
      return factory.updateBindingElement(node, node.dotDotDotToken, key, name, value);
    }
    if (ts.isParameter(node)) {
      const { modifiers, dotDotDotToken } = node;
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
    return factory.updateVariableDeclaration(node, name, undefined, undefined, value);
  }

  return visit;
}

/** `(0, $cell.f)`: calling a property this way passes no `this`, as a call of the plain name would. */
function withoutThis(callee: ts.Expression): ts.Expression {
  return factory.createParenthesizedExpression(factory.createComma(factory.createNumericLiteral(0), callee));
}
