namespace Strata.Generator.Declarations;

/// <summary>A block as it is declared to other projects.</summary>
/// <param name="Block">Its layers, whose arguments are expressions of its constants.</param>
/// <param name="Defaults">The parameters whose defaults are expressions of the constants.</param>
internal sealed record DeclaredBlock(BlockDeclaration Block, EquatableArray<ParameterDefault> Defaults)
{
    /// <summary>The expression of a parameter's default; null if the default is a plain value.</summary>
    /// <param name="constructor">The parameter's constructor, see <see cref="ParameterDefault.Constructor"/>.</param>
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

/// <param name="Constructor">The types of the constructor's parameters: <c>System.Int32,System.Double</c>.</param>
internal sealed record ParameterDefault(string Constructor, string Parameter, ConstantExpression Value);
