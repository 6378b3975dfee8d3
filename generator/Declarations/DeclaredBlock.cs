namespace Strata.Generator.Declarations;

/// <summary>What projects that use a block of this assembly need to know of it.</summary>
/// <param name="Block">Its layers, with expressions of its constants.</param>
/// <param name="Defaults">Parameters whose default is computed from the constants.</param>
internal sealed record DeclaredBlock(BlockDeclaration Block, EquatableArray<ParameterDefault> Defaults)
{
    /// <summary>The default of a parameter; null if it is a plain value.</summary>
    /// <param name="constructor">Its constructor, see <see cref="ParameterDefault.Constructor"/>.</param>
    public ConstantExpression? Default(string constructor, string parameter)
    {
        foreach (ParameterDefault candidate in Defaults)
        {
            if (candidate.Constructor == constructor && candidate.Parameter == parameter)
            {
                return candidate.Value;
            }
        }

        return null;
    }
}

/// <param name="Constructor">The types of its parameters: <c>System.Int32,System.Double</c>.</param>
internal sealed record ParameterDefault(string Constructor, string Parameter, ConstantExpression Value);
