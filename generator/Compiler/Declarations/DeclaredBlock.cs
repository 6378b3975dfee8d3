namespace Strata.Compiler.Declarations;

/// <summary>A block as it is declared to other projects.</summary>
/// <param name="Block">Its layers, whose arguments are expressions of its constants.</param>
/// <param name="Defaults">The parameters whose defaults are expressions of the constants.</param>
internal sealed record DeclaredBlock(BlockDeclaration Block, EquatableArray<ParameterDefault> Defaults);
