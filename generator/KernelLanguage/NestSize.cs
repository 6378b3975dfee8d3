using System.Linq;

namespace Strata.Generator.KernelLanguage;

/// <summary>How much there is to a kernel: what is computed, and what is done with it.</summary>
internal static class NestSize
{
    /// <summary>Statements and expressions.</summary>
    public static int Of(Statement statement) => 1 + statement switch
    {
        Declare declare => declare.Bindings.Sum(b => b.Value is null ? 1 : 1 + b.Value.Size),
        DeclareZeros zeros => zeros.Variables.Count,
        Assign assign => 1 + assign.Value.Size,
        Store store => store.Target.Offset.Size + store.Value.Size,
        Point point => point.Bindings.Sum(b => 1 + b.Target.Offset.Size),
        Table table => table.Values.Count,
        For loop => loop.First.Size + loop.End.Size + Of(loop.Body),
        Evaluate evaluate => evaluate.Call.Size,
        Return result => result.Value.Size,
        Group group => group.Statements.Sum(Of),
        Block block => block.Statements.Sum(Of),
        _ => 0,
    };
}
