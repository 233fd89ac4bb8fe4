/** Walks through code and records what it does with names that are not its own. */

import { blockNames, forEachBoundName, functionNames, headerNames, varNames } from '../cell/scopes.ts';
import type { Use } from '../cell/types.ts';
import { ts } from '../typescript/typescript.ts';
import {
  changesFirstArgument,
  effectOf,
  isCallingMethod,
  isChangingCall,
  isOpenGlobal,
  isPartMethod,
} from './known-names.ts';
import { isErased } from './syntax.ts';
import { createUse, joinUse } from './use.ts';

/**
 * What a local name stands for: a part of a top-level value (`for (const row of rows)`), a parameter, or a value of its
 * own.
 */
type Local = { root: string } | { parameter: number } | undefined;

type FunctionNode = ts.FunctionLikeDeclaration;

/** The object that `this` is in a method. */
const THIS = 'this';

/** Walks statements of a cell's top level. */
export class UseWalker {
  readonly later = new Map<string, Use>();
  readonly aliases = new Map<string, string>();
  readonly changingMethods = new Set<string>();
  use: Use = createUse();
  #scopes: Map<string, Local>[] = [];
  /** The method around the code being walked. */
  #method: string | undefined;

  /** Records into `use` what `work` meets. */
  into(use: Use, work: () => void): void {
    const before = this.use;
    this.use = use;
    work();
    this.use = before;
  }

  /** A top-level declarator. */
  declaration({ name, initializer }: ts.VariableDeclaration): void {
    const names: string[] = [];
    forEachBoundName(name, ({ text }) => names.push(text));
    this.#patternValues(name);
    if (initializer !== undefined) this.initializer(initializer, names);
  }

  /** The value of top-level names: functions in it are called later, and other names may be the same object. */
  initializer(value: ts.Expression, names: readonly string[]): void {
    const inner = withoutTypes(value);
    const root = this.#rootOf(inner);
    if (root !== undefined && root !== THIS) for (const name of names) this.aliases.set(name, root);
    if (root !== undefined && ts.isIdentifier(inner)) {
      this.use.passes.add(root);
      for (const name of names) this.#laterUse(name).holds.add(root);
      return;
    }
    this.#deferred(inner, names);
  }

  /** A function that hangs on a top-level name. */
  functionOf(node: FunctionNode, name: string): void {
    this.into(this.#laterUse(name), () => this.#function(node, parameterLocals(node)));
  }

  /** A class that hangs on a top-level name: its methods run later, its static parts and its bases at once. */
  classOf(node: ts.ClassLikeDeclaration, name: string | undefined): void {
    const use = name === undefined ? this.use : this.#laterUse(name);
    this.#within(ownName(node), () => this.#class(node, (work) => this.into(use, work)));
  }

  visit(node: ts.Node): void {
    if (isErased(node)) return;
    if (!this.#visitScope(node) && !this.#visitSpecial(node))
      ts.forEachChild(node, (child) => this.visit(child));
  }

  #laterUse(name: string): Use {
    const found = this.later.get(name) ?? createUse();
    this.later.set(name, found);
    return found;
  }

  /** Functions right in a value are called later, and what is in objects and lists likewise; all else runs now. */
  #deferred(value: ts.Expression, names: readonly string[]): void {
    const inner = withoutTypes(value);
    if (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner)) {
      for (const name of names) this.functionOf(inner, name);
    } else if (ts.isClassExpression(inner)) {
      for (const name of names) this.classOf(inner, name);
    } else if (ts.isObjectLiteralExpression(inner)) {
      for (const property of inner.properties) this.#deferredProperty(property, names);
    } else if (ts.isArrayLiteralExpression(inner)) {
      for (const element of inner.elements) this.#deferred(element, names);
    } else if (ts.isConditionalExpression(inner)) {
      this.visit(inner.condition);
      this.#deferred(inner.whenTrue, names);
      this.#deferred(inner.whenFalse, names);
    } else {
      this.visit(inner);
      // What a function or a class gives back may hold functions that read names later.
      const maker = makerOf(inner);
      const root = maker && this.#rootOf(maker);
      if (root !== undefined) for (const name of names) this.#laterUse(name).holds.add(root);
    }
  }

  #deferredProperty(property: ts.ObjectLiteralElementLike, names: readonly string[]): void {
    if (property.name !== undefined) this.#propertyName(property.name);
    if (ts.isPropertyAssignment(property)) this.#deferred(property.initializer, names);
    else if (ts.isShorthandPropertyAssignment(property)) this.#read(property.name.text);
    else if (ts.isSpreadAssignment(property)) this.visit(property.expression);
    else for (const name of names) this.into(this.#laterUse(name), () => this.#methodOf(property));
  }

  #visitScope(node: ts.Node): boolean {
    if (ts.isFunctionLike(node) && 'body' in node) {
      this.#function(node as FunctionNode, parameterLocals(node as FunctionNode, false));
    } else if (ts.isClassLike(node)) {
      this.#within(ownName(node), () => this.#class(node, (work) => work()));
    } else if (ts.isBlock(node)) {
      this.#within(blockNames(node.statements), () => this.#children(node));
    } else if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)) {
      this.#loop(node);
    } else if (ts.isCatchClause(node) || ts.isCaseBlock(node)) {
      this.#within(headerNames(node), () => this.#children(node));
    } else return false;
    return true;
  }

  #loop(node: ts.ForStatement | ts.ForInStatement | ts.ForOfStatement): void {
    this.#within(headerNames(node), () => {
      const header = node.initializer;
      if (!ts.isForStatement(node) && header !== undefined) {
        const root = ts.isForOfStatement(node) ? this.#rootOf(node.expression) : undefined;
        if (!ts.isVariableDeclarationList(header)) this.#assign(header);
        else if (root !== undefined) {
          forEachBoundName(header.declarations[0]!.name, ({ text }) => this.#name(text, { root }));
        }
      }
      this.#children(node);
    });
  }

  #children(node: ts.Node): void {
    ts.forEachChild(node, (child) => this.visit(child));
  }

  #function(node: FunctionNode, locals: Map<string, Local>): void {
    const names = new Map<string, Local>([...functionNames(node)].map((name) => [name, undefined]));
    for (const [name, local] of locals) names.set(name, local);
    this.#withinLocals(names, () => {
      if (node.name !== undefined) this.#propertyName(node.name);
      for (const { name, initializer } of node.parameters) {
        this.#patternValues(name);
        if (initializer !== undefined) this.visit(initializer);
      }
      if (node.body === undefined) return;
      if (ts.isBlock(node.body)) this.#children(node.body);
      else this.visit(node.body);
    });
  }

  /** A method, a getter or a setter: what it does to `this` is remembered by its name. */
  #methodOf(node: FunctionNode): void {
    const before = this.#method;
    this.#method = node.name !== undefined && ts.isIdentifier(node.name) ? node.name.text : undefined;
    this.#function(node, new Map());
    this.#method = before;
  }

  /** @param later records what runs when the class is used */
  #class(node: ts.ClassLikeDeclaration, later: (work: () => void) => void): void {
    for (const clause of node.heritageClauses ?? []) this.visit(clause);
    for (const modifier of node.modifiers ?? []) this.visit(modifier);
    for (const member of node.members) {
      if (isErased(member) || ts.isIndexSignatureDeclaration(member)) continue;
      if (ts.isClassStaticBlockDeclaration(member)) {
        const names = new Set([...varNames(member.body), ...blockNames(member.body.statements)]);
        this.#within(names, () => this.#children(member.body));
      } else if (ts.isPropertyDeclaration(member)) {
        this.#propertyName(member.name);
        const { initializer } = member;
        if (initializer === undefined) continue;
        if (isStatic(member)) this.visit(initializer);
        else later(() => this.visit(initializer));
      } else if (ts.isFunctionLike(member) && 'body' in member)
        later(() => this.#methodOf(member as FunctionNode));
    }
  }

  #visitSpecial(node: ts.Node): boolean {
    if (ts.isIdentifier(node)) this.#read(node.text);
    else if (ts.isPropertyAccessExpression(node)) this.#member(node);
    else if (ts.isCallExpression(node)) this.#call(node, true);
    else if (ts.isExpressionStatement(node) && ts.isCallExpression(withoutAwait(node.expression)))
      this.#call(withoutAwait(node.expression) as ts.CallExpression, false);
    else if (ts.isNewExpression(node)) this.#construct(node);
    else if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind))
      this.#assignment(node);
    else if (isCount(node)) this.#count(node.operand);
    else if (ts.isDeleteExpression(node)) this.#changeMember(node.expression);
    else if (ts.isPropertyAssignment(node)) {
      this.#propertyName(node.name);
      this.visit(node.initializer);
    } else if (ts.isShorthandPropertyAssignment(node)) this.#read(node.name.text);
    else if (ts.isVariableDeclaration(node)) this.#variable(node);
    else if (ts.isBindingElement(node)) this.#patternElement(node);
    else if (ts.isLabeledStatement(node)) this.visit(node.statement);
    else if (ts.isEnumDeclaration(node))
      for (const { initializer } of node.members) this.#optional(initializer);
    else if (ts.isModuleDeclaration(node)) this.#namespace(node);
    else if (ts.isJsxAttribute(node)) this.#optional(node.initializer);
    else return ts.isBreakOrContinueStatement(node) || ts.isMetaProperty(node);
    return true;
  }

  #optional(node: ts.Node | undefined): void {
    if (node !== undefined) this.visit(node);
  }

  #namespace({ body }: ts.ModuleDeclaration): void {
    if (body === undefined || !ts.isModuleBlock(body)) return;
    const names = new Set([...blockNames(body.statements), ...varNames(body)]);
    this.#within(names, () => this.#children(body));
  }

  #member(node: ts.PropertyAccessExpression): void {
    if (ts.isIdentifier(node.expression) && isOpenGlobal(node.expression.text, node.name.text)) {
      if (this.#local(node.expression.text) === 'outside') this.use.isOpen = true;
    }
    this.visit(node.expression);
  }

  #call(node: ts.CallExpression, isValueUsed: boolean): void {
    const callee = withoutTypes(node.expression);
    const { arguments: args } = node;
    const root = ts.isPropertyAccessExpression(callee) ? this.#rootOf(callee.expression) : undefined;
    this.visit(node.expression);
    if (ts.isPropertyAccessExpression(callee)) {
      const method = callee.name.text;
      const object = callee.expression;
      const call = { isValueUsed, argumentCount: args.length };
      if (ts.isIdentifier(object) && changesFirstArgument(object.text, method)) this.#change(args[0]);
      else if (isChangingCall(method, call)) this.#change(object);
      else if (root !== undefined && root !== THIS) this.use.methods.push([root, method]);
    }
    for (const [index, argument] of args.entries()) this.#argument(argument, index, { callee, root });
  }

  #construct(node: ts.NewExpression): void {
    this.visit(node.expression);
    for (const [index, argument] of (node.arguments ?? []).entries())
      this.#argument(argument, index, { callee: node.expression, root: undefined });
  }

  /** Functions given to a method of a value may be kept there, and get parts of it: `rows.forEach((row) => …)`. */
  #argument(
    argument: ts.Expression,
    index: number,
    { callee, root }: { callee: ts.Expression; root: string | undefined },
  ): void {
    const inner = withoutTypes(argument);
    if (
      root !== undefined &&
      root !== THIS &&
      (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner))
    ) {
      const use = createUse();
      this.into(use, () => this.#function(inner, parameterLocals(inner, false, root)));
      joinUse(this.use, use);
      if (!isCallingMethod(nameOf(callee))) joinUse(this.#laterUse(root), use);
      return;
    }
    this.visit(argument);
    const given = this.#rootOf(inner);
    if (given === undefined || given === THIS || !ts.isIdentifier(callee)) return;
    if (this.#local(callee.text) === 'outside') this.use.arguments.push([callee.text, index, given]);
  }

  #assignment({ left, operatorToken, right }: ts.BinaryExpression): void {
    this.visit(right);
    if (operatorToken.kind === ts.SyntaxKind.EqualsToken) this.#assign(left);
    else this.#count(left);
    const target = withoutTypes(left);
    const root = this.#rootOf(right);
    if (
      ts.isIdentifier(target) &&
      root !== undefined &&
      root !== THIS &&
      this.#local(target.text) !== 'outside'
    )
      this.#name(target.text, { root });
  }

  /** `x += 1`, `x++`: read and set. */
  #count(target: ts.Expression): void {
    this.visit(target);
    this.#assign(target);
  }

  /** Targets of an assignment: names, members, and patterns of them. */
  #assign(target: ts.Expression): void {
    const inner = withoutTypes(target);
    if (ts.isIdentifier(inner)) {
      if (this.#local(inner.text) !== 'outside') return;
      // Here an assignment may not come to pass, or not last: the old value counts too.
      this.use.passes.add(inner.text);
      this.use.assigns.add(inner.text);
    } else if (ts.isArrayLiteralExpression(inner)) {
      for (const element of inner.elements) this.#assign(element);
    } else if (ts.isObjectLiteralExpression(inner)) {
      for (const property of inner.properties) this.#assignProperty(property);
    } else if (ts.isSpreadElement(inner)) this.#assign(inner.expression);
    else if (ts.isBinaryExpression(inner)) {
      this.visit(inner.right);
      this.#assign(inner.left);
    } else this.#changeMember(inner);
  }

  #assignProperty(property: ts.ObjectLiteralElementLike): void {
    if (ts.isPropertyAssignment(property)) {
      this.#propertyName(property.name);
      this.#assign(property.initializer);
    } else if (ts.isShorthandPropertyAssignment(property)) {
      this.#assign(property.name);
      this.#optional(property.objectAssignmentInitializer);
    } else if (ts.isSpreadAssignment(property)) this.#assign(property.expression);
  }

  /** `a.b = …`, `delete a[0]`: changes a. */
  #changeMember(member: ts.Expression): void {
    const inner = withoutTypes(member);
    const isMember = ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner);
    if (!isMember) {
      this.visit(member);
      return;
    }
    this.visit(inner.expression);
    if (ts.isElementAccessExpression(inner)) this.visit(inner.argumentExpression);
    this.#change(inner.expression);
  }

  /** Notes that an object is changed in place. */
  #change(object: ts.Expression | undefined): void {
    if (object === undefined) return;
    const inner = withoutTypes(object);
    const parameter = this.#parameterOf(inner);
    if (parameter !== undefined) this.use.changedParameters.add(parameter);
    const root = this.#rootOf(inner);
    if (root === THIS) {
      if (this.#method !== undefined) this.changingMethods.add(this.#method);
    } else if (root !== undefined) this.use.changes.add(root);
  }

  #read(name: string): void {
    if (this.#local(name) !== 'outside') return;
    const effect = effectOf(name);
    if (effect !== undefined) this.use.effects.add(effect);
    if (isOpenGlobal(name)) this.use.isOpen = true;
    this.use.reads.add(name);
  }

  /** A variable below the top level, or a `var` at it. */
  #variable(node: ts.VariableDeclaration): void {
    this.#patternValues(node.name);
    if (node.initializer === undefined) return;
    this.visit(node.initializer);
    const root = this.#rootOf(node.initializer);
    const parameter = this.#parameterOf(withoutTypes(node.initializer));
    forEachBoundName(node.name, ({ text }) => {
      if (root !== undefined && root !== THIS) this.#name(text, { root });
      else if (parameter !== undefined) this.#name(text, { parameter });
    });
  }

  #patternValues(name: ts.BindingName): void {
    if (ts.isIdentifier(name)) return;
    for (const element of name.elements) if (!ts.isOmittedExpression(element)) this.#patternElement(element);
  }

  #patternElement({ propertyName, name, initializer }: ts.BindingElement): void {
    if (propertyName !== undefined) this.#propertyName(propertyName);
    this.#patternValues(name);
    this.#optional(initializer);
  }

  /** A property name is no reference, unless it is computed. */
  #propertyName(name: ts.PropertyName): void {
    if (ts.isComputedPropertyName(name)) this.visit(name.expression);
  }

  /** The top-level name whose value, or a part of it, an expression gives. */
  #rootOf(node: ts.Expression): string | undefined {
    const inner = withoutTypes(node);
    if (inner.kind === ts.SyntaxKind.ThisKeyword) return THIS;
    if (ts.isIdentifier(inner)) {
      const local = this.#local(inner.text);
      if (local === 'outside') return inner.text;
      return local !== undefined && 'root' in local ? local.root : undefined;
    }
    if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner))
      return this.#rootOf(inner.expression);
    if (ts.isCallExpression(inner)) {
      const callee = withoutTypes(inner.expression);
      if (ts.isPropertyAccessExpression(callee) && isPartMethod(callee.name.text))
        return this.#rootOf(callee.expression);
    }
    return undefined;
  }

  /** The parameter of the function around whose value, or a part of it, an expression gives. */
  #parameterOf(node: ts.Expression): number | undefined {
    const inner = withoutTypes(node);
    if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner))
      return this.#parameterOf(inner.expression);
    if (!ts.isIdentifier(inner)) return undefined;
    const local = this.#local(inner.text);
    return local !== undefined && local !== 'outside' && 'parameter' in local ? local.parameter : undefined;
  }

  #local(name: string): Local | 'outside' {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const scope = this.#scopes[i]!;
      if (scope.has(name)) return scope.get(name);
    }
    return 'outside';
  }

  /** Says what a local name stands for, where it is declared. */
  #name(name: string, local: Local): void {
    this.#scopes.findLast((scope) => scope.has(name))?.set(name, local);
  }

  #within(names: Iterable<string>, work: () => void): void {
    this.#withinLocals(new Map([...names].map((name) => [name, undefined])), work);
  }

  #withinLocals(locals: Map<string, Local>, work: () => void): void {
    this.#scopes.push(locals);
    work();
    this.#scopes.pop();
  }
}

/** Parameters as their function sees them: what is given to it, or parts of the object whose method calls it. */
function parameterLocals(node: FunctionNode, isNamed = true, root?: string): Map<string, Local> {
  const locals = new Map<string, Local>();
  for (const [parameter, { name }] of node.parameters.entries()) {
    const local: Local = root !== undefined ? { root } : isNamed ? { parameter } : undefined;
    forEachBoundName(name, ({ text }) => locals.set(text, local));
  }
  return locals;
}

function ownName(node: ts.ClassLikeDeclaration): string[] {
  return ts.isClassExpression(node) && node.name !== undefined ? [node.name.text] : [];
}

function isStatic(member: ts.PropertyDeclaration): boolean {
  return member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

function withoutTypes(node: ts.Expression): ts.Expression {
  const isWrapped =
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node);
  return isWrapped ? withoutTypes(node.expression) : node;
}

function withoutAwait(node: ts.Expression): ts.Expression {
  const inner = withoutTypes(node);
  return ts.isAwaitExpression(inner) ? withoutAwait(inner.expression) : inner;
}

/** What makes a value: the callee of a call, the class of `new`. */
function makerOf(node: ts.Expression): ts.Expression | undefined {
  const inner = withoutAwait(node);
  return ts.isCallExpression(inner) || ts.isNewExpression(inner) ? inner.expression : undefined;
}

function nameOf(callee: ts.Expression): string {
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
}

function isAssignmentOperator(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isCount(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return false;
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
}
