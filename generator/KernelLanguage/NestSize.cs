using System.Linq;

namespace Strata.Generator.KernelLanguage;

/// <summary>How much there is to a kernel: what is computed, and what is done with it.</summary>
internal static class NestSize
{
    /// <summary>Statements and expressions.</summary>
    public static int Of(Nest nest) => Of(nest.Body);

    private static int Of(Statement statement) => 1 + statement switch
    {
        Declare declare => declare.Bindings.Sum(b => b.Value is null ? 1 : 1 + Of(b.Value)),
        DeclareZeros zeros => zeros.Variables.Count,
        Assign assign => 1 + Of(assign.Value),
        Store store => Of(store.Target.Offset) + Of(store.Value),
        Point point => point.Bindings.Sum(b => 1 + Of(b.Target.Offset)),
        Table table => table.Values.Count,
        For loop => Of(loop.First) + Of(loop.End) + Of(loop.Body),
        Evaluate evaluate => Of(evaluate.Call),
        Return result => Of(result.Value),
        Group group => group.Statements.Sum(Of),
        Block block => block.Statements.Sum(Of),
        _ => 0,
    };

    private static int Of(Expression expression) => 1 + expression.Operands.Sum(Of);
}
