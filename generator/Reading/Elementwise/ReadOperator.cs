using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>An operator and the problems with it. Unlike the operator, these belong to the compilation.</summary>
/// <param name="Files">The files with attributes or bodies that were read.</param>
internal sealed record ReadOperator(
    DeclaredOperator Operator, ImmutableArray<Diagnostic> Problems, IReadOnlyCollection<SyntaxTree> Files);
