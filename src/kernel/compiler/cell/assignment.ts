/** Declarations rewritten as assignments: destructuring patterns as assignment targets, functions with their names. */
import { ts } from '../typescript/typescript.ts';

const { factory } = ts;

type Place = (name: ts.Identifier) => ts.Expression;
type Visit = (node: ts.Expression) => ts.Expression;

/** `{ a, b: [c = 1], ...rest }` → `{ a: $cell.a, b: [$cell.c = 1], ...$cell.rest }`, with `place` naming the places. */
export function assignmentTarget(name: ts.BindingName, place: Place, visit: Visit): ts.Expression {
  if (ts.isIdentifier(name)) return place(name);
  if (ts.isArrayBindingPattern(name)) {
    const elements = name.elements.map((element) => {
      if (ts.isOmittedExpression(element)) return element;
      const target = elementTarget(element, place, visit);
      return element.dotDotDotToken === undefined ? target : factory.createSpreadElement(target);
    });
    return factory.createArrayLiteralExpression(elements);
  }
  return factory.createObjectLiteralExpression(
    name.elements.map((element) => {
      const target = elementTarget(element, place, visit);
      if (element.dotDotDotToken !== undefined) return factory.createSpreadAssignment(target);
      return factory.createPropertyAssignment(propertyKey(element, visit), target);
    }),
  );
}

function elementTarget(element: ts.BindingElement, place: Place, visit: Visit): ts.Expression {
  const target = assignmentTarget(element.name, place, visit);
  if (element.initializer === undefined) return target;
  return factory.createAssignment(target, namedValue(element.name, visit(element.initializer)));
}

function propertyKey(element: ts.BindingElement, visit: Visit): ts.PropertyName {
  const key = element.propertyName ?? (element.name as ts.Identifier);
  if (ts.isComputedPropertyName(key)) return factory.createComputedPropertyName(visit(key.expression));
  return ts.isIdentifier(key) ? factory.createIdentifier(key.text) : key;
}

/** A function or class without a name takes that of its variable, which an assignment to a property does not give it. */
export function namedValue(name: ts.BindingName, value: ts.Expression): ts.Expression {
  if (!ts.isIdentifier(name) || !isAnonymous(value)) return value;
  const holder = factory.createObjectLiteralExpression([factory.createPropertyAssignment(name.text, value)]);
  return factory.createPropertyAccessExpression(holder, name.text);
}

function isAnonymous(value: ts.Expression): boolean {
  const inner = ts.skipPartiallyEmittedExpressions(value);
  if (ts.isArrowFunction(inner)) return true;
  return (ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && inner.name === undefined;
}
