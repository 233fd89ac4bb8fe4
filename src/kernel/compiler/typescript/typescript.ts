/**
 * TypeScript, loaded by `require` and from V8's code cache: as an ES module, its 9 MB would first be searched for the
 * names they export, and then be compiled anew at each start.
 */
import type typescript from 'typescript';
import { loadCached } from './code-cache.ts';

const loaded = loadCached<typeof typescript>('typescript');

/** The compiler. */
export const ts = loaded.exports;

/** Keeps the compiled code for the next start; best called when the usual work has been done once. */
export const keepCompiledCode = loaded.keep;

/** The types that this kernel uses, under the same name as the values. */
export declare namespace ts {
  type BinaryExpression = typescript.BinaryExpression;
  type BindingElement = typescript.BindingElement;
  type BindingName = typescript.BindingName;
  type BindingPattern = typescript.BindingPattern;
  type Block = typescript.Block;
  type CallExpression = typescript.CallExpression;
  type ClassDeclaration = typescript.ClassDeclaration;
  type ClassLikeDeclaration = typescript.ClassLikeDeclaration;
  type ClassStaticBlockDeclaration = typescript.ClassStaticBlockDeclaration;
  type CompilerHost = typescript.CompilerHost;
  type CompilerOptions = typescript.CompilerOptions;
  type Diagnostic = typescript.Diagnostic;
  type DiagnosticCategory = typescript.DiagnosticCategory;
  type DiagnosticWithLocation = typescript.DiagnosticWithLocation;
  type DocumentRegistry = typescript.DocumentRegistry;
  type ElementAccessExpression = typescript.ElementAccessExpression;
  type EmitFlags = typescript.EmitFlags;
  type EnumDeclaration = typescript.EnumDeclaration;
  type ExportAssignment = typescript.ExportAssignment;
  type ExportDeclaration = typescript.ExportDeclaration;
  type Expression = typescript.Expression;
  type Extension = typescript.Extension;
  type FileReference = typescript.FileReference;
  type ForInStatement = typescript.ForInStatement;
  type ForOfStatement = typescript.ForOfStatement;
  type ForStatement = typescript.ForStatement;
  type FunctionDeclaration = typescript.FunctionDeclaration;
  type FunctionLikeDeclaration = typescript.FunctionLikeDeclaration;
  type IScriptSnapshot = typescript.IScriptSnapshot;
  type Identifier = typescript.Identifier;
  type ImportDeclaration = typescript.ImportDeclaration;
  type ImportEqualsDeclaration = typescript.ImportEqualsDeclaration;
  type InterfaceDeclaration = typescript.InterfaceDeclaration;
  type JSDocTagInfo = typescript.JSDocTagInfo;
  type LabeledStatement = typescript.LabeledStatement;
  type LanguageService = typescript.LanguageService;
  type LanguageServiceHost = typescript.LanguageServiceHost;
  type MetaProperty = typescript.MetaProperty;
  type ModuleDeclaration = typescript.ModuleDeclaration;
  type ModuleDetectionKind = typescript.ModuleDetectionKind;
  type ModuleKind = typescript.ModuleKind;
  type ModuleResolutionCache = typescript.ModuleResolutionCache;
  type ModuleResolutionKind = typescript.ModuleResolutionKind;
  type NamedExportBindings = typescript.NamedExportBindings;
  type NamedImportBindings = typescript.NamedImportBindings;
  type NewExpression = typescript.NewExpression;
  type Node = typescript.Node;
  type NodeFlags = typescript.NodeFlags;
  type ObjectLiteralElementLike = typescript.ObjectLiteralElementLike;
  type ParameterDeclaration = typescript.ParameterDeclaration;
  type Path = typescript.Path;
  type PostfixUnaryExpression = typescript.PostfixUnaryExpression;
  type PrefixUnaryExpression = typescript.PrefixUnaryExpression;
  type Program = typescript.Program;
  type PropertyAccessExpression = typescript.PropertyAccessExpression;
  type PropertyAssignment = typescript.PropertyAssignment;
  type PropertyDeclaration = typescript.PropertyDeclaration;
  type PropertyName = typescript.PropertyName;
  type QuickInfo = typescript.QuickInfo;
  type ResolutionMode = typescript.ResolutionMode;
  type ResolvedModuleFull = typescript.ResolvedModuleFull;
  type ResolvedModuleWithFailedLookupLocations = typescript.ResolvedModuleWithFailedLookupLocations;
  type ResolvedProjectReference = typescript.ResolvedProjectReference;
  type ScriptTarget = typescript.ScriptTarget;
  type ShorthandPropertyAssignment = typescript.ShorthandPropertyAssignment;
  type SourceFile = typescript.SourceFile;
  type Statement = typescript.Statement;
  type StringLiteral = typescript.StringLiteral;
  type StringLiteralLike = typescript.StringLiteralLike;
  type SymbolDisplayPart = typescript.SymbolDisplayPart;
  type SyntaxKind = typescript.SyntaxKind;
  type TaggedTemplateExpression = typescript.TaggedTemplateExpression;
  type TemplateLiteral = typescript.TemplateLiteral;
  type TransformationContext = typescript.TransformationContext;
  type TransformerFactory<T extends typescript.Node> = typescript.TransformerFactory<T>;
  type TypeAliasDeclaration = typescript.TypeAliasDeclaration;
  type TypeChecker = typescript.TypeChecker;
  type TypeOfExpression = typescript.TypeOfExpression;
  type UserPreferences = typescript.UserPreferences;
  type VariableDeclaration = typescript.VariableDeclaration;
  type VariableDeclarationList = typescript.VariableDeclarationList;
  type VariableStatement = typescript.VariableStatement;
}
