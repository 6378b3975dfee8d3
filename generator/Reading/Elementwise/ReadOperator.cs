using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>An operator and the problems with it. Unlike the operator, these belong to the compilation.</summary>
internal sealed record ReadOperator(DeclaredOperator Operator, ImmutableArray<Diagnostic> Problems);
